/* GET /healthz, /readyz and /openapi.json: what every server says about itself. */
#include "shared/http/openapi.h"
#include "shared/server/server.h"

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
    .any_host = true,
    .handle = healthz,
    .answer = "{ status: 'ok' }",
    .summary = "The process is up",
};

static err readyz(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    const struct service *s = t->app;
    const struct readiness *parts = s->server->readiness;
    size_t n = s->server->n_readiness, n_failing = 0;
    const struct readiness **failing = arena_array(t->arena, const struct readiness *, n);
    for (size_t i = 0; i < n; i++)
        if (!parts[i].usable(t))
            failing[n_failing++] = &parts[i];
    struct json *j = reply_json(rs, n_failing ? 503 : 200);
    json_str(j, "status", n_failing ? STR("unavailable") : STR("ready"));
    if (n_failing == 0)
        return OK;
    json_array(j, "failing");
    for (size_t i = 0; i < n_failing; i++)
        json_str(j, NULL, str_of(failing[i]->part));
    json_close(j);
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
    .any_host = true,
    .handle = readyz,
    .answer = "{ status: 'ready' }",
    .summary = "Database, Redis and keys are usable; 503 names the parts that are not",
};

#define DESCRIPTION_MAX_BYTES (4u << 20)

str server_description(const struct service *s, struct arena *a)
{
    struct buf out;
    struct json j;
    const struct openapi_about about = { .title = str_of(s->server->title),
                                         .server = s->settings.url,
                                         .shapes = s->server->shapes,
                                         .n_shapes = s->server->n_shapes,
                                         .messages = s->server->messages,
                                         .n_messages = s->server->n_messages,
                                         .headers = s->server->headers,
                                         .n_headers = s->server->n_headers,
                                         .meanings = s->server->meanings };
    buf_init(&out, a, DESCRIPTION_MAX_BYTES);
    json_begin(&j, &out);
    openapi_write(&j, &about, s->server->routes, s->server->n_routes);
    json_end(&j);
    return buf_str(&out);
}

static err openapi(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    const struct service *s = t->app;
    str text = str_given(s->description) ? s->description : server_description(s, t->arena);
    reply_raw(rs, 200, "application/json", text);
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
    .answer = "any",
    .summary = "This description",
};
