/*
 * The wallet's API for merchants: payments, their end for tests, refunds. One key makes one object; the journal has it
 * before the answer leaves, whatever then happens to the answer.
 */
#include "paysrv/sandbox/answer.h"
#include "paysrv/sandbox/sandbox.h"
#include "shared/crypto/crypto.h"
#include "shared/text/currency.h"

#define OPEN_FOR MINUTES(30)
#define AMOUNT_MOST 1000000

/* ---- payments ---- */

struct payment_in {
    int64_t amount;
    str currency, reference, return_url;
};
static const struct param payment_params[] = {
    P_I64(struct payment_in, amount, .need = REQUIRED, .low = 1, .high = AMOUNT_MOST),
    P_STR(struct payment_in, currency, .need = REQUIRED, .set = CURRENCY, .min = 3, .max = 3),
    P_STR(struct payment_in, reference, .need = REQUIRED, .set = LINE, .max = 200),
    P_STR(struct payment_in, return_url, .need = REQUIRED, .set = URI, .max = 2000),
};

static bool same_payment(const struct wallet_payment *p, const struct payment_in *in)
{
    return p->amount_minor == in->amount && str_eq(p->currency, in->currency) && str_eq(p->reference, in->reference) &&
           str_eq(p->return_url, in->return_url);
}

static err payment_execute(struct task *t, struct app *app, const struct payment_in *in, str key,
                           struct wallet_payment **ret)
{
    const struct wallet_payment p = { .id = random_id(t->arena, "wp_"),
                                      .key = key,
                                      .reference = in->reference,
                                      .currency = in->currency,
                                      .return_url = in->return_url,
                                      .amount_minor = in->amount,
                                      .status = WALLET_PENDING,
                                      .expires_at = instant_add(t->now, OPEN_FOR) };
    struct buf lines;
    buf_init(&lines, t->arena, 16384);
    wallet_payment_line(&lines, &p);
    TRY(journal_append(&app->journal, t, buf_str(&lines)));
    *ret = wallet_payment_enter(&app->wallet, &p);
    return OK;
}

static err payment_answer(struct task *t, struct app *app, const struct payment_in *in, str key, struct response *rs)
{
    enum call_fate fate = fault_draw_call(&app->faults);
    struct wallet_payment *p = table_get(&app->wallet.payment_keys, key);
    if (p && !same_payment(p, in))
        return FAIL(t, IDEMPOTENCY_MISMATCH, "another body than the first time");
    if (!p && call_is_executed(fate))
        TRY(payment_execute(t, app, in, key, &p));
    if (p)
        wallet_payment_write(reply_json(rs, 200), t->arena, p, t->now, app->config.public_url);
    answer_bend(t, rs, fate, fate == CALL_SLOW ? fault_draw_slow_ms(&app->faults) : 0);
    return OK;
}

static err payment_make(struct task *t, const struct request *rq, struct response *rs)
{
    const struct payment_in *in = rq->in;
    str key;
    TRY(idempotency_key(t, rq, &key));
    if (!currency_is_taken(in->currency))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("currency"), STR("is not a currency that is taken here"));
    struct app *app = sandbox_enter(t);
    err e = payment_answer(t, app, in, key, rs);
    sandbox_leave(app);
    return e;
}

struct find_in {
    str key;
};
static const struct param find_params[] = {
    P_STR(struct find_in, key, .need = REQUIRED, .set = TOKEN, .max = 255),
};

static err payment_by_key(struct task *t, const struct request *rq, struct response *rs)
{
    const struct find_in *in = rq->in;
    struct app *app = sandbox_enter(t);
    const struct wallet_payment *p = table_get(&app->wallet.payment_keys, in->key);
    struct json *j = reply_json(rs, 200);
    json_array(j, "data");
    if (p) {
        json_object(j, NULL);
        wallet_payment_write(j, t->arena, p, t->now, app->config.public_url);
        json_close(j);
    }
    json_close(j);
    sandbox_leave(app);
    return OK;
}

/* For tests: its time is over now. */
static err payment_expire(struct task *t, const struct request *rq, struct response *rs)
{
    struct app *app = sandbox_enter(t);
    struct wallet_payment *p = table_get(&app->wallet.payments, request_path_param(rq, "payment"));
    err e = p ? wallet_decide(t, app, p, NULL, STR("expired")) : FAIL(t, NOT_FOUND, "no such payment");
    if (!e)
        wallet_payment_write(reply_json(rs, 200), t->arena, p, t->now, app->config.public_url);
    sandbox_leave(app);
    return e;
}

/* ---- refunds ---- */

struct refund_in {
    str payment, reference;
    int64_t amount;
};
static const struct param refund_params[] = {
    P_STR(struct refund_in, payment, .need = REQUIRED, .set = ID, .max = 100),
    P_I64(struct refund_in, amount, .need = REQUIRED, .low = 1, .high = AMOUNT_MOST),
    P_STR(struct refund_in, reference, .need = REQUIRED, .set = LINE, .max = 200),
};

