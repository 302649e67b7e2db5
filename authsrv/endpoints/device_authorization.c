/*
 * POST /device_authorization (RFC 8628 section 3.1): a device without a browser gets a secret to poll with, and a code
 * for its person to type elsewhere.
 */
#include "authsrv/app.h"
#include "authsrv/cors.h"
#include "authsrv/counters.h"
#include "authsrv/domain/authorization/decoupled.h"
#include "authsrv/domain/authorization/user_code.h"
#include "authsrv/faults.h"
#include "authsrv/flow/authorization/decoupled.h"
#include "authsrv/flow/authorization/target.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "shared/text/shape.h"

SHAPE(device_authorization_answer, "DeviceAuthorization",
      "device_code: string, user_code: string, verification_uri: string, verification_uri_complete: string, "
      "expires_in: integer, interval: integer")

struct device_in {
    str scope, resource, authorization_details;
};

static const struct param device_params[] = {
    P_STR(struct device_in, scope, .need = OPTIONAL, .set = WORDS, .max = 4096),
    P_STR(struct device_in, resource, .need = OPTIONAL, .set = URI, .max = 2000),
    P_STR(struct device_in, authorization_details, .need = OPTIONAL, .set = TEXT, .max = 16384),
};

static void answer_write(struct task *t, const struct device_asked *asked, struct response *rs)
{
    const struct config *config = &app_of(t)->config;
    str shown = user_code_shown(t->arena, asked->user_code);
    str page = arena_printf(t->arena, "%.*s/device", STR_ARG(app_of(t)->issuer));
    struct json *j = reply_json(rs, 200);
    json_str(j, "device_code", asked->device_code);
    json_str(j, "user_code", shown);
    json_str(j, "verification_uri", page);
    json_str(j, "verification_uri_complete",
             arena_printf(t->arena, "%.*s?user_code=%.*s", STR_ARG(page), STR_ARG(shown)));
    json_i64(j, "expires_in", config->device_code_ttl.us / 1000000);
    json_i64(j, "interval", config->poll_interval.us / 1000000);
}

static err device_authorization(struct task *t, const struct request *rq, struct response *rs)
{
    const struct device_in *in = rq->in;
    struct decoupled_ask ask = { .client = client_of(rq), .asked_from = rq->peer };
    struct device_asked asked;
    cors_allow_client(t, rq, rs);
    if (!client_may(ask.client, GRANT_DEVICE))
        return FAIL(t, UNAUTHORIZED_CLIENT, "not registered for the device grant");
    TRY(target_ask(t, ask.client, in->scope, in->resource, &ask.scope, &ask.audience));
    TRY(details_ask(t, ask.client, ask.scope, in->authorization_details, &ask.terms.authorization_details));
    TRY(device_begin(t, &ask, &asked));
    count_decoupled(t, COUNT_ASKED);
    answer_write(t, &asked, rs);
    return OK;
}

const struct route device_authorization_route = {
    .method = POST,
    .path = "/device_authorization",
    .guard = &GUARD_CLIENT,
    .body = BODY_FORM,
    .max_body_bytes = 32768,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .per_minute = 120,
    .ignore_unknown = true,
    INPUT(struct device_in, device_params),
    .answer = "DeviceAuthorization",
    .handle = device_authorization,
    .summary = "Ask for an authorization that is given on another device",
};

const struct route device_authorization_preflight_route = {
    .method = OPTIONS,
    .path = "/device_authorization",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_TRY_INLINE,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .ignore_unknown = true,
    .handle = cors_preflight,
    .done = "204",
    .summary = "CORS preflight",
};
