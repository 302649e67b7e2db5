/* POST /v1/refunds, GET /v1/refunds?key=. Never more than the charge, over all its refunds. */
#include "paysrv/sandbox/answer.h"
#include "paysrv/sandbox/objects.h"
#include "paysrv/sandbox/sandbox.h"
#include "shared/crypto/crypto.h"

struct refund_in {
    str charge;
    int64_t amount;
    str reference;
};

static const struct param refund_params[] = {
    P_STR(struct refund_in, charge, .need = REQUIRED, .set = ID, .max = 100),
    P_I64(struct refund_in, amount, .need = REQUIRED, .low = 1, .high = INT64_C(999999999999)),
    P_STR(struct refund_in, reference, .need = REQUIRED, .set = LINE, .max = 200),
};

static bool same_refund(const struct refund *r, const struct refund_in *in)
{
    return str_eq(r->charge->id, in->charge) && r->amount_minor == in->amount && str_eq(r->reference, in->reference);
}

static void outcome_set(struct refund *r)
{
    const struct charge *c = r->charge;
    r->status = STATUS_DECLINED;
    if (c->status != STATUS_SUCCEEDED)
        r->decline_code = STR("charge_not_succeeded");
    else if (r->amount_minor > c->amount_minor - c->refunded_minor)
        r->decline_code = STR("amount_too_large");
    else if (c->card && c->card->does == CARD_REFUNDS_FAIL)
        r->decline_code = STR("refund_failed");
    else
        r->status = STATUS_SUCCEEDED;
}

static err refund_execute(struct task *t, struct app *app, const struct refund_in *in, str key, struct refund **ret)
{
    struct refund r = { .id = random_id(t->arena, "re_"),
                        .key = key,
                        .reference = in->reference,
                        .charge = table_get(&app->bank.charges, in->charge),
                        .amount_minor = in->amount,
                        .at = t->now };
    if (!r.charge)
        return FAIL_PARAM(t, NOT_FOUND, STR("charge"), STR("is not a charge of this merchant"));
    outcome_set(&r);
    struct buf lines;
    buf_init(&lines, t->arena, 65536);
    bank_write_refund(&lines, &r);
    struct notice notice = { .kind = NOTICE_REFUND };
    notice_prepare(t, app, r.charge->card, r.id, &notice, &lines);
    TRY(journal_append(&app->journal, t, buf_str(&lines)));
    *ret = bank_refund(&app->bank, &r);
    notice.refund = *ret;
    notice_post(app, &notice);
    return OK;
}

static err refund_answer(struct task *t, struct app *app, const struct refund_in *in, str key, struct response *rs)
{
    enum call_fate fate = fault_draw_call(&app->faults);
    struct refund *r = table_get(&app->bank.refund_keys, key);
    if (r && !same_refund(r, in))
        return FAIL(t, IDEMPOTENCY_MISMATCH, "another body than the first time");
    if (!r && call_is_executed(fate))
        TRY(refund_execute(t, app, in, key, &r));
    if (r)
        refund_write(reply_json(rs, 200), r);
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

struct find_in {
    str key;
};
static const struct param find_params[] = {
    P_STR(struct find_in, key, .need = REQUIRED, .set = TOKEN, .max = 255),
};

static err refund_by_key(struct task *t, const struct request *rq, struct response *rs)
{
    const struct find_in *in = rq->in;
    struct app *app = sandbox_enter(t);
    const struct refund *r = table_get(&app->bank.refund_keys, in->key);
    struct json *j = reply_json(rs, 200);
    json_array(j, "data");
    if (r) {
        json_object(j, NULL);
        refund_write(j, r);
        json_close(j);
    }
    json_close(j);
    sandbox_leave(app);
    return OK;
}

#define REFUND_ROUTE .path = "/v1/refunds", .guard = &GUARD_MERCHANT, .run = RUN_INLINE, .errors = ERRORS_PROBLEM
const struct route refund_create_route = {
    REFUND_ROUTE,          .method = POST,
    .body = BODY_JSON,     INPUT(struct refund_in, refund_params),
    .handle = refund_make, .summary = "Refunds a charge, once per Idempotency-Key."
};
const struct route refund_find_route = { REFUND_ROUTE,
                                         .method = GET,
                                         .body = BODY_NONE,
                                         INPUT(struct find_in, find_params),
                                         .handle = refund_by_key,
                                         .summary = "The refund of a key, or an empty list." };
