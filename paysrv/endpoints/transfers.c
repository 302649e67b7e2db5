/*
 * GET /v1/payments/{payment}/transfer: what a payment by bank transfer waits for, has got and gives back.
 * POST /v1/test_transfers: a buyer of a sandbox partner transfers money (docs/protocol/pay/bank-transfers.md).
 */
#include "paysrv/flow/transfer/transfer.h"

#include "paysrv/faults.h"
#include "paysrv/flow/transfer/transfer_object.h"
#include "paysrv/flow/transfer/transfer_test.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/store/repayment.sql.h"
#include "paysrv/store/transfer.sql.h"

static err read(struct task *t, const struct request *rq, struct response *rs)
{
    const struct caller *c = caller_of(rq);
    const struct payment_find_row *p;
    const struct transfer_find_row *x;
    const struct transfer_credits_row *credits;
    const struct repayments_of_payment_row *back;
    payment_id id = { request_path_param(rq, "payment") };
    size_t n, n_credits, n_back;
    TRY(payment_find(t, id, c->partner, c->subject, &p));
    if (!p)
        return FAIL(t, NOT_FOUND, "no such payment for this caller");
    TRY(transfers_of_payment(t, id, &x, &n));
    if (n == 0)
        return FAIL(t, NOT_FOUND, "the payment was never to be paid by bank transfer");
    TRY(transfer_credits(t, x[0].call_id, &credits, &n_credits));
    TRY(repayments_of_payment(t, id, &back, &n_back));
    transfer_write(t, reply_json(rs, 200), &x[0], credits, n_credits, back, n_back);
    return OK;
}

const struct route transfer_read_route = {
    .method = GET,
    .path = "/v1/payments/{payment}/transfer",
    .guard = &GUARD_PAYMENTS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = read,
    .answer = "Transfer",
    .summary = "The latest bank transfer that a payment was to be paid by: what came in, and what goes back",
};

static const struct param test_params[] = {
    P_STR(struct test_transfer, reference, .need = REQUIRED, .set = LINE, .min = 1, .max = 140, .in_characters = true),
    P_I64(struct test_transfer, amount, .need = REQUIRED, .low = 1, .high = INT64_C(99999999999)),
    P_STR(struct test_transfer, payer_name, .need = OPTIONAL, .set = LINE, .min = 1, .max = 70, .in_characters = true),
    P_STR(struct test_transfer, payer_iban, .need = OPTIONAL, .set = LINE, .min = 5, .max = 60),
};

static err test_create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct caller *c = caller_of(rq);
    struct once once;
    struct answer answer;
    TRY(partner_itself(t, rq));
    TRY(once_of(t, rq, false, &once));
    TRY(transfer_test(t, c->partner, rq->in, &once, &answer));
    answer_send(rs, &answer);
    return OK;
}

const struct route test_transfers_route = {
    .method = POST,
    .path = "/v1/test_transfers",
    .guard = &GUARD_PAYMENTS,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    INPUT(struct test_transfer, test_params),
    .needs_key = true,
    .handle = test_create,
    .answer = "TransferCredit",
    .done = "201",
    .summary = "A buyer of a sandbox partner transfers money, by the reference that he was given",
};
