/* See order_request.h. */
#include "paysrv/order_request.h"

#include "paysrv/flow/confirmation/code_link.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/requests.h"

err order_answer(struct task *t, const struct request *rq, struct response *rs, const char *param, order_run *run)
{
    struct once once;
    struct answer answer;
    TRY(once_of(t, rq, false, &once));
    TRY(run(t, caller_of(rq), request_path_param(rq, param), &once, &answer));
    answer_send(rs, &answer);
    return OK;
}

const struct param code_params[1] = {
    P_STR(struct code_in, code, .need = REQUIRED, .set = LINE, .min = 1, .max = 64),
};

err code_order_answer(struct task *t, const struct request *rq, struct response *rs, const char *param,
                      code_order_run *run)
{
    const struct code_in *in = rq->in;
    struct once once;
    struct answer answer;
    TRY(code_is_open(t, caller_of(rq)->partner));
    TRY(once_of(t, rq, true, &once));
    TRY(run(t, caller_of(rq), request_path_param(rq, param), in->code, &once, &answer));
    answer_send(rs, &answer);
    return OK;
}

err user_order_begin(struct task *t, const struct request *rq, const struct user_find_row **user, struct once *once)
{
    TRY(party_user(t, caller_of(rq), request_path_param(rq, "user"), user));
    return once_of(t, rq, false, once);
}

err user_order_answer(struct task *t, const struct request *rq, struct response *rs, user_order_run *run)
{
    const struct user_find_row *user;
    struct once once;
    struct answer answer;
    TRY(user_order_begin(t, rq, &user, &once));
    TRY(run(t, caller_of(rq), user, &once, &answer));
    answer_send(rs, &answer);
    return OK;
}
