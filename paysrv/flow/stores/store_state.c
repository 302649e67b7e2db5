/* See store_state.h. */
#include "paysrv/flow/stores/store_state.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/party/party_object.h"
#include "paysrv/flow/stores/store_cache.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/store.sql.h"
#include "shared/ops/log.h"

static err refuse(struct task *t, enum store_status from, const char *why)
{
    return FAIL_PARAM(t, STORE_STATE, STR("store"),
                      arena_printf(t->arena, "it %.*s%s", STR_ARG(store_status_text(from)), why));
}

static err move_read(struct task *t, const struct store_change *c, struct store_move *ret)
{
    const struct partner_find_row *partner;
    *ret = (struct store_move){ .to = c->to, .by = c->by, .put_by = STORE_OWNER };
    TRY(partner_find(t, c->partner, &partner));
    if (!partner)
        return FAIL(t, NO_PARTNER, "the store's partner is not set up here");
    ret->is_reviewed = str_eq(partner->store_opening, STR("review"));
    if (str_given(c->row.status_by) && !store_actor_parse(c->row.status_by, &ret->put_by))
        return FAIL(t, INTERNAL, "a store of nobody that is known here");
    return store_status_parse(c->row.status, &ret->from) ? OK : FAIL(t, INTERNAL, "a store in an unknown state");
}

err store_change_judge(struct task *t, struct store_change *c)
{
    struct store_move move;
    TRY(move_read(t, c, &move));
    enum store_verdict verdict = store_move_judge(&move);
    if (verdict == STORE_TO_OPERATOR && move.from == STORE_DRAFT) {
        move.to = c->to = STORE_REVIEW;
        verdict = store_move_judge(&move);
    }
    switch (verdict) {
    case STORE_MOVES:
        return OK;
    case STORE_IS_THERE:
        return refuse(t, move.from, " already");
    case STORE_NO_WAY:
        return refuse(t, move.from, ", and this cannot be done from there");
    case STORE_OF_ANOTHER:
        return refuse(t, move.from, ", and only who has brought it there, or stands above him, may change it");
    case STORE_TO_OPERATOR:
        return refuse(t, move.from, ", and only the operator can let it sell");
    }
    return OK;
}

err store_change_effect(struct task *t, void *context, struct answer *ret)
{
    struct store_change *c = context;
    struct store_find_row after = c->row;
    int64_t n;
    after.status = store_status_name(c->to);
    after.status_by = store_actor_name(c->by);
    after.status_reason = c->reason;
    after.status_at = t->now;
    after.status_at_given = true;
    TRY(store_move(t, after.status, after.status_by, c->reason, c->row.status, after.store_id, c->by_name, &n));
    if (n == 0)
        return FAIL_PARAM(t, STORE_STATE, STR("store"), STR("it has changed meanwhile"));
    *ret = (struct answer){ .status = 200, .body = store_document(t, &after) };
    TRY(event_insert(t, c->event, c->partner, STR("store.updated"), after.store_id.v, ret->body, &n));
    log_info(t, "store.moved", L_STR("store", after.store_id.v), L_STR("from", c->row.status),
             L_STR("to", after.status), L_STR("by", c->by_name));
    return OK;
}

bool store_is_selling(str status)
{
    return str_eq(status, store_status_name(STORE_ACTIVE));
}

err store_sells(struct task *t, str status)
{
    enum store_status s;
    if (!store_status_parse(status, &s))
        return FAIL(t, INTERNAL, "a store in an unknown state");
    if (s == STORE_ACTIVE)
        return OK;
    return FAIL_PARAM(t, STORE_STATE, STR("store"),
                      arena_printf(t->arena, "it %.*s, and sells nothing", STR_ARG(store_status_text(s))));
}

err store_sells_now(struct task *t, store_id store, bool of_before)
{
    const struct store_any_row *row;
    TRY(store_any(t, store, &row));
    if (row && of_before && str_given(row->moved_to))
        return OK;
    return row ? store_sells(t, row->status) : FAIL(t, INTERNAL, "what is sold has no store");
}

void store_changed(struct task *t, partner_id partner, store_id store)
{
    store_cache_forget(t, ((const struct app *)t->app)->stores, partner, store);
}
