/* GET /login/partner/{slug}: hands the browser to the partner's own log-in. */
#include "authsrv/browser.h"
#include "authsrv/counters.h"
#include "authsrv/domain/interaction.h"
#include "authsrv/faults.h"
#include "authsrv/flow/upstream.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "web/authsrv/pages.h"

struct login_partner_in {
    str flow;
};

static const struct param login_partner_params[] = {
    P_STR(struct login_partner_in, flow, .need = OPTIONAL, .set = TOKEN, .max = 64),
};

static err partner_failed(struct task *t, const struct visit *v, const struct upstream *partner, struct response *rs)
{
    count_login(t, LOGIN_PARTNER, false);
    str flow = v->flow->id.v;
    page_partner_failed(reply_html(rs, 503), &(struct page_partner_failed){
                                                 .partner_name = partner->row->name,
                                                 .retry_url = arena_printf(t->arena, "/login/partner/%.*s?flow=%.*s",
                                                                           STR_ARG(partner->row->slug), STR_ARG(flow)),
                                                 .other_url = arena_printf(t->arena, "/login?flow=%.*s", STR_ARG(flow)),
                                                 .request_id = t->request_id });
    return OK;
}

static err login_partner(struct task *t, const struct request *rq, struct response *rs)
{
    const struct login_partner_in *in = rq->in;
    struct visit v;
    const struct upstream *partner;
    struct prompt prompt;
    TRY(visit_load(t, rq, in->flow, &v));
    if (!str_eq(v.flow->status, STR("open")))
        return visit_go(t, &v, rs);
    TRY(upstream_load(t, request_path_param(rq, "slug"), &partner));
    if (!partner || partner->set.kind == UPSTREAM_ASSERTION)
        return FAIL(t, NOT_FOUND, "no such partner");
    if (!prompt_parse(v.flow->prompt, &prompt))
        return FAIL(t, INTERNAL, "a stored prompt cannot be read");
    const struct upstream_start start = {
        .flow = v.flow->id,
        .browser = v.browser,
        .silent = prompt.none,
        .force = prompt.login || prompt.select_account || (v.flow->max_age_given && v.flow->max_age == 0),
        .max_age = v.flow->max_age_given ? &v.flow->max_age : NULL,
        .login_hint = v.flow->login_hint,
    };
    str location;
    err e = upstream_begin(t, partner, &start, &location);
    if (err_is(e, &FAULT_PARTNER_FAILED) && prompt.none) {
        TRY(flow_deny(t, v.flow->id, v.browser, STR("temporarily_unavailable")));
        return visit_go(t, &v, rs);
    }
    if (err_is(e, &FAULT_PARTNER_FAILED))
        return partner_failed(t, &v, partner, rs);
    TRY(e);
    reply_header(rs, "Referrer-Policy", STR("no-referrer"));
    reply_found(rs, location);
    return OK;
}

const struct route login_partner_route = {
    .method = GET,
    .path = "/login/partner/{slug}",
    .guard = &GUARD_VISIT,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .per_minute = 120,
    .ignore_unknown = true,
    INPUT(struct login_partner_in, login_partner_params),
    .handle = login_partner,
    .summary = "Log in with a partner's account",
};
