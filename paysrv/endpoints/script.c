/* GET /js/v1.js: the loader of <stoa-checkout> for partners' pages; one name for ever, so it is cached for an hour. */
#include "paysrv/routes.h"
#include "shared/http/assets.h"

const struct route script_route = {
    .method = GET,
    .path = "/js/v1.js",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_INLINE,
    .errors = ERRORS_PROBLEM,
    .cors = CORS_ANY,
    .cache_s = 3600,
    .handle = script_serve,
    .summary = "The loader of <stoa-checkout>",
};
