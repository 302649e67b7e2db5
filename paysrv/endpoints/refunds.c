/* Refunds: POST and GET /v1/payments/{payment}/refunds, GET /v1/refunds/{refund}, POST .../cancel
 * (docs/protocol/pay/refunds.md, SECURITY J). */
#include "paysrv/domain/money.h"
#include "paysrv/domain/payment/receipt.h"
#include "paysrv/faults.h"
#include "paysrv/flow/cursor.h"
#include "paysrv/flow/payment/refund_queue.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/refund.sql.h"

struct fees_in {
    str platform, partner;
};

static const struct param fees_params[] = {
    P_STR(struct fees_in, platform, .need = OPTIONAL, .set = ID, .min = 1, .max = 10, .words = "keep return"),
    P_STR(struct fees_in, partner, .need = OPTIONAL, .set = ID, .min = 1, .max = 10, .words = "keep return"),
};

struct refund_in {
    int64_t amount;
    str external_id;
    str reason;
    str reason_code;
    const struct fees_in *fees;
    const struct json_value *receipt;
};

static const struct param refund_params[] = {
    P_I64(struct refund_in, amount, .need = OPTIONAL, .low = 1, .high = MONEY_MAX_MINOR),
    P_STR(struct refund_in, external_id, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 200),
    P_STR(struct refund_in, reason, .need = OPTIONAL, .set = LINE, .min = 1, .max = 200, .in_characters = true),
    P_STR(struct refund_in, reason_code, .need = OPTIONAL, .set = ID, .min = 1, .max = 40,
          .words = "requested_by_customer duplicate fraudulent not_delivered defective other"),
    P_OBJECT(struct refund_in, fees, struct fees_in, fees_params, .need = OPTIONAL),
    P_VALUE(struct refund_in, receipt, .need = OPTIONAL, .type = RECEIPT_REFUND_TYPE),
};

/* Who bears the fees of this one refund is for the partner to say. */
static err fees_read(struct task *t, const struct caller *caller, const struct fees_in *in, struct refund_fees *ret)
{
    *ret = (struct refund_fees){ FEE_AGREED, FEE_AGREED };
    if (!in)
        return OK;
    if (str_given(caller->subject))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("fees"), STR("only with the partner's own token"));
    if (str_given(in->platform) && (!refund_fee_parse(in->platform, &ret->platform) || ret->platform == FEE_AGREED))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("fees.platform"), STR("must be keep or return"));
    if (str_given(in->partner) && (!refund_fee_parse(in->partner, &ret->partner) || ret->partner == FEE_AGREED))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("fees.partner"), STR("must be keep or return"));
    return OK;
}

static err create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct refund_in *in = rq->in;
    const struct caller *caller = caller_of(rq);
    const struct payment_find_row *p;
    struct once once;
    struct answer answer;
    payment_id id = { request_path_param(rq, "payment") };
    TRY(once_of(t, rq, true, &once));
    TRY(payment_find(t, id, caller->partner, caller->subject, &p));
    if (!p)
        return FAIL(t, NOT_FOUND, "no such payment for this caller");
    struct refund_order order = {
        .payment = p,
        .route = once.route,
        .key = once.key,
        .fingerprint = once.fingerprint,
        .wanted_minor = in->amount,
        .external_id = in->external_id,
        .reason = in->reason,
        .reason_code = in->reason_code,
        .by = str_given(caller->subject) ? STR("user") : STR("partner"),
        .initiator = str_given(caller->subject) ? caller->subject : caller->client_id,
        .receipt = in->receipt,
    };
    if (str_given(in->reason_code) && !refund_reason_is_known(in->reason_code))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("reason_code"), STR(REFUND_REASONS_ALLOWED));
    TRY(fees_read(t, caller, in->fees, &order.fees));
    TRY(refund_run(t, &order, &answer));
    answer_send(rs, &answer);
    return OK;
}

const struct route refunds_create_route = {
    .method = POST,
    .path = "/v1/payments/{payment}/refunds",
    .guard = &GUARD_PAYMENTS,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct refund_in, refund_params),
    .needs_key = true,
    .handle = create,
    .answer = "Refund",
    .done = "200 202",
    .summary = "Refund a payment, wholly or in part",
};

