/* POST /v1/stores/{store}/twin: the same store in its partner's sandbox, made when it is not there. */
#include "paysrv/domain/stores/split.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/party/party_object.h"
#include "paysrv/flow/stores/split.h"
#include "paysrv/flow/stores/store_open.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/split.sql.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/store/store_connection.sql.h"
#include "paysrv/store_request.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"

struct twin {
    partner_id live, sandbox;
    const struct store_find_row *of;
    store_id id;
};

static bool names_users(const struct split_profile *profile)
{
    for (size_t i = 0; i < profile->n; i++)
        if (profile->rules[i].party == SPLIT_USER)
            return true;
    return false;
}

/* The rules of the live store's profile, as the sandbox's; with users of the live partner's in them: its basis points.
 */
static err profile_copy(struct task *t, const struct twin *w, str *ret)
{
    const struct split_profile_find_row *row;
    struct split_draft draft = { .param = "split_profile", .currency = w->of->currency, .first = SPLIT_RULES_MAX };
    *ret = STR_NONE;
    if (!str_given(w->of->split_profile_id))
        return OK;
    TRY(split_profile_find(t, w->live, w->of->split_profile_id, &row));
    if (!row)
        return FAIL(t, INTERNAL, "a store without its split profile");
    TRY(split_of_text(t, row->rules, &draft.profile));
    return names_users(&draft.profile) ? OK : split_keep(t, w->sandbox, &draft, ret);
}

static err tell(struct task *t, partner_id partner, store_id store, str type)
{
    const struct store_find_row *row;
    event_id event = { random_id(t->arena, "evt_") };
    int64_t n;
    TRY(store_find(t, partner, store, STR_NONE, &row));
    return row ? event_insert(t, event, partner, type, store.v, store_document(t, row), &n) : OK;
}

static err make(struct task *t, void *context)
{
    const struct twin *w = context;
    const struct twin_user_row *found;
    user_id owner = w->of->user_id; /* "": the partner itself, which the sandbox is too */
    str profile;
    int64_t n;
    TRY(clock_enter(t, w->sandbox));
    if (owner.v.n) {
        TRY(twin_user(t, w->sandbox, (user_id){ random_id(t->arena, "usr_") }, w->live, owner, &found));
        owner = found->user_id;
    }
    TRY(profile_copy(t, w, &profile));
    const struct store_insert_args args = {
        .partner = w->sandbox,
        .store = w->id,
        .user = owner,
        .name = w->of->name,
        .currency = w->of->currency,
        .url = w->of->url,
        .platform_bp = w->of->platform_bp,
        .partner_bp = w->of->partner_bp,
        .split_profile_id = profile,
    };
    TRY(store_make(t, &args));
    TRY(twin_follow(t, w->of->store_id, w->id, &n));
    TRY(accounts_open(t, owner, w->sandbox, w->of->currency, &n));
    TRY(tell(t, w->sandbox, w->id, STR("store.created")));
    TRY(clock_enter(t, w->live)); /* what the live partner is told happens at its own time */
    return tell(t, w->live, w->of->store_id, STR("store.updated"));
}

/* Made by two at once it is made once: the second has found neither the user nor the twin of the first, and looks
 * again. */
static err twin_of(struct task *t, struct twin *w, store_id *ret)
{
    const struct store_find_row *again;
    *ret = w->id;
    err e = db_tx(t, make, w);
    if (!err_is(e, &FAULT_STORE_STATE) && !err_is(e, &FAULT_NOT_FOUND))
        return e;
    TRY(store_find(t, w->live, w->of->store_id, STR_NONE, &again));
    if (!again || !str_given(again->twin)) {
        e = db_tx(t, make, w);
        return err_is(e, &FAULT_NOT_FOUND)
                   ? FAIL_PARAM(t, USER_STATE, STR("user"), STR("closed in the sandbox, where the twin would be his"))
                   : e;
    }
    *ret = (store_id){ again->twin };
    return OK;
}

static err store_twin(struct task *t, const struct request *rq, struct response *rs)
{
    const struct store_find_row *store, *made;
    const struct partner_find_row *partner;
    struct twin w = { .live = caller_of(rq)->partner, .id = { random_id(t->arena, "st_") } };
    TRY(store_load_of_partner(t, rq, &store));
    TRY(partner_find(t, w.live, &partner));
    if (!partner || !str_given(partner->sandbox))
        return FAIL(t, NO_SANDBOX, "no sandbox partner is linked to this one");
    w.sandbox = (partner_id){ partner->sandbox };
    w.of = store;
    store_id id = { store->twin };
    if (!str_given(store->twin))
        TRY(twin_of(t, &w, &id));
    TRY(clock_enter(t, w.sandbox));
    TRY(store_find(t, w.sandbox, id, STR_NONE, &made));
    if (!made)
        return FAIL(t, INTERNAL, "a twin that is not there");
    store_write(t, reply_json(rs, 200), made);
    return OK;
}

const struct route store_twin_route = {
    .method = POST,
    .path = "/v1/stores/{store}/twin",
    .guard = &GUARD_STORES,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .repeatable = true,
    .handle = store_twin,
    .answer = "Store",
    .summary = "The store's twin in the partner's sandbox, made when there is none",
};
