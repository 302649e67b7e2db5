/* GET /js/login-v1.js and what it fetches: scripts for the pages of clients; one name for ever, cached for an hour. */
#include "authsrv/routes.h"
#include "shared/http/assets.h"

#define SCRIPT_ROUTE                                                                                                   \
    .method = GET, .guard = &GUARD_PUBLIC, .body = BODY_NONE, .run = RUN_INLINE, .errors = ERRORS_PROBLEM,             \
    .cors = CORS_ANY, .cache_s = 3600, .handle = script_serve

const struct route login_button_route = {
    SCRIPT_ROUTE,
    .path = "/js/login-v1.js",
    .summary = "The log-in button for the pages of clients",
};

const struct route login_fedcm_route = {
    SCRIPT_ROUTE,
    .path = "/js/login-fedcm-v1.js",
    .summary = "What the log-in button needs for FedCM",
};
