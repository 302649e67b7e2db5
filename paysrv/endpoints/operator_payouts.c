/* /operator/payouts: payouts of all partners, and what of them waits for operators. */
#include "paysrv/operator_payouts_page.h"
#include "paysrv/routes.h"

static const struct param page_params[] = {
    P_STR(struct payouts_wish, before, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
    P_STR(struct payouts_wish, waiting, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 400),
};

static err payouts(struct task *t, const struct request *rq, struct response *rs)
{
    return operator_payouts_show(t, rq->caller, rq->in, NULL, rs);
}

const struct route operator_payouts_route = {
    .method = GET,
    .path = "/operator/payouts",
    .guard = &GUARD_OPERATOR_SESSION,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct payouts_wish, page_params),
    .handle = payouts,
    .summary = "Payouts of all partners",
};
