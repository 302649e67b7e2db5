/* Refunds of a payment: POST and GET /v1/payments/{payment}/refunds (docs/protocol/pay-api.md, SECURITY J). */
#include "paysrv/domain/money.h"
#include "paysrv/faults.h"
#include "paysrv/flow/refund.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/refund.sql.h"

struct refund_in {
    int64_t amount;
    str reason;
};

static const struct param refund_params[] = {
    P_I64(struct refund_in, amount, .need = OPTIONAL, .low = 1, .high = MONEY_MAX_MINOR),
    P_STR(struct refund_in, reason, .need = OPTIONAL, .set = LINE, .min = 1, .max = 200),
};

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
    const struct refund_order order = {
        .payment = p,
        .route = once.route,
        .key = once.key,
        .fingerprint = once.fingerprint,
        .wanted_minor = in->amount,
        .reason = in->reason,
    };
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
    .handle = create,
    .answer = "Refund",
    .summary = "Refund a payment, wholly or in part",
};

static err list(struct task *t, const struct request *rq, struct response *rs)
{
    const struct caller *caller = caller_of(rq);
    const struct payment_find_row *p;
    const struct refund_find_row *rows;
    payment_id id = { request_path_param(rq, "payment") };
    size_t n;
    TRY(payment_find(t, id, caller->partner, caller->subject, &p));
    if (!p)
        return FAIL(t, NOT_FOUND, "no such payment for this caller");
    TRY(refund_list(t, id, caller->partner, &rows, &n));
    struct json *j = reply_json(rs, 200);
    json_array(j, "data");
    for (size_t i = 0; i < n; i++)
        refund_write(j, &rows[i], rows[i].status, rows[i].decline_code);
    json_close(j);
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
    .handle = list,
    .answer = "{ data: Refund[] }",
    .summary = "List the refunds of a payment",
};
