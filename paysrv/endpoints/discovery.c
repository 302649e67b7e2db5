/* What this server says about itself: RFC 9728 metadata, OpenAPI, health. */
#include "paysrv/app.h"
#include "paysrv/domain/scope.h"
#include "paysrv/faults.h"
#include "paysrv/flow/keys.h"
#include "paysrv/routes.h"
#include "shared/cache/cache.h"
#include "shared/db/db.h"
#include "shared/http/openapi.h"

static err protected_resource(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    const struct app *app = t->app;
    struct json *j = reply_json(rs, 200);
    json_str(j, "resource", app->config.public_url);
    json_words(j, "authorization_servers", app->config.issuer);
    json_words(j, "scopes_supported", STR(PAY_SCOPES_ALL));
    json_words(j, "bearer_methods_supported", STR("header"));
    json_str(j, "resource_name", STR("Stoa payments"));
    json_str(j, "resource_documentation", arena_printf(t->arena, "%.*s/openapi.json", STR_ARG(app->config.public_url)));
    return OK;
}

const struct route protected_resource_route = {
    .method = GET,
    .path = "/.well-known/oauth-protected-resource",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_INLINE,
    .errors = ERRORS_PROBLEM,
    .cors = CORS_ANY,
    .cache_s = 300,
    .ignore_unknown = true,
    .handle = protected_resource,
    .summary = "Which authorization server and scopes this API takes (RFC 9728)",
};

#define ROUTE_ROW(name) &name##_route,
static const struct route *const all_routes[] = { PAYSRV_ROUTES(ROUTE_ROW) };

static err openapi(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    const struct app *app = t->app;
    const struct openapi_about about = { .title = STR("Stoa payment server"), .server = app->config.public_url };
    openapi_write(t, reply_json(rs, 200), &about, all_routes, sizeof all_routes / sizeof all_routes[0]);
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

static err healthz(struct task *t, const struct request *rq, struct response *rs)
{
    (void)t, (void)rq;
    json_str(reply_json(rs, 200), "status", STR("ok"));
    return OK;
}

const struct route healthz_route = {
    .method = GET,
    .path = "/healthz",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_INLINE,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .ignore_unknown = true,
    .handle = healthz,
    .summary = "The process is up",
};

static err readyz(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    const struct app *app = t->app;
    const char *missing = !db_ping(t->db)           ? "database"
                          : !cache_ping(t->cache)   ? "redis"
                          : !keys_usable(app->keys) ? "issuer_keys"
                                                    : NULL;
    struct json *j = reply_json(rs, missing ? 503 : 200);
    json_str(j, "status", missing ? STR("unavailable") : STR("ready"));
    json_str(j, "failed", str_of(missing));
    return OK;
}

const struct route readyz_route = {
    .method = GET,
    .path = "/readyz",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PROBLEM,
    .no_store = true,
    .ignore_unknown = true,
    .handle = readyz,
    .summary = "Database, Redis and keys are usable; 503 names the part that is not",
};
