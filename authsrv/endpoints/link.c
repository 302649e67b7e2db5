/*
 * GET and POST /link: what a partner proved meets the account that it may belong to. First the person is asked whether
 * there is one (an equal address joins nothing); then, with both proven in this flow, whether they shall be one.
 */
#include "authsrv/browser.h"
#include "authsrv/counters.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/linking.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/upstream/upstream_account.h"
#include "authsrv/flow/upstream/upstream_keep.h"
#include "authsrv/guards.h"
#include "authsrv/partner_ways.h"
#include "authsrv/routes.h"
#include "authsrv/store/identity.sql.h"
#include "web/authsrv/pages.h"
#include "web/text.h"

struct link_in {
    str flow, csrf, choice;
};

static const struct param page_params[] = {
    P_STR(struct link_in, flow, .need = REQUIRED, .set = TOKEN, .max = 64),
};

static const struct param choice_params[] = {
    P_STR(struct link_in, flow, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct link_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct link_in, choice, .need = REQUIRED, .set = ID, .max = 16),
};

static const struct session *proven_session(const struct visit *v)
{
    return flow_proves(v->flow, v->session) ? v->session : NULL;
}

static err log_in(struct task *t, const struct visit *v, struct response *rs)
{
    reply_see_other(rs, arena_printf(t->arena, "/login?flow=%.*s&first=1", STR_ARG(v->flow->id.v)));
    return OK;
}

/* Nothing waits any more: the flow goes on as if nothing had. */
static err go_on(struct task *t, struct visit *v, struct response *rs)
{
    TRY(link_forget(t, v->flow->id));
    TRY(visit_renew(t, v));
    return visit_go(t, v, rs);
}

static str who_there(const struct pending_find_row *p)
{
    return str_given(p->email) ? p->email : p->name;
}

static void offer_show(struct task *t, const struct visit *v, const struct pending_find_row *p, struct response *rs)
{
    page_link_offer(reply_html(rs, 200), t->language, t->frame,
                    &(struct page_link_offer){ .partner_name = p->partner_name,
                                               .there = who_there(p),
                                               .client_name = v->client->meta.client_name,
                                               .action = STR("/link"),
                                               .csrf = v->csrf,
                                               .flow = v->flow->id.v });
}

static void confirm_show(struct task *t, const struct visit *v, const struct pending_find_row *p, struct response *rs)
{
    page_link_confirm(reply_html(rs, 200), t->language, t->frame,
                      &(struct page_link_confirm){ .partner_name = p->partner_name,
                                                   .there = who_there(p),
                                                   .name = v->session->row->user_name,
                                                   .email = v->session->row->email,
                                                   .action = STR("/link"),
                                                   .csrf = v->csrf,
                                                   .flow = v->flow->id.v });
}

/* Nobody learns whose it is; nothing moves. */
static err refuse(struct task *t, const struct visit *v, const struct pending_find_row *p, enum link_verdict why,
                  struct response *rs)
{
    bool taken = why == LINK_TAKEN;
    str user = v->session->row->user_id.v;
    count_link(t, LINKS_REFUSED);
    TRY(audit_write(t, user, STR("identity.link_refused"), user, p->partner));
    page_link_refused(reply_html(rs, taken ? 409 : 403), t->language, t->frame,
                      &(struct page_link_refused){
                          .partner_name = p->partner_name,
                          .problem = text_in(t->language, taken ? TEXT_LINK_TAKEN : TEXT_LINK_UNVERIFIED),
                          .action = STR("/link"),
                          .csrf = v->csrf,
                          .flow = v->flow->id.v,
                      });
    return OK;
}

static err link_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct link_in *in = rq->in;
    const struct pending_find_row *p;
    enum link_verdict verdict;
    struct visit v;
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(link_pending(t, v.flow->id, &p));
    if (!str_eq(v.flow->status, STR("open")) || !p)
        return go_on(t, &v, rs);
    if (!v.flow->linking) {
        offer_show(t, &v, p, rs);
        return OK;
    }
    TRY(link_examine(t, proven_session(&v), p, &verdict));
    switch (verdict) {
    case LINK_GOOD:
        confirm_show(t, &v, p, rs);
        return OK;
    case LINK_ALREADY:
        return go_on(t, &v, rs);
    case LINK_UNPROVEN:
        return log_in(t, &v, rs);
    case LINK_TAKEN:
    case LINK_UNVERIFIED:
        return refuse(t, &v, p, verdict, rs);
    }
    return OK;
}

