/* /v1/subscriptions: making and reading them, and their invoices. What changes one is in subscription_changes.c. */
#include "paysrv/flow/subscription/subscription.h"

#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/stores/store_state.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/store/price.sql.h"
#include "paysrv/store/saved_card.sql.h"
#include "paysrv/store/subscription.sql.h"
#include "paysrv/subscription_request.h"

#define TRIAL_MAX DAYS(730)
#define BACK_MAX DAYS(366)

/* ---- making ---- */

struct make_in {
    str price, saved_card, payment, external_id, zone, starts_at, ends_at, when_unpaid, on_dispute;
    int64_t quantity, periods;
};

static const struct param make_params[] = {
    P_STR(struct make_in, price, .need = REQUIRED, .set = ID, .max = 40),
    P_STR(struct make_in, saved_card, .need = REQUIRED, .set = ID, .max = 40),
    P_STR(struct make_in, payment, .need = OPTIONAL, .set = ID, .max = 40),
    P_STR(struct make_in, external_id, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 200),
    P_STR(struct make_in, zone, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 64),
    P_STR(struct make_in, starts_at, .need = OPTIONAL, .set = TOKEN, .max = 40),
    P_STR(struct make_in, ends_at, .need = OPTIONAL, .set = TOKEN, .max = 40),
    P_STR(struct make_in, when_unpaid, .need = OPTIONAL, .set = ID, .max = 10, .words = "cancel keep"),
    P_STR(struct make_in, on_dispute, .need = OPTIONAL, .set = ID, .max = 10, .words = "continue pause cancel"),
    P_I64(struct make_in, quantity, .need = OPTIONAL, .low = 1, .high = 1000000, .fallback = 1),
    P_I64(struct make_in, periods, .need = OPTIONAL, .low = 1, .high = 10000),
};

/* The payment that the card was kept with: paid, whole, and what one period costs. */
static err payment_judge(struct task *t, const struct make_in *in, struct subscription_order *o)
{
    const struct payment_find_row *p;
    if (!str_given(in->payment))
        return OK;
    TRY(payment_any(t, (payment_id){ in->payment }, &p));
    if (!p || !str_eq(in->payment, o->card->payment_id.v) || !p->succeeded_at_given || p->captured_given ||
        p->refunded + p->refunding + p->disputed > 0 ||
        instant_before(p->succeeded_at, (instant){ t->now.us - BACK_MAX.us }))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("payment"),
                          STR("must be the payment in one step, of the last year, that the card was kept with, and all "
                              "of it still there"));
    if (p->amount / o->quantity != o->price->amount || p->amount % o->quantity != 0)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("payment"), STR("must be of what one period costs"));
    if (str_given(in->starts_at))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("starts_at"), STR("is when the payment was made"));
    o->payment = p;
    o->starts_at = p->succeeded_at;
    return OK;
}

static err times_judge(struct task *t, const struct make_in *in, struct subscription_order *o, instant *ends_at)
{
    o->starts_at = instant_of_seconds(instant_seconds(t->now));
    if (str_given(in->starts_at) && (!instant_parse(in->starts_at, &o->starts_at) ||
                                     instant_before(o->starts_at, (instant){ t->now.us - BACK_MAX.us }) ||
                                     instant_before(instant_add(t->now, TRIAL_MAX), o->starts_at)))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("starts_at"),
                          STR("must be a time such as 2026-12-01T09:00:00Z, at most a year ago and in two years"));
    if (!str_given(in->ends_at))
        return OK;
    if (!instant_parse(in->ends_at, ends_at) || !instant_before(o->starts_at, *ends_at))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("ends_at"),
                          STR("must be a time such as 2027-12-01T09:00:00Z, after the beginning"));
    o->ends_at = ends_at;
    return OK;
}

