/* See served.h. Runs between the handler and the answer, so it copies and decides nothing. */
#include "paysrv/served.h"

#include "paysrv/app.h"
#include "paysrv/domain/api_version.h"
#include "paysrv/domain/idempotency.h"
#include "paysrv/domain/request_filter.h"
#include "paysrv/flow/request_log.h"
#include "paysrv/guards.h"
#include "paysrv/requests.h"
#include "shared/http/router.h"

#define PROBLEM_MAX_BYTES 4096

/* Requests with a partner's token, or a user's of it; what operators do is not the partner's to read. */
static bool is_partners(const struct request *rq)
{
    const struct route *route = rq->route;
    bool is_bearer = strncmp(route->guard->name, "bearer ", strlen("bearer ")) == 0;
    return is_bearer && route->guard != &GUARD_OPERATOR && rq->caller && str_given(caller_of(rq)->partner.v);
}

static bool names_are_plain(const struct request *rq)
{
    for (size_t i = 0; i < rq->n_path_params; i++)
        if (!request_name_is_plain(rq->path_params[i].value))
            return false;
    return true;
}

/* A problem's code stands in it; it is our own document, so nothing else looks like that before it. */
static str code_of(str problem)
{
    str begins = STR("\"code\":\"");
    const char *at = memmem(problem.p, problem.n, begins.p, begins.n);
    if (!at)
        return STR("");
    const char *start = at + begins.n, *end = memchr(start, '"', (size_t)(problem.p + problem.n - start));
    return end ? (str){ start, (size_t)(end - start) } : STR("");
}

static void outcome_add(struct request_entry *e, const struct request *rq, const struct served *served)
{
    bool is_plain = names_are_plain(rq);
    str named = is_plain && rq->n_path_params ? rq->path_params[0].value : STR("");
    e->path = is_plain ? rq->path : e->route;
    e->object = named;
    if (served->status >= 400) {
        e->code = code_of(served->body);
        if (served->body.n <= PROBLEM_MAX_BYTES && served->body.n > 0 && served->body.p[0] == '{')
            e->problem = served->body;
        return;
    }
    str made = request_object_of(served->body);
    if (str_given(made) && !str_eq(made, named)) {
        e->object = made;
        e->parent = named;
    }
}

void answer_render(struct task *t, const struct request *rq, struct response *rs)
{
    int status = reply_status(rs);
    if (!is_partners(rq))
        return;
    int version = caller_of(rq)->version;
    reply_header(rs, API_VERSION_HEADER, str_of(api_version_name(version)));
    str body = status < 300 && version != API_VERSION_NEWEST ? reply_text(rs) : STR("");
    if (body.n > 0 && body.p[0] == '{')
        reply_raw(rs, status, "application/json", api_version_render(t->arena, version, STR_NONE, body));
}

void request_served(struct task *t, const struct request *rq, const struct served *served)
{
    const struct app *app = t->app;
    str key = request_header(rq, "idempotency-key"), parsed;
    if (!is_partners(rq))
        return;
    struct request_entry e = {
        .partner = caller_of(rq)->partner.v,
        .request = t->request_id,
        .client = caller_of(rq)->client_id,
        .actor = caller_of(rq)->acting,
        .version = str_of(api_version_name(caller_of(rq)->version)),
        .method = str_of(method_name(rq->method)),
        .route = str_of(rq->route->path),
        .at_us = rq->now.us,
        .elapsed_us = served->elapsed_us,
        .status = served->status,
    };
    if (str_given(key) && idempotency_key_parse(key, &parsed))
        e.key = parsed;
    outcome_add(&e, rq, served);
    request_log_add(t, app->requests, &e);
}
