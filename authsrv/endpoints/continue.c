/*
 * GET /continue/{id}: the last page of a flow. It makes what was asked for, once, and
 * carries the browser to the application.
 */
#include "authsrv/browser.h"
#include "authsrv/faults.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"

static err continue_on(struct task *t, const struct request *rq, struct response *rs)
{
    struct visit v;
    const struct answer *answer;
    TRY(visit_load(t, rq, request_path_param(rq, "id"), &v));
    if (str_eq(v.flow->status, STR("open")))
        return visit_go(t, &v, rs);
    TRY(flow_finish(t, v.flow, v.client, v.browser, &answer));
    if (!answer)
        return visit_over(t, v.client, "the flow is done already, or its session ended");
    answer_leave(t, rs, answer);
    return OK;
}

const struct route continue_on_route = {
    .method = GET,
    .path = "/continue/{id}",
    .guard = &GUARD_VISIT,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .ignore_unknown = true,
    .handle = continue_on,
    .summary = "Page that carries the browser back to the application",
};
