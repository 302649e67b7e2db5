/* GET /js/login-v1.js: <stoa-login-button> for the pages of clients; one name for ever, so it is cached for an hour. */
#include "authsrv/routes.h"
#include "shared/http/assets.h"

const struct route login_button_route = {
    .method = GET,
    .path = "/js/login-v1.js",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_INLINE,
    .errors = ERRORS_PROBLEM,
    .cors = CORS_ANY,
    .cache_s = 3600,
    .handle = script_serve,
    .summary = "The log-in button for the pages of clients",
};
