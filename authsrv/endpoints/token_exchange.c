/* POST /token, grant_type=urn:ietf:params:oauth:grant-type:token-exchange (RFC 8693). */
#include "authsrv/counters.h"
#include "authsrv/faults.h"
#include "authsrv/flow/token/exchange.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"

static const struct param exchange_params[] = {
    P_STR(struct exchange_in, subject_token, .need = REQUIRED, .set = TOKEN, .max = 16384),
    P_STR(struct exchange_in, subject_token_type, .need = REQUIRED, .set = TOKEN, .max = 200),
    P_STR(struct exchange_in, actor_token, .need = OPTIONAL, .set = TOKEN, .max = 16384),
    P_STR(struct exchange_in, actor_token_type, .need = OPTIONAL, .set = TOKEN, .max = 200),
    P_STR(struct exchange_in, requested_token_type, .need = OPTIONAL, .set = TOKEN, .max = 200),
    P_STR(struct exchange_in, scope, .need = OPTIONAL, .set = WORDS, .max = 4096),
    P_STR(struct exchange_in, resource, .need = OPTIONAL, .set = URI, .max = 2000),
    P_STR(struct exchange_in, audience, .need = OPTIONAL, .set = TOKEN, .max = 2000),
};

static err token_exchange(struct task *t, const struct request *rq, struct response *rs)
{
    const struct client *client = client_of(rq);
    struct token_answer answer;
    if (!client_may(client, GRANT_EXCHANGE))
        return FAIL(t, UNAUTHORIZED_CLIENT, "not registered for token exchange");
    TRY(exchange_run(t, client, rq->in, &answer));
    count_tokens(t, TOKENS_EXCHANGE);
    token_answer_write(t, reply_json(rs, 200), &answer);
    return OK;
}

const struct route token_exchange_route = {
    .method = POST,
    .path = "/token",
    .when = { "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange" },
    .guard = &GUARD_CLIENT,
    .body = BODY_FORM,
    .max_body_bytes = 65536,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .per_minute = 1200,
    .ignore_unknown = true,
    INPUT(struct exchange_in, exchange_params),
    .answer = "TokenAnswer",
    .handle = token_exchange,
    .summary = "A narrower token in the place of another one",
};