/* ---- choices ---- */

/* The first log-in as it would have been, for somebody who wants an account of its own. */
static err stay_separate(struct task *t, const struct request *rq, struct response *rs, struct visit *v,
                         const struct pending_find_row *p)
{
    const struct partner_person person = link_person(p);
    struct session_new session = { .amr = p->amr,
                                   .auth_time = p->auth_time_given ? p->auth_time : (instant){ 0 },
                                   .partner = p->partner,
                                   .upstream_subject = p->subject,
                                   .upstream_sid = p->sid,
                                   .upstream_hint = p->hint_sealed };
    const struct upstream *up;
    TRY(upstream_load(t, p->partner, &up));
    if (!up)
        return FAIL(t, PARTNER_ANSWER, "the partner was removed");
    TRY(link_forget(t, v->flow->id));
    err e = upstream_account(t, up, &person, &session.who);
    if (e)
        return partner_failed_answer(t, rq, rs, v, up, e);
    TRY(upstream_tokens_keep_pending(t, v->flow->id, p));
    count_link(t, LINKS_SEPARATE);
    return visit_sign_in(t, rq, rs, v, &session);
}

static err prove_first(struct task *t, const struct visit *v, struct response *rs)
{
    int64_t n;
    TRY(flow_link(t, v->flow->id, v->browser, &n));
    return log_in(t, v, rs);
}

/* The session that it was joined by, under a new id. */
static err session_go_on(struct task *t, const struct request *rq, struct response *rs, struct visit *v)
{
    const struct session_find_row *row = v->session->row;
    struct session_new again = { .who = session_proof_after_change(v->session),
                                 .amr = row->amr,
                                 .auth_time = row->auth_time,
                                 .partner = row->partner };
    TRY(visit_enter(t, rq, rs, v, &again));
    return visit_go(t, v, rs);
}

static err join(struct task *t, const struct request *rq, struct response *rs, struct visit *v,
                const struct pending_find_row *p)
{
    enum link_verdict verdict;
    TRY(link_examine(t, proven_session(v), p, &verdict));
    err e = verdict == LINK_GOOD ? link_make(t, v->flow->id, v->client, v->session, p, &verdict) : OK;
    if (verdict == LINK_UNPROVEN || err_is(e, &FAULT_NOT_LOGGED_IN))
        return log_in(t, v, rs);
    TRY(e);
    if (verdict == LINK_ALREADY)
        return go_on(t, v, rs);
    return verdict == LINK_GOOD ? session_go_on(t, rq, rs, v) : refuse(t, v, p, verdict, rs);
}

static err link_choose(struct task *t, const struct request *rq, struct response *rs)
{
    const struct link_in *in = rq->in;
    const struct pending_find_row *p;
    struct visit v;
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(visit_check(t, &v, in->csrf));
    TRY(link_pending(t, v.flow->id, &p));
    if (!str_eq(v.flow->status, STR("open")) || !p || str_eq(in->choice, STR("skip")))
        return go_on(t, &v, rs);
    if (str_eq(in->choice, STR("link")))
        return join(t, rq, rs, &v, p);
    if (str_eq(in->choice, STR("sign_in")))
        return prove_first(t, &v, rs);
    if (str_eq(in->choice, STR("separate")) && !v.flow->linking)
        return stay_separate(t, rq, rs, &v, p);
    return FAIL_PARAM(t, INVALID_REQUEST, STR("choice"), STR("link, skip, sign_in or separate"));
}

const struct route link_page_route = PAGE_ROUTE("/link", INPUT(struct link_in, page_params), .handle = link_page,
                                                .summary = "Page that asks whose account a partner's identity becomes");

const struct route link_choose_route =
    FORM_ROUTE("/link", INPUT(struct link_in, choice_params), .handle = link_choose,
               .summary = "Join a partner's identity to an account, or keep them apart");
