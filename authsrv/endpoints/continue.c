/*
 * GET /continue/{id}: the last page of a flow. It makes what was asked for, once, and
 * carries the browser to the application.
 */
#include "authsrv/browser.h"
#include "authsrv/faults.h"
#include "authsrv/flow/authorization/decoupled.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "web/authsrv/pages.h"

static err decoupled_end(struct task *t, const struct visit *v, struct response *rs)
{
    enum decoupled_end end;
    TRY(decoupled_finish(t, v->flow, v->client, v->browser, &end));
    if (end == DECOUPLED_GONE)
        return FAIL(t, NO_FLOW, "the request is decided already, or its time is over");
    page_decoupled_end(reply_html(rs, 200), t->language, t->frame,
                       &(struct page_decoupled_end){
                           .client_name = v->client->meta.client_name,
                           .is_approved = end == DECOUPLED_APPROVED,
                           .is_denied = end == DECOUPLED_DENIED,
                       });
    return OK;
}

static err continue_on(struct task *t, const struct request *rq, struct response *rs)
{
    struct visit v;
    const struct answer *answer;
    TRY(visit_load(t, rq, request_path_param(rq, "id"), &v));
    if (str_eq(v.flow->status, STR("open")))
        return visit_go(t, &v, rs);
    if (flow_is_decoupled(v.flow))
        return decoupled_end(t, &v, rs);
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
    .sites = SITE_ANY,
    .no_store = true,
    .ignore_unknown = true,
    .handle = continue_on,
    .summary = "Page that carries the browser back to the application",
};
