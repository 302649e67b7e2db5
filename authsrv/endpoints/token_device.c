/* POST /token, grant_type=urn:ietf:params:oauth:grant-type:device_code (RFC 8628 section 3.4): a device asks again. */
#include "authsrv/cors.h"
#include "authsrv/counters.h"
#include "authsrv/faults.h"
#include "authsrv/flow/authorization/decoupled.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"

struct device_in {
    str device_code;
};

static const struct param device_params[] = {
    P_STR(struct device_in, device_code, .need = REQUIRED, .set = TOKEN, .max = 512),
};

static err token_device(struct task *t, const struct request *rq, struct response *rs)
{
    const struct device_in *in = rq->in;
    const struct client *client = client_of(rq);
    struct token_answer answer;
    cors_allow_client(t, rq, rs);
    if (!client_may(client, GRANT_DEVICE))
        return FAIL(t, UNAUTHORIZED_CLIENT, "not registered for the device grant");
    TRY(decoupled_redeem_code(t, client, STR("device"), in->device_code, &answer));
    count_tokens(t, TOKENS_DEVICE);
    token_answer_write(t, reply_json(rs, 200), &answer);
    return OK;
}

const struct route token_device_route = {
    .method = POST,
    .path = "/token",
    .when = { "grant_type", "urn:ietf:params:oauth:grant-type:device_code" },
    .guard = &GUARD_CLIENT,
    .body = BODY_FORM,
    .max_body_bytes = 32768,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .per_minute = 1200,
    .ignore_unknown = true,
    INPUT(struct device_in, device_params),
    .answer = "TokenAnswer",
    .handle = token_device,
    .summary = "Tokens for a device code",
};
