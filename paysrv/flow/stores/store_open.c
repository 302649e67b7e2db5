/* See store_open.h. */
#include "paysrv/flow/stores/store_open.h"

#include "paysrv/domain/stores/store.h"
#include "paysrv/faults.h"
#include "paysrv/flow/stores/store_state.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/store.sql.h"
#include "shared/crypto/crypto.h"

err store_make(struct task *t, const struct store_insert_args *args)
{
    int64_t made;
    TRY(store_insert(t, args, &made));
    return made == 1 ? OK : FAIL(t, UNAVAILABLE, "its owner or its split profile has gone since it was read");
}

static err waiting_store(struct task *t, const struct confirmation_of *of, const struct store_find_row **ret)
{
    TRY(store_find(t, of->partner, (store_id){ of->object }, STR_NONE, ret));
    if (!*ret || !str_eq((*ret)->status, store_status_name(STORE_PENDING_CONFIRMATION)))
        return FAIL(t, CONFIRMATION_STATE, "the store does not wait any more");
    return OK;
}

err store_lines(struct task *t, const struct confirmation_of *of, struct confirmation_lines *ret)
{
    const struct store_find_row *store;
    TRY(waiting_store(t, of, &store));
    confirmation_line_add(ret, "store", TEXT_MAIL_STORE, store->name, STR_NONE);
    confirmation_line_add(ret, "currency", TEXT_MAIL_STORE_CURRENCY, store->currency, STR_NONE);
    confirmation_line_add(ret, "url", TEXT_MAIL_STORE_URL, store->url, STR_NONE);
    return OK;
}

static err move(struct task *t, const struct confirmation_of *of, const struct store_find_row *store,
                enum store_status to, str reason)
{
    struct answer unused;
    struct store_change c = { .partner = of->partner,
                              .row = *store,
                              .to = to,
                              .by = STORE_OWNER,
                              .by_name = of->user.v,
                              .reason = reason,
                              .event = { random_id(t->arena, "evt_") } };
    return store_change_effect(t, &c, &unused);
}

err store_confirmed(struct task *t, const struct confirmation_of *of)
{
    const struct store_find_row *store;
    const struct partner_find_row *partner;
    enum store_status to;
    TRY(waiting_store(t, of, &store));
    TRY(partner_find(t, of->partner, &partner));
    if (!partner || !store_status_parse(partner->store_opening, &to))
        return FAIL(t, INTERNAL, "a store of a partner that is not set up here");
    return move(t, of, store, to, STR_NONE);
}

err store_dropped(struct task *t, const struct confirmation_of *of, str why)
{
    const struct store_find_row *store;
    TRY(store_find(t, of->partner, (store_id){ of->object }, STR_NONE, &store));
    if (!store || !str_eq(store->status, store_status_name(STORE_PENDING_CONFIRMATION)))
        return OK;
    return move(t, of, store, STORE_CLOSED, arena_printf(t->arena, "confirmation %.*s", STR_ARG(why)));
}
