/*
 * GET and POST /login/second: the second factor, after the password in the same flow, or alone where a session has the
 * first one and an application wants more (RFC 9470). Nothing here begins a session without both (SECURITY G 189).
 */
#include "authsrv/counters.h"
#include "authsrv/domain/scope.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/second.h"
#include "authsrv/flow/audit.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/step_up.h"
#include "authsrv/store/credential.sql.h"
#include "shared/crypto/crypto.h"
#include "web/authsrv/pages.h"
#include "web/text.h"

#define FIRST_LIFE MINUTES(10)
#define SHOWN_LIFE SECONDS(10)
#define SECOND_AMR STR("otp mfa")

struct second_in {
    str flow, csrf, code;
};

static const struct param page_params[] = {
    P_STR(struct second_in, flow, .need = OPTIONAL, .set = TOKEN, .max = 64),
};

static const struct param second_params[] = {
    P_STR(struct second_in, flow, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct second_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct second_in, code, .need = REQUIRED, .set = TEXT, .max = 64),
};

/* Whose second factor is asked for, and what the session is to begin with; user absent: nobody's. */
static err who_load(struct task *t, const struct visit *v, struct session_new *ret)
{
    const struct flow_first_find_row *row;
    bool suffices;
    *ret = (struct session_new){ .method = LOGIN_SECOND, .auth_time = t->now };
    TRY(flow_first_find(t, v->flow->id, v->browser, (instant){ t->now.us - FIRST_LIFE.us }, &row));
    if (row) {
        ret->who = (struct proven){ row->user_id, row->cred_version };
        ret->amr = scope_union(t->arena, STR("pwd"), SECOND_AMR);
        return OK;
    }
    TRY(step_up_suffices(t, v, &suffices));
    if (!suffices)
        return OK;
    ret->who = session_proof(v->session);
    ret->amr = scope_union(t->arena, v->session->row->amr, SECOND_AMR);
    ret->partner = v->session->row->partner;
    return OK;
}

static void page_show(struct task *t, const struct visit *v, struct response *rs, int status, str problem)
{
    page_login_second(reply_html(rs, status), t->language, t->frame,
                      &(struct page_login_second){
                          .client_name = v->client->meta.client_name,
                          .action = STR("/login/second"),
                          .csrf = v->csrf,
                          .flow = v->flow->id.v,
                          .problem = problem,
                          .other_url = arena_printf(t->arena, "/login?flow=%.*s&first=1", STR_ARG(v->flow->id.v)) });
}

static err login_second(struct task *t, const struct request *rq, struct response *rs)
{
    const struct second_in *in = rq->in;
    struct visit v;
    struct session_new fresh;
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(who_load(t, &v, &fresh));
    if (!str_given(fresh.who.user.v))
        return visit_go(t, &v, rs);
    page_show(t, &v, rs, 200, STR_NONE);
    return OK;
}

static err refuse(struct task *t, const struct request *rq, const struct visit *v, struct response *rs,
                  enum second_verdict verdict, user_id user)
{
    count_login(t, LOGIN_SECOND, false);
    if (verdict == SECOND_SLOW)
        count_login_limited(t);
    TRY(audit_write(t, rq->peer, STR("login.second_failed"), user.v, STR("")));
    bool slow = verdict == SECOND_SLOW;
    page_show(t, v, rs, slow ? 429 : 401, text_in(t->language, slow ? TEXT_SECOND_SLOW : TEXT_SECOND_WRONG));
    return OK;
}

/*
 * The same form came twice at once, and the other one was good: a code works once. Either the log-in is there, or the
 * other one is about to make it, and whoever comes second is let in as well, if both are of one person.
 */
static void who_was_first(const struct task *t, const struct visit *v, bytes session_before, struct proven who,
                          bool *done, bool *shown)
{
    const struct flow_find_row *flow = v->flow;
    *done = !str_eq(flow->status, STR("open")) || !equal_bytes(session_before, flow->session_hash);
    *shown = flow->second_at_given && instant_before(t->now, instant_add(flow->second_at, SHOWN_LIFE)) &&
             str_eq(flow->second_user.v, who.user.v) && flow->second_version == who.cred_version;
}

static err login_second_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct second_in *in = rq->in;
    struct visit v;
    struct session_new fresh;
    enum second_verdict verdict;
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(visit_check(t, &v, in->csrf));
    TRY(who_load(t, &v, &fresh));
    if (!str_given(fresh.who.user.v))
        return visit_go(t, &v, rs);
    TRY(second_prove(t, fresh.who, v.flow->id, v.browser, in->code, &verdict));
    if (verdict == SECOND_GOOD || verdict == SECOND_GOOD_RECOVERY)
        return visit_sign_in(t, rq, rs, &v, &fresh);
    bytes before = v.flow->session_hash;
    bool done, shown;
    TRY(visit_renew(t, &v));
    who_was_first(t, &v, before, fresh.who, &done, &shown);
    if (done)
        return visit_go(t, &v, rs);
    return shown ? visit_sign_in(t, rq, rs, &v, &fresh) : refuse(t, rq, &v, rs, verdict, fresh.who.user);
}

const struct route login_second_route = PAGE_ROUTE("/login/second", INPUT(struct second_in, page_params),
                                                   .handle = login_second, .summary = "Page for the second factor");

const struct route login_second_post_route =
    FORM_ROUTE("/login/second", INPUT(struct second_in, second_params), .handle = login_second_post,
               .summary = "Show the second factor");