/* Whose it is, is whose its payment is. */
static err find(struct task *t, const struct caller *caller, refund_id id, struct refund_find_row *ret)
{
    const struct refund_find_row *begun;
    const struct payment_find_row *p = NULL;
    TRY(refund_find(t, id, &begun));
    if (!begun)
        return refund_queued_read(t, id, caller->partner, caller->subject, ret);
    TRY(payment_find(t, begun->payment_id, caller->partner, caller->subject, &p));
    if (!p)
        return FAIL(t, NOT_FOUND, "no refund of this caller");
    *ret = *begun;
    return OK;
}

struct list_in {
    PAGE_FIELDS
    str external_id;
};

static const struct param list_params[] = {
    PAGE_PARAMS(struct list_in),
    P_STR(struct list_in, external_id, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 200),
};

/* The one of this name, when it is of this payment. */
static err list_named(struct task *t, const struct caller *caller, payment_id payment, str name, struct response *rs)
{
    const struct refund_named_row *named;
    struct refund_find_row row;
    TRY(refund_named(t, caller->partner, name, &named));
    err e = named ? find(t, caller, named->refund_id, &row) : OK;
    if (e && !err_is(e, &FAULT_NOT_FOUND))
        return e;
    struct json *j = page_begin(rs);
    if (named && !e && str_eq(row.payment_id.v, payment.v))
        refund_write(j, &row, row.status, row.decline_code);
    page_end(t, j, "refunds", caller->partner, false, STR_NONE);
    return OK;
}

/* What waits for a balance comes with the last page. */
static err list(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    const struct caller *caller = caller_of(rq);
    const struct payment_find_row *p;
    const struct refund_find_row *rows;
    payment_id id = { request_path_param(rq, "payment") };
    const char *list_name = parts_name(t, "refunds", id);
    size_t limit = parts_limit(in->limit), n;
    str after;
    TRY(payment_find(t, id, caller->partner, caller->subject, &p));
    if (!p)
        return FAIL(t, NOT_FOUND, "no such payment for this caller");
    if (str_given(in->external_id))
        return list_named(t, caller, id, in->external_id, rs);
    TRY(cursor_read(t, list_name, caller->partner, in->cursor, &after));
    TRY(refund_list(t, id, caller->partner, after, (int64_t)limit + 1, &rows, &n));
    size_t shown = n < limit ? n : limit;
    struct json *j = page_begin(rs);
    for (size_t i = 0; i < shown; i++)
        refund_write(j, &rows[i], rows[i].status, rows[i].decline_code);
    if (n <= limit)
        TRY(refund_queue_write(t, j, id));
    page_end(t, j, list_name, caller->partner, n > limit, shown ? rows[shown - 1].refund_id.v : STR_NONE);
    return OK;
}

const struct route refunds_list_route = {
    .method = GET,
    .path = "/v1/payments/{payment}/refunds",
    .guard = &GUARD_PAYMENTS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct list_in, list_params),
    .handle = list,
    .answer = "Page<Refund>",
    .summary = "List the refunds of a payment",
};

static err read_one(struct task *t, const struct request *rq, struct response *rs)
{
    struct refund_find_row row;
    TRY(find(t, caller_of(rq), (refund_id){ request_path_param(rq, "refund") }, &row));
    reply_raw(rs, 200, "application/json", refund_document(t, &row, row.status, row.decline_code));
    return OK;
}

const struct route refunds_read_route = {
    .method = GET,
    .path = "/v1/refunds/{refund}",
    .guard = &GUARD_PAYMENTS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = read_one,
    .answer = "Refund",
    .summary = "Read a refund",
};

static err cancel(struct task *t, const struct request *rq, struct response *rs)
{
    const struct caller *caller = caller_of(rq);
    struct once once;
    struct answer answer;
    TRY(once_of(t, rq, false, &once));
    const struct refund_cancel_order order = { .refund = { request_path_param(rq, "refund") },
                                               .partner = caller->partner,
                                               .subject = caller->subject,
                                               .once = &once };
    TRY(refund_cancel_run(t, &order, &answer));
    answer_send(rs, &answer);
    return OK;
}

const struct route refunds_cancel_route = {
    .method = POST,
    .path = "/v1/refunds/{refund}/cancel",
    .guard = &GUARD_PAYMENTS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = cancel,
    .answer = "Refund",
    .summary = "Cancel a refund that still waits for funds",
};
