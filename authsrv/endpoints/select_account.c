/*
 * GET and POST /select-account: the chooser of prompt=select_account (OIDC Core 3.1.2.1). It shows the account of this
 * browser's session; another one is a log-in.
 */
#include "authsrv/browser.h"
#include "authsrv/faults.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/flow.sql.h"
#include "shared/text/encode.h"
#include "web/authsrv/pages.h"

struct select_in {
    str flow, csrf;
};

static const struct param select_page_params[] = {
    P_STR(struct select_in, flow, .need = OPTIONAL, .set = TOKEN, .max = 64),
};

static const struct param select_params[] = {
    P_STR(struct select_in, flow, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct select_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
};

/* Where another account is asked for: at the partner whom the application named, else on our own page. */
static str other_url(struct task *t, const struct flow_find_row *flow)
{
    if (str_given(flow->idp_hint))
        return arena_printf(t->arena, "/login/partner/%.*s?flow=%.*s",
                            STR_ARG(percent_encode(t->arena, flow->idp_hint)), STR_ARG(flow->id.v));
    return visit_login_url(t, flow);
}

static void page_show(struct task *t, const struct visit *v, struct response *rs)
{
    struct buf *out = reply_html(rs, 200);
    page_select_account(out, t->language, t->frame,
                        &(struct page_select_account){ .client_name = v->client->meta.client_name,
                                                       .action = STR("/select-account"),
                                                       .csrf = v->csrf,
                                                       .flow = v->flow->id.v,
                                                       .user_name = v->session->row->user_name,
                                                       .user_email = v->session->row->email,
                                                       .other_url = other_url(t, v->flow),
                                                       .logo_url = shown_logo(t, rs, v->client),
                                                       .policy_url = v->client->meta.policy_uri,
                                                       .tos_url = v->client->meta.tos_uri });
}

static err needs_choice(struct task *t, const struct visit *v, bool *ret)
{
    enum interaction next;
    TRY(flow_judge(t, v->flow, v->client, v->session, &next));
    *ret = str_eq(v->flow->status, STR("open")) && next == INTERACT_SELECT;
    return OK;
}

static err select_account(struct task *t, const struct request *rq, struct response *rs)
{
    const struct select_in *in = rq->in;
    struct visit v;
    bool needed;
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(needs_choice(t, &v, &needed));
    if (!needed)
        return visit_go(t, &v, rs);
    page_show(t, &v, rs);
    return OK;
}

static err select_account_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct select_in *in = rq->in;
    struct visit v;
    bool needed;
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(visit_check(t, &v, in->csrf));
    TRY(needs_choice(t, &v, &needed));
    if (needed) {
        TRY(flow_choose(t, v.flow->id, v.browser, v.session));
        TRY(visit_load(t, rq, in->flow, &v));
    }
    return visit_go(t, &v, rs);
}

const struct route select_account_route =
    PAGE_ROUTE("/select-account", .sites = SITE_ANY, INPUT(struct select_in, select_page_params),
               .handle = select_account, .summary = "Page to choose the account");

const struct route select_account_post_route =
    FORM_ROUTE("/select-account", .sites = SITE_ANY, INPUT(struct select_in, select_params),
               .handle = select_account_post, .summary = "Go on with the account of the session");
