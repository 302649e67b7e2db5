/* POST /v1/subscriptions/{subscription}/...: another price, quantity or card, what a chargeback does, a pause, the end.
 */
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
#include "shared/text/shape.h"

/* What is done under the request's key: once, and told again to whoever asks again. */
struct changing {
    const struct subscription_find_row *subscription;
    err (*make)(struct task *t, const struct changing *c);
    struct subscription_change change;
    const struct saved_card_find_row *card;
    bool at_period_end, refunds;
    instant cancel_at;
    str on_dispute;
};

/* Answers with the object as it is then. */
static err changing_effect(struct task *t, void *context, struct answer *ret)
{
    const struct changing *c = context;
    const struct subscription_find_row *after;
    TRY(c->make(t, c));
    TRY(subscription_any(t, c->subscription->subscription_id, &after));
    if (!after)
        return FAIL(t, NOT_FOUND, "the subscription is gone");
    *ret = (struct answer){ .status = 200, .body = subscription_document(t, after) };
    return OK;
}

static err changing_run(struct task *t, struct changing *c, const struct once *once, struct response *rs)
{
    const struct subscription_find_row *s = c->subscription;
    struct answer answer;
    str op = random_id(t->arena, "chg_"); /* a subscription is changed under many keys, and each has its own */
    TRY(once_run(t, s->partner_id, once, op, changing_effect, c, &answer));
    clock_wake(t, "subscriptions.run"); /* what was woken inside of the transaction has seen nothing yet */
    answer_send(rs, &answer);
    return OK;
}

/* *said: the key has its answer, which is sent; what was planned anew would be judged by what came of it. */
static err changing_begin(struct task *t, const struct request *rq, struct response *rs, struct changing *c,
                          struct once *once, bool *said)
{
    struct answer answer;
    TRY(subscription_load(t, rq, &c->subscription));
    TRY(once_of(t, rq, false, once));
    TRY(once_stored(t, c->subscription->partner_id, once, said, &answer));
    if (*said)
        answer_send(rs, &answer);
    return OK;
}

static err step(struct task *t, const struct request *rq, struct response *rs, struct changing c)
{
    struct once once;
    bool said;
    TRY(changing_begin(t, rq, rs, &c, &once, &said));
    return said ? OK : changing_run(t, &c, &once, rs);
}

struct change_in {
    str price, at;
    int64_t quantity;
    bool preview;
};

static const struct param change_params[] = {
    P_STR(struct change_in, price, .need = OPTIONAL, .set = ID, .max = 40),
    P_I64(struct change_in, quantity, .need = OPTIONAL, .low = 1, .high = 1000000),
    P_STR(struct change_in, at, .need = OPTIONAL, .set = TOKEN, .max = 40),
    P_BOOL(struct change_in, preview, .need = OPTIONAL),
};

#define PREVIEW_LIFE HOURS(1)

/* A preview says the moment that it is of; whoever brings it back within the hour is charged what he was shown. */
static err at_read(struct task *t, str text, instant *ret)
{
    *ret = instant_of_seconds(instant_seconds(t->now));
    if (!str_given(text))
        return OK;
    if (!instant_parse(text, ret) || instant_before(t->now, *ret) ||
        instant_before(*ret, (instant){ t->now.us - PREVIEW_LIFE.us }))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("at"), STR("must be the moment of a preview, at most an hour ago"));
    return OK;
}

SHAPE(subscription_preview, "SubscriptionPreview",
      "object: 'subscription_preview', at: time, unused: integer, rest: integer, amount_due: integer, balance: integer")

static void preview_write(struct json *j, const struct subscription_change *c)
{
    json_str(j, "object", STR("subscription_preview"));
    json_time(j, "at", c->at);
    json_i64(j, "unused", -c->lines.credit_minor);
    json_i64(j, "rest", c->lines.charge_minor);
    json_i64(j, "amount_due", c->sum.due_minor);
    json_i64(j, "balance", c->sum.balance_minor);
}

