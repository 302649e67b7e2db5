/*
 * GET /approve/{id}: where the mail leads the person whom a client asked for (OpenID CIBA). It begins this browser's
 * flow and decides nothing: log-in, if it is that person, and consent come next.
 */
#include "authsrv/browser.h"
#include "authsrv/faults.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/decoupled.sql.h"
#include "shared/crypto/crypto.h"

#define FLOW_LIFE MINUTES(15)

static err approve(struct task *t, const struct request *rq, struct response *rs)
{
    struct visit v = { .browser = browser_bind(t, rq, rs) };
    flow_id id = { random_id(t->arena, "fl_") };
    str path;
    int64_t n;
    TRY(ciba_flow_create(t, (decoupled_id){ request_path_param(rq, "id") }, v.browser, id,
                         instant_add(t->now, FLOW_LIFE), &n));
    if (n != 1)
        return FAIL(t, NO_FLOW, "no such request waits, or it is decided");
    /* The browser keeps its new cookie with this answer; the log-in page finds the flow by it, and leads on. */
    path = arena_printf(t->arena, "/consent?flow=%.*s", STR_ARG(id.v));
    reply_see_other(rs, path);
    return OK;
}

const struct route approve_route = {
    .method = GET,
    .path = "/approve/{id}",
    .guard = &GUARD_VISIT,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .per_minute = 120,
    .ignore_unknown = true,
    .handle = approve,
    .summary = "Decide on what a client asked for elsewhere",
};
