/* A payment whose money waits for its delivery: GET /v1/payments/{payment}/hold and POST .../release. */
#include "paysrv/domain/money.h"
#include "paysrv/faults.h"
#include "paysrv/flow/payment/deal.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"
#include "paysrv/store/deal.sql.h"

struct release_in {
    int64_t amount;
};

static const struct param release_params[] = {
    P_I64(struct release_in, amount, .need = OPTIONAL, .low = 1, .high = MONEY_MAX_MINOR),
};

static err deal_of(struct task *t, const struct request *rq, const struct deal_find_row **ret)
{
    const struct caller *c = caller_of(rq);
    TRY(deal_find(t, (payment_id){ request_path_param(rq, "payment") }, c->partner, c->subject, ret));
    return *ret ? OK : FAIL(t, NOT_FOUND, "no such payment for this caller, or it is not held until delivered");
}

static err hold_read(struct task *t, const struct request *rq, struct response *rs)
{
    const struct deal_find_row *d;
    TRY(deal_of(t, rq, &d));
    deal_write(reply_json(rs, 200), d);
    return OK;
}

/* Who has sold it must not say himself that it was delivered. */
static err release(struct task *t, const struct request *rq, struct response *rs)
{
    const struct release_in *in = rq->in;
    const struct caller *c = caller_of(rq);
    const struct deal_find_row *d;
    struct answer answer;
    struct once once;
    TRY(partner_itself(t, rq));
    TRY(once_of(t, rq, true, &once));
    TRY(deal_of(t, rq, &d));
    const struct deal_release_order order = {
        .partner = c->partner, .payment = d->payment_id, .wanted_minor = in->amount, .once = &once
    };
    TRY(deal_release_run(t, &order, &answer));
    answer_send(rs, &answer);
    return OK;
}

#define HOLD_ROUTE                                                                                                     \
    .guard = &GUARD_PAYMENTS, .run = RUN_WORKER, .errors = ERRORS_PROBLEM, .no_store = true, .answer = "Hold"

const struct route hold_read_route = {
    HOLD_ROUTE,        .method = GET,       .path = "/v1/payments/{payment}/hold",
    .body = BODY_NONE, .handle = hold_read, .summary = "What is held of a payment until it is delivered"
};

const struct route hold_release_route = { HOLD_ROUTE,
                                          .method = POST,
                                          .path = "/v1/payments/{payment}/release",
                                          .body = BODY_JSON,
                                          INPUT(struct release_in, release_params),
                                          .needs_key = true,
                                          .handle = release,
                                          .summary = "Release what is held of a payment, wholly or in part" };
