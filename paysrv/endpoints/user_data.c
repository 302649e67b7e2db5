/* GET /v1/users/{user}/data, POST /v1/users/{user}/erase: what is kept about a user, and that it goes. */
#include "paysrv/flow/party/user_data.h"
#include "paysrv/flow/party/party.h"
#include "paysrv/guards.h"
#include "paysrv/order_request.h"
#include "paysrv/requests.h"
#include "paysrv/routes.h"

static err user_data(struct task *t, const struct request *rq, struct response *rs)
{
    const struct caller *c = caller_of(rq);
    const struct user_find_row *user;
    TRY(party_user(t, c, request_path_param(rq, "user"), &user));
    return user_data_write(t, reply_json(rs, 200), c->partner, user, false);
}

const struct route user_data_route = {
    .method = GET,
    .path = "/v1/users/{user}/data",
    .guard = &GUARD_USERS,
    .body = BODY_NONE,
    .run = RUN_COSTLY,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = user_data,
    .answer = "UserData",
    .summary = "All that is kept about a user, as one document",
};

static err user_erase(struct task *t, const struct request *rq, struct response *rs)
{
    return user_order_answer(t, rq, rs, users_erase);
}

const struct route user_erase_route = {
    .method = POST,
    .path = "/v1/users/{user}/erase",
    .guard = &GUARD_USERS,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .handle = user_erase,
    .answer = "User",
    .summary = "Erase what nothing obliges to keep of a user who is closed",
};
