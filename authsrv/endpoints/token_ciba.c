/* POST /token, grant_type=urn:openid:params:grant-type:ciba (OpenID CIBA Core section 10.1): a client asks again. */
#include "authsrv/counters.h"
#include "authsrv/faults.h"
#include "authsrv/flow/authorization/decoupled.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"

struct ciba_in {
    str auth_req_id;
};

static const struct param ciba_params[] = {
    P_STR(struct ciba_in, auth_req_id, .need = REQUIRED, .set = TOKEN, .max = 512),
};

static err token_ciba(struct task *t, const struct request *rq, struct response *rs)
{
    const struct ciba_in *in = rq->in;
    const struct client *client = client_of(rq);
    struct token_answer answer;
    if (!client_may(client, GRANT_CIBA))
        return FAIL(t, UNAUTHORIZED_CLIENT, "not registered for backchannel authentication");
    if (str_eq(client->meta.backchannel_token_delivery_mode, STR("push")))
        return FAIL(t, UNAUTHORIZED_CLIENT, "registered for push, which does not poll");
    TRY(decoupled_redeem_code(t, client, STR("ciba"), in->auth_req_id, &answer));
    count_tokens(t, TOKENS_CIBA);
    token_answer_write(t, reply_json(rs, 200), &answer);
    return OK;
}

const struct route token_ciba_route = {
    .method = POST,
    .path = "/token",
    .when = { "grant_type", "urn:openid:params:grant-type:ciba" },
    .guard = &GUARD_CLIENT,
    .body = BODY_FORM,
    .max_body_bytes = 32768,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .per_minute = 1200,
    .ignore_unknown = true,
    INPUT(struct ciba_in, ciba_params),
    .answer = "TokenAnswer",
    .handle = token_ciba,
    .summary = "Tokens for a backchannel authentication request",
};
