/* GET /openapi.json: written from the table of routes. */
#include "shared/http/openapi.h"

#include "authsrv/app.h"
#include "authsrv/routes.h"

static err openapi(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    const struct openapi_about about = { .title = STR("Stoa authorization server"), .server = app_of(t)->issuer };
    struct json *j = reply_json(rs, 200);
    openapi_write(t, j, &about, authsrv_routes, authsrv_routes_n);
    return OK;
}

const struct route openapi_route = {
    .method = GET,
    .path = "/openapi.json",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_INLINE,
    .errors = ERRORS_PROBLEM,
    .cors = CORS_ANY,
    .cache_s = 300,
    .ignore_unknown = true,
    .handle = openapi,
    .summary = "This description",
};
