/* Another price for subscriptions that are there: one of them, or all that are at a price. */
#include "paysrv/flow/subscription/price_change.h"

#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/subscription/subscription.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/price.sql.h"
#include "paysrv/store/subscription.sql.h"
#include "paysrv/subscription_request.h"
#include "shared/crypto/crypto.h"

#define AHEAD_MAX DAYS(730)

struct change_in {
    str to, effective_at, without_consent;
};

static const struct param change_params[] = {
    P_STR(struct change_in, to, .need = REQUIRED, .set = ID, .max = 40),
    P_STR(struct change_in, effective_at, .need = REQUIRED, .set = TOKEN, .max = 40),
    P_STR(struct change_in, without_consent, .need = REQUIRED, .set = ID, .max = 10, .words = "keep_old end"),
};

static err change_read(struct task *t, const struct request *rq, struct price_change *ret)
{
    const struct change_in *in = rq->in;
    TRY(price_find(t, caller_of(rq)->partner, (price_id){ in->to }, caller_of(rq)->subject, &ret->to));
    if (!ret->to)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("to"), STR("there is no such price"));
    if (!instant_parse(in->effective_at, &ret->effective_at) ||
        instant_before(ret->effective_at, instant_add(t->now, PRICE_NOTICE)) ||
        instant_before(instant_add(t->now, AHEAD_MAX), ret->effective_at))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("effective_at"),
                          STR("must be a time such as 2027-03-01T00:00:00Z, at least 14 days ahead, so that buyers are "
                              "told in time, and in two years"));
    if (!str_eq(in->without_consent, STR("keep_old")) && !str_eq(in->without_consent, STR("end")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("without_consent"), STR("must be keep_old or end"));
    ret->without_consent = in->without_consent;
    return OK;
}

static err migrate(struct task *t, const struct request *rq, struct response *rs)
{
    const struct caller *caller = caller_of(rq);
    const struct price_find_row *from;
    struct price_change change;
    struct answer answer;
    struct once once;
    bool said;
    TRY(price_find(t, caller->partner, (price_id){ request_path_param(rq, "price") }, caller->subject, &from));
    if (!from)
        return FAIL(t, NOT_FOUND, "no such price for this caller");
    TRY(once_of(t, rq, false, &once));
    TRY(once_stored(t, caller->partner, &once, &said, &answer)); /* the time that is enough ahead has come nearer */
    if (!said) {
        TRY(change_read(t, rq, &change));
        TRY(price_migration_make(t, from, &change, &once, &answer));
    }
    answer_send(rs, &answer);
    return OK;
}

struct announcing {
    const struct subscription_find_row *subscription;
    struct price_change change;
};

static err announce_effect(struct task *t, void *context, struct answer *ret)
{
    const struct announcing *a = context;
    const struct subscription_find_row *after;
    bool applied;
    TRY(price_change_announce(t, a->subscription, &a->change, &applied));
    if (!applied)
        return FAIL_PARAM(t, SUBSCRIPTION_STATE, STR("subscription"),
                          STR("has ended, or another price was announced to its buyer"));
    TRY(subscription_any(t, a->subscription->subscription_id, &after));
    if (!after)
        return FAIL(t, NOT_FOUND, "the subscription is gone");
    *ret = (struct answer){ .status = 200, .body = subscription_document(t, after) };
    return OK;
}

static err announce(struct task *t, const struct request *rq, struct response *rs)
{
    struct announcing a;
    struct answer answer;
    struct once once;
    bool said;
    TRY(subscription_load(t, rq, &a.subscription));
    TRY(once_of(t, rq, false, &once));
    TRY(once_stored(t, a.subscription->partner_id, &once, &said, &answer));
    if (!said) {
        TRY(change_read(t, rq, &a.change));
        str op = random_id(t->arena, "chg_"); /* a subscription is changed under many keys, and each has its own */
        TRY(once_run(t, a.subscription->partner_id, &once, op, announce_effect, &a, &answer));
    }
    answer_send(rs, &answer);
    return OK;
}

#define CHANGE_ROUTE                                                                                                   \
    .method = POST, .guard = &GUARD_PAYMENTS, .body = BODY_JSON, .run = RUN_WORKER, .errors = ERRORS_PROBLEM,          \
    .no_store = true, .needs_key = true, INPUT(struct change_in, change_params)
const struct route price_migrate_route = {
    CHANGE_ROUTE,      .path = "/v1/prices/{price}/migrate",
    .handle = migrate, .answer = "PriceMigration",
    .done = "202",     .summary = "Announce another price to all who subscribe at one"
};
const struct route subscription_price_route = { CHANGE_ROUTE, .path = "/v1/subscriptions/{subscription}/price",
                                                .handle = announce, .answer = "Subscription",
                                                .summary = "Announce another price to one subscription's buyer" };
