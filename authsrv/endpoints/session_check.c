/* GET /session/check: check_session_iframe (OIDC Session Management 1.0), the one page that anybody may frame. */
#include "authsrv/routes.h"
#include "web/authsrv/pages.h"

static err session_check(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    reply_csp(rs, "frame-ancestors", STR("*"));
    reply_header(rs, "Cross-Origin-Resource-Policy", STR("cross-origin"));
    page_session_check(reply_html(rs, 200), t->language, t->frame, &(struct page_session_check){ 0 });
    return OK;
}

const struct route session_check_route = {
    .method = GET,
    .path = "/session/check",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_INLINE,
    .errors = ERRORS_PAGE,
    .ignore_unknown = true,
    .handle = session_check,
    .summary = "Frame that answers whether the log-in state changed",
};