static err when_unpaid_read(struct task *t, str text, bool *keep)
{
    *keep = str_eq(text, STR("keep"));
    if (str_given(text) && !*keep && !str_eq(text, STR("cancel")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("when_unpaid"), STR("must be cancel or keep"));
    return OK;
}

static err make_new(struct task *t, const struct request *rq, const struct once *once, struct answer *ret)
{
    const struct make_in *in = rq->in;
    const struct caller *caller = caller_of(rq);
    struct subscription_order o = { .quantity = in->quantity,
                                    .external_id = in->external_id,
                                    .zone = str_given(in->zone) ? in->zone : STR("UTC"),
                                    .periods = in->periods ? &in->periods : NULL,
                                    .on_dispute = in->on_dispute };
    instant ends_at;
    TRY(subscription_price(t, caller, in->price, &o.price));
    TRY(subscription_card_of(t, caller, in->saved_card, o.price->store_id, &o.card));
    TRY(when_unpaid_read(t, in->when_unpaid, &o.keep_unpaid));
    TRY(on_dispute_judge(t, in->on_dispute));
    TRY(times_judge(t, in, &o, &ends_at));
    TRY(payment_judge(t, in, &o));
    TRY(store_sells_now(t, o.price->store_id, false));
    return subscription_make(t, &o, once, ret);
}

/* Who did not get the answer is told again what was made, whatever has become of price, card and store since. */
static err make(struct task *t, const struct request *rq, struct response *rs)
{
    struct once once;
    struct answer answer;
    bool said;
    TRY(once_of(t, rq, true, &once)); /* it charges the card */
    TRY(once_stored(t, caller_of(rq)->partner, &once, &said, &answer));
    if (!said)
        TRY(make_new(t, rq, &once, &answer));
    answer_send(rs, &answer);
    return OK;
}

/* ---- reading ---- */

static err read_one(struct task *t, const struct request *rq, struct response *rs)
{
    const struct subscription_find_row *s;
    TRY(subscription_load(t, rq, &s));
    subscription_write(reply_json(rs, 200), s);
    return OK;
}

struct list_in {
    str store, buyer, status, external_id;
    PAGE_FIELDS
};

static const struct param list_params[] = {
    P_STR(struct list_in, store, .need = OPTIONAL, .set = ID, .max = 40),
    P_STR(struct list_in, buyer, .need = OPTIONAL, .set = TOKEN, .max = 200),
    P_STR(struct list_in, status, .need = OPTIONAL, .set = ID, .max = 20, .words = SUBSCRIPTION_STATUSES(STR_LISTED)),
    P_STR(struct list_in, external_id, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 200),
    PAGE_PARAMS(struct list_in),
};

static err list(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    const struct caller *caller = caller_of(rq);
    enum subscription_status status;
    const struct subscription_find_row *rows;
    size_t limit = page_limit(in->limit), n;
    str before;
    if (str_given(in->status) && !subscription_status_parse(in->status, &status))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("status"),
                          STR("must be one of:" SUBSCRIPTION_STATUSES(STR_LISTED)));
    TRY(cursor_read(t, "subscriptions", caller->partner, in->cursor, &before));
    const struct subscription_list_args args = { .partner = caller->partner,
                                                 .store = in->store,
                                                 .buyer = in->buyer,
                                                 .status = in->status,
                                                 .external_id = in->external_id,
                                                 .before = before,
                                                 .subject = caller->subject,
                                                 .most = (int64_t)limit + 1 };
    TRY(subscription_list(t, &args, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++) {
        json_object(j, NULL);
        subscription_write(j, &rows[i]);
        json_close(j);
    }
    page_end(t, j, "subscriptions", caller->partner, n > limit, shown ? rows[shown - 1].subscription_id.v : STR_NONE);
    return OK;
}

#define SUBSCRIPTION_ROUTE .guard = &GUARD_PAYMENTS, .run = RUN_WORKER, .errors = ERRORS_PROBLEM, .no_store = true
const struct route subscription_create_route = { SUBSCRIPTION_ROUTE,
                                                 .method = POST,
                                                 .path = "/v1/subscriptions",
                                                 .body = BODY_JSON,
                                                 INPUT(struct make_in, make_params),
                                                 .needs_key = true,
                                                 .handle = make,
                                                 .answer = "Subscription",
                                                 .done = "201",
                                                 .summary = "Subscribe a buyer, on a card that the store keeps" };
const struct route subscription_read_route = { SUBSCRIPTION_ROUTE,
                                               .method = GET,
                                               .path = "/v1/subscriptions/{subscription}",
                                               .body = BODY_NONE,
                                               .handle = read_one,
                                               .answer = "Subscription",
                                               .summary = "Read a subscription" };
const struct route subscription_page_route = { SUBSCRIPTION_ROUTE,
                                               .method = GET,
                                               .path = "/v1/subscriptions",
                                               .body = BODY_NONE,
                                               INPUT(struct list_in, list_params),
                                               .handle = list,
                                               .answer = "Page<Subscription>",
                                               .summary = "List subscriptions, newest first" };
