/* POST /token, grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer (RFC 7523 section 2.1). */
#include "authsrv/counters.h"
#include "authsrv/faults.h"
#include "authsrv/flow/token/assertion.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"

static const struct param assertion_params[] = {
    P_STR(struct assertion_in, assertion, .need = REQUIRED, .set = TOKEN, .max = 16384),
    P_STR(struct assertion_in, scope, .need = OPTIONAL, .set = WORDS, .max = 4096),
    P_STR(struct assertion_in, resource, .need = OPTIONAL, .set = URI, .max = 2000),
};

static err token_jwt(struct task *t, const struct request *rq, struct response *rs)
{
    const struct client *client = client_of(rq);
    struct token_answer answer;
    if (!client_may(client, GRANT_JWT))
        return FAIL(t, UNAUTHORIZED_CLIENT, "not registered for the JWT bearer grant");
    TRY(assertion_run(t, client, rq->in, &answer));
    count_tokens(t, TOKENS_JWT);
    token_answer_write(t, reply_json(rs, 200), &answer);
    return OK;
}

const struct route token_jwt_route = {
    .method = POST,
    .path = "/token",
    .when = { "grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer" },
    .guard = &GUARD_CLIENT,
    .body = BODY_FORM,
    .max_body_bytes = 65536,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .per_minute = 1200,
    .ignore_unknown = true,
    INPUT(struct assertion_in, assertion_params),
    .answer = "TokenAnswer",
    .handle = token_jwt,
    .summary = "Token for a user for whom a trusted issuer vouches",
};
