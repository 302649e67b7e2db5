/* /v1/payout_lists: several payouts of one owner, confirmed by one code that is bound to all of them. */
#include "paysrv/domain/payout/payout.h"
#include "paysrv/flow/payout/payout_list.h"
#include "paysrv/guards.h"
#include "paysrv/order_request.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"

struct one_in {
    int64_t amount;
    str currency, requisite;
};

static const struct param one_params[] = {
    P_I64(struct one_in, amount, .need = REQUIRED, .low = 1, .high = PAYOUT_MAX_MINOR),
    P_STR(struct one_in, currency, .need = REQUIRED, .set = CURRENCY, .min = 3, .max = 3),
    P_STR(struct one_in, requisite, .need = REQUIRED, .set = ID, .min = 1, .max = 64),
};

struct list_in {
    str user;
    struct list payouts;
};

static const struct param list_params[] = {
    P_STR(struct list_in, user, .need = OPTIONAL, .set = ID, .min = 1, .max = 64),
    P_OBJECTS(struct list_in, payouts, struct one_in, one_params, .need = REQUIRED, .min = 1, .max = PAYOUT_LIST_MAX),
};

static err create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct list_in *in = rq->in;
    const struct one_in *ones = in->payouts.items;
    struct payout_order *orders = arena_array(t->arena, struct payout_order, in->payouts.n + 1);
    struct once once;
    struct answer answer;
    for (size_t i = 0; i < in->payouts.n; i++)
        orders[i] = (struct payout_order){ .requisite = ones[i].requisite,
                                           .amount_minor = ones[i].amount,
                                           .currency = ones[i].currency };
    const struct payout_list_order order = { in->user, orders, in->payouts.n };
    TRY(once_of(t, rq, true, &once));
    TRY(payout_lists_request(t, caller_of(rq), &order, &once, &answer));
    answer_send(rs, &answer);
    return OK;
}

static err confirm(struct task *t, const struct request *rq, struct response *rs)
{
    return code_order_answer(t, rq, rs, "list", payout_lists_confirm);
}

static err resend(struct task *t, const struct request *rq, struct response *rs)
{
    return order_answer(t, rq, rs, "list", payout_lists_resend);
}

static err cancel(struct task *t, const struct request *rq, struct response *rs)
{
    return order_answer(t, rq, rs, "list", payout_lists_cancel);
}

static err read(struct task *t, const struct request *rq, struct response *rs)
{
    str document;
    TRY(payout_lists_read(t, caller_of(rq), request_path_param(rq, "list"), &document));
    reply_raw(rs, 200, "application/json", document);
    return OK;
}

#define LIST_ROUTE .guard = &GUARD_PAYOUTS, .run = RUN_WORKER, .errors = ERRORS_PROBLEM, .no_store = true

const struct route payout_list_create_route = {
    LIST_ROUTE,
    .method = POST,
    .path = "/v1/payout_lists",
    .body = BODY_JSON,
    INPUT(struct list_in, list_params),
    .needs_key = true,
    .handle = create,
    .answer = "PayoutList",
    .done = "201",
    .summary = "Request several payouts at once; one code is mailed to the owner"
};

const struct route payout_list_confirm_route = { LIST_ROUTE,
                                                 .method = POST,
                                                 .path = "/v1/payout_lists/{list}/confirm",
                                                 .body = BODY_JSON,
                                                 INPUT(struct code_in, code_params),
                                                 .needs_key = true,
                                                 .handle = confirm,
                                                 .answer = "PayoutList",
                                                 .summary = "Confirm all payouts of a list with the mailed code" };

const struct route payout_list_resend_route = { LIST_ROUTE,
                                                .method = POST,
                                                .path = "/v1/payout_lists/{list}/resend",
                                                .body = BODY_NONE,
                                                .needs_key = true,
                                                .handle = resend,
                                                .answer = "PayoutList",
                                                .summary = "Mail a new code, which keeps the number of guesses" };

const struct route payout_list_cancel_route = { LIST_ROUTE,
                                                .method = POST,
                                                .path = "/v1/payout_lists/{list}/cancel",
                                                .body = BODY_NONE,
                                                .handle = cancel,
                                                .answer = "PayoutList",
                                                .summary = "Cancel a list that was not confirmed yet" };

const struct route payout_list_read_route = {
    LIST_ROUTE,     .method = GET,          .path = "/v1/payout_lists/{list}",  .body = BODY_NONE,
    .handle = read, .answer = "PayoutList", .summary = "Read a list of payouts"
};