static bool same_refund(const struct wallet_refund *r, const struct refund_in *in)
{
    return str_eq(r->payment->id, in->payment) && r->amount_minor == in->amount && str_eq(r->reference, in->reference);
}

static err refund_execute(struct task *t, struct app *app, const struct refund_in *in, str key,
                          struct wallet_refund **ret)
{
    struct wallet_refund r = { .id = random_id(t->arena, "wr_"),
                               .key = key,
                               .reference = in->reference,
                               .payment = table_get(&app->wallet.payments, in->payment),
                               .amount_minor = in->amount,
                               .at = t->now };
    if (!r.payment)
        return FAIL_PARAM(t, NOT_FOUND, STR("payment"), STR("is not a payment of this merchant"));
    r.decline_code = wallet_refund_refused(r.payment, r.amount_minor, t->now);
    r.status = str_given(r.decline_code) ? WALLET_DECLINED : WALLET_SUCCEEDED;
    struct buf lines;
    buf_init(&lines, t->arena, 16384);
    wallet_refund_line(&lines, &r);
    struct notice notice = { .is_wallet = true };
    if (!r.payment->user || r.payment->user->does != WALLET_REFUNDS_UNKNOWN)
        notice_prepare(t, app, NULL, r.id, &notice, &lines);
    TRY(journal_append(&app->journal, t, buf_str(&lines)));
    *ret = wallet_refund_enter(&app->wallet, &r);
    notice.wallet_refund = *ret;
    notice_post(app, &notice);
    return OK;
}

static err refund_answer(struct task *t, struct app *app, const struct refund_in *in, str key, struct response *rs)
{
    enum call_fate fate = fault_draw_call(&app->faults);
    struct wallet_refund *r = table_get(&app->wallet.refund_keys, key);
    if (r && !same_refund(r, in))
        return FAIL(t, IDEMPOTENCY_MISMATCH, "another body than the first time");
    if (!r && call_is_executed(fate)) {
        TRY(refund_execute(t, app, in, key, &r));
        const struct wallet_user *user = r ? r->payment->user : NULL;
        if (user && user->does == WALLET_REFUNDS_UNKNOWN)
            fate = CALL_ERROR_AFTER;
    }
    if (r)
        wallet_refund_write(reply_json(rs, 200), r);
    answer_bend(t, rs, fate, fate == CALL_SLOW ? fault_draw_slow_ms(&app->faults) : 0);
    return OK;
}

static err refund_make(struct task *t, const struct request *rq, struct response *rs)
{
    str key;
    TRY(idempotency_key(t, rq, &key));
    struct app *app = sandbox_enter(t);
    err e = refund_answer(t, app, rq->in, key, rs);
    sandbox_leave(app);
    return e;
}

static err refund_by_key(struct task *t, const struct request *rq, struct response *rs)
{
    const struct find_in *in = rq->in;
    struct app *app = sandbox_enter(t);
    const struct wallet_refund *r = table_get(&app->wallet.refund_keys, in->key);
    struct json *j = reply_json(rs, 200);
    json_array(j, "data");
    if (r) {
        json_object(j, NULL);
        wallet_refund_write(j, r);
        json_close(j);
    }
    json_close(j);
    sandbox_leave(app);
    return OK;
}

#define WALLET_ROUTE(METHOD, PATH, HANDLE, SUMMARY, ...)                                                               \
    {                                                                                                                  \
        .guard = &GUARD_WALLET_MERCHANT, .run = RUN_INLINE, .errors = ERRORS_PROBLEM, .method = METHOD, .path = PATH,  \
        .handle = HANDLE, .summary = SUMMARY, __VA_ARGS__                                                              \
    }
const struct route wallet_payment_create_route =
    WALLET_ROUTE(POST, "/wallet/v1/payments", payment_make, "Asks a wallet user for money, once per Idempotency-Key.",
                 .body = BODY_JSON, INPUT(struct payment_in, payment_params));
const struct route wallet_payment_find_route =
    WALLET_ROUTE(GET, "/wallet/v1/payments", payment_by_key, "The payment of a key, or an empty list.",
                 .body = BODY_NONE, INPUT(struct find_in, find_params));
const struct route wallet_payment_expire_route =
    WALLET_ROUTE(POST, "/wallet/v1/payments/{payment}/expire", payment_expire, "Ends a payment that nobody approved.",
                 .body = BODY_NONE);
const struct route wallet_refund_create_route =
    WALLET_ROUTE(POST, "/wallet/v1/refunds", refund_make, "Refunds a payment, once per Idempotency-Key.",
                 .body = BODY_JSON, INPUT(struct refund_in, refund_params));
const struct route wallet_refund_find_route =
    WALLET_ROUTE(GET, "/wallet/v1/refunds", refund_by_key, "The refund of a key, or an empty list.", .body = BODY_NONE,
                 INPUT(struct find_in, find_params));