static err change_make(struct task *t, const struct changing *c)
{
    return subscription_change_make(t, c->subscription, &c->change);
}

static err change_plan(struct task *t, const struct request *rq, struct changing *c)
{
    const struct change_in *in = rq->in;
    const struct subscription_find_row *s = c->subscription;
    if (!str_given(in->price) && !in->quantity)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("price"), STR("a change names another price or quantity"));
    c->change.quantity = in->quantity ? in->quantity : s->quantity;
    TRY(at_read(t, in->at, &c->change.at));
    if (str_given(in->price))
        TRY(subscription_price(t, caller_of(rq), in->price, &c->change.price));
    else
        TRY(price_find(t, s->partner_id, s->price_id, STR_NONE, &c->change.price));
    if (!c->change.price)
        return FAIL(t, INTERNAL, "a subscription without its price");
    return subscription_change_plan(t, s, &c->change);
}

static err change(struct task *t, const struct request *rq, struct response *rs)
{
    const struct change_in *in = rq->in;
    struct changing c = { .make = change_make };
    struct once once;
    bool said;
    TRY(changing_begin(t, rq, rs, &c, &once, &said));
    if (said)
        return OK;
    TRY(change_plan(t, rq, &c));
    if (!in->preview)
        return changing_run(t, &c, &once, rs);
    preview_write(reply_json(rs, 200), &c.change);
    return OK;
}

struct card_in {
    str saved_card;
};
static const struct param card_params[] = {
    P_STR(struct card_in, saved_card, .need = REQUIRED, .set = ID, .max = 40),
};

static err card_make(struct task *t, const struct changing *c)
{
    return subscription_card_set(t, c->subscription, c->card);
}

static err card_change(struct task *t, const struct request *rq, struct response *rs)
{
    const struct card_in *in = rq->in;
    struct changing c = { .make = card_make };
    struct once once;
    bool said;
    TRY(changing_begin(t, rq, rs, &c, &once, &said));
    if (said)
        return OK;
    TRY(subscription_card_of(t, caller_of(rq), in->saved_card, c.subscription->store_id, &c.card));
    return changing_run(t, &c, &once, rs);
}

struct on_dispute_in {
    str on_dispute;
};
static const struct param on_dispute_params[] = {
    P_STR(struct on_dispute_in, on_dispute, .need = REQUIRED, .set = ID, .max = 10,
          .words = "continue pause cancel default"),
};

static err on_dispute_make(struct task *t, const struct changing *c)
{
    return subscription_on_dispute_change(t, c->subscription, c->on_dispute);
}

static err on_dispute_change(struct task *t, const struct request *rq, struct response *rs)
{
    const struct on_dispute_in *in = rq->in;
    struct changing c = { .make = on_dispute_make, .on_dispute = in->on_dispute };
    bool is_default;
    TRY(on_dispute_or_default(t, &c.on_dispute, &is_default));
    return step(t, rq, rs, c);
}

struct cancel_in {
    str unused, cancel_at;
    bool at_period_end;
};
static const struct param cancel_params[] = {
    P_BOOL(struct cancel_in, at_period_end, .need = OPTIONAL),
    P_STR(struct cancel_in, cancel_at, .need = OPTIONAL, .set = TOKEN, .max = 40),
    P_STR(struct cancel_in, unused, .need = OPTIONAL, .set = ID, .max = 10, .words = "none refund"),
};

static err cancel_make(struct task *t, const struct changing *c)
{
    return subscription_cancel(t, c->subscription, c->at_period_end, c->refunds);
}

static err cancel_at_make(struct task *t, const struct changing *c)
{
    return subscription_cancel_at(t, c->subscription, c->cancel_at, c->refunds);
}

