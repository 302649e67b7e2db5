/* POST /token without a grant type that we offer, and the preflight of browser clients. */
#include "authsrv/cors.h"
#include "authsrv/faults.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"

static err token_other(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rs;
    str type = form_get(rq->form, STR("grant_type"));
    if (type.n == 0)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("grant_type"), STR("is missing"));
    return FAIL(t, UNSUPPORTED_GRANT_TYPE, "unknown grant type");
}

const struct route token_other_route = {
    .method = POST,
    .path = "/token",
    .when = { "grant_type", NULL },
    .guard = &GUARD_PUBLIC,
    .body = BODY_FORM,
    .max_body_bytes = 32768,
    .run = RUN_INLINE,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .ignore_unknown = true,
    .handle = token_other,
    .summary = "Answer to other grant types",
};

const struct route token_preflight_route = {
    .method = OPTIONS,
    .path = "/token",
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