static err cancel_at_read(struct task *t, const struct cancel_in *in, struct changing *c)
{
    c->make = cancel_at_make;
    if (in->at_period_end)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("cancel_at"), STR("not with at_period_end"));
    if (!instant_parse(in->cancel_at, &c->cancel_at))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("cancel_at"), STR("must be a time such as 2027-01-15T09:00:00Z"));
    c->cancel_at = instant_of_seconds(instant_seconds(c->cancel_at));
    return OK;
}

static err cancel(struct task *t, const struct request *rq, struct response *rs)
{
    const struct cancel_in *in = rq->in;
    bool refunds = str_eq(in->unused, STR("refund"));
    if (str_given(in->unused) && !refunds && !str_eq(in->unused, STR("none")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("unused"), STR("must be none or refund"));
    if (refunds && in->at_period_end)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("unused"), STR("refund: not when it ends with its period"));
    struct changing c = { .make = cancel_make, .at_period_end = in->at_period_end, .refunds = refunds };
    if (str_given(in->cancel_at))
        TRY(cancel_at_read(t, in, &c));
    return step(t, rq, rs, c);
}

static err pause_make(struct task *t, const struct changing *c)
{
    return subscription_pause(t, c->subscription);
}

static err pause_it(struct task *t, const struct request *rq, struct response *rs)
{
    return step(t, rq, rs, (struct changing){ .make = pause_make });
}

static err resume_make(struct task *t, const struct changing *c)
{
    return subscription_resume(t, c->subscription);
}

static err resume_it(struct task *t, const struct request *rq, struct response *rs)
{
    return step(t, rq, rs, (struct changing){ .make = resume_make });
}

#define CHANGE_ROUTE                                                                                                   \
    .method = POST, .guard = &GUARD_PAYMENTS, .run = RUN_WORKER, .errors = ERRORS_PROBLEM, .no_store = true,           \
    .needs_key = true
const struct route subscription_change_route = { CHANGE_ROUTE,
                                                 .path = "/v1/subscriptions/{subscription}/change",
                                                 .body = BODY_JSON,
                                                 INPUT(struct change_in, change_params),
                                                 .handle = change,
                                                 .answer = "Subscription | SubscriptionPreview",
                                                 .summary =
                                                     "Another price or quantity from now on, or what it would cost" };
const struct route subscription_card_route = { CHANGE_ROUTE,
                                               .path = "/v1/subscriptions/{subscription}/card",
                                               .body = BODY_JSON,
                                               INPUT(struct card_in, card_params),
                                               .handle = card_change,
                                               .answer = "Subscription",
                                               .summary = "Charge another saved card; what is open is tried at once" };
const struct route subscription_on_dispute_route = { CHANGE_ROUTE,
                                                     .path = "/v1/subscriptions/{subscription}/on_dispute",
                                                     .body = BODY_JSON,
                                                     INPUT(struct on_dispute_in, on_dispute_params),
                                                     .handle = on_dispute_change,
                                                     .answer = "Subscription",
                                                     .summary = "Say what a chargeback does to it from now on" };
const struct route subscription_cancel_route = { CHANGE_ROUTE,
                                                 .path = "/v1/subscriptions/{subscription}/cancel",
                                                 .body = BODY_JSON,
                                                 INPUT(struct cancel_in, cancel_params),
                                                 .handle = cancel,
                                                 .answer = "Subscription",
                                                 .summary = "End a subscription: now, with its period or at a moment" };
const struct route subscription_pause_route = { CHANGE_ROUTE,
                                                .path = "/v1/subscriptions/{subscription}/pause",
                                                .body = BODY_NONE,
                                                .handle = pause_it,
                                                .answer = "Subscription",
                                                .summary = "Begin no further period until it is resumed" };
const struct route subscription_resume_route = { CHANGE_ROUTE,
                                                 .path = "/v1/subscriptions/{subscription}/resume",
                                                 .body = BODY_NONE,
                                                 .handle = resume_it,
                                                 .answer = "Subscription",
                                                 .summary = "Go on with a paused subscription" };
