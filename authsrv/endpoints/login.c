/*
 * GET and POST /login: our own log-in page. Unknown account and wrong password are one answer in one time
 * (SECURITY G 181, 182); a failed attempt changes no session (F 148).
 */
#include "authsrv/app.h"
#include "authsrv/browser.h"
#include "authsrv/counters.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/attempt.h"
#include "authsrv/flow/account/passkey.h"
#include "authsrv/flow/account/password.h"
#include "authsrv/flow/account/second.h"
#include "authsrv/flow/audit.h"
#include "authsrv/guards.h"
#include "authsrv/partner_ways.h"
#include "authsrv/passkey_form.h"
#include "authsrv/routes.h"
#include "authsrv/step_up.h"
#include "authsrv/store/credential.sql.h"
#include "web/authsrv/pages.h"
#include "web/text.h"

struct login_in {
    str flow, csrf, email, password;
    str failed; /* how the last attempt did: "passkey" */
    str first;  /* given: from the first factor on, although a second would do */
};

static const struct param login_page_params[] = {
    P_STR(struct login_in, flow, .need = OPTIONAL, .set = TOKEN, .max = 64),
    P_STR(struct login_in, failed, .need = OPTIONAL, .set = ID, .max = 16),
    P_STR(struct login_in, first, .need = OPTIONAL, .set = DIGITS, .max = 1),
};

static const struct param login_params[] = {
    P_STR(struct login_in, flow, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct login_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct login_in, email, .need = OPTIONAL, .set = TEXT, .max = 1024),
    P_STR(struct login_in, password, .need = OPTIONAL, .set = TEXT, .max = 1024),
};

static err page_show(struct task *t, const struct request *rq, const struct visit *v, struct response *rs, int status,
                     str email, str problem)
{
    struct page_login page = {
        .client_name = v->client->meta.client_name,
        .action = STR("/login"),
        .csrf = v->csrf,
        .flow = v->flow->id.v,
        .email = email,
        .notice = v->flow->linking ? text_in(t->language, TEXT_LOGIN_LINKING) : STR_NONE,
        .problem = problem,
        .recover_url = arena_printf(t->arena, "/recover?flow=%.*s", STR_ARG(v->flow->id.v)),
        .sign_up_url = app_of(t)->config.self_registration
                           ? arena_printf(t->arena, "/sign-up?flow=%.*s", STR_ARG(v->flow->id.v))
                           : STR_NONE,
        .passkey_action = STR("/login/passkey"),
        .passkey_site = passkey_rp(t),
        .challenge = passkey_challenge(t, passkey_bound_to(t, v)),
        .policy_url = v->client->meta.policy_uri,
        .tos_url = v->client->meta.tos_uri,
    };
    TRY(partner_ways_read(t, rq, v, &page));
    struct buf *out = reply_html(rs, status);
    page.logo_url = shown_logo(t, rs, v->client);
    page_login(out, t->language, t->frame, &page);
    return OK;
}

static void second_show(struct task *t, const struct visit *v, struct response *rs)
{
    reply_see_other(rs, arena_printf(t->arena, "/login/second?flow=%.*s", STR_ARG(v->flow->id.v)));
}

/* The password is right: that is all, or the first of two factors. */
static err go_on(struct task *t, const struct request *rq, struct response *rs, struct visit *v, struct proven who)
{
    bool wanted;
    int64_t n;
    TRY(second_is_wanted(t, who.user, &wanted));
    if (!wanted)
        return visit_sign_in(t, rq, rs, v, &(struct session_new){ .who = who, .auth_time = t->now, .amr = STR("pwd") });
    TRY(flow_first_factor(t, who.user, who.cred_version, v->flow->id, v->browser, &n));
    count_login(t, LOGIN_PASSWORD, true);
    second_show(t, v, rs);
    return OK;
}

/* Whoever may know the password of before as well has to have the mail, too. */
static err renewal_show(struct task *t, const struct visit *v, struct response *rs)
{
    reply_see_other(rs, arena_printf(t->arena, "/recover?flow=%.*s&renew=1", STR_ARG(v->flow->id.v)));
    return OK;
}

static err login(struct task *t, const struct request *rq, struct response *rs)
{
    const struct login_in *in = rq->in;
    struct visit v;
    bool signed_in, suffices = false;
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(visit_is_signed_in(t, &v, &signed_in));
    if (signed_in || !str_eq(v.flow->status, STR("open")))
        return visit_go(t, &v, rs);
    if (!str_given(in->first) && !v.flow->linking)
        TRY(step_up_suffices(t, &v, &suffices));
    if (suffices) {
        second_show(t, &v, rs);
        return OK;
    }
    bool failed = str_eq(in->failed, STR("passkey"));
    return page_show(t, rq, &v, rs, failed ? 401 : 200, str_given(v.flow->login_hint) ? v.flow->login_hint : STR(""),
                     failed ? text_in(t->language, TEXT_PASSKEY_FAILED) : STR_NONE);
}

static err too_many(struct task *t, const struct request *rq, const struct visit *v, struct response *rs, str email)
{
    count_login_limited(t);
    return page_show(t, rq, v, rs, 429, email, text_in(t->language, TEXT_DEVICE_SLOW));
}

static struct attempt attempt_of(const struct request *rq, str email)
{
    return (struct attempt){ .login = email, .peer = rq->peer, .devices = request_cookie(rq, DEVICE_COOKIE) };
}

/* Strangers by the hundred fill the queue before the hashes; whoever was here before does not wait behind them. */
static bool login_goes_ahead(struct task *t, const struct request *rq)
{
    str email = form_get(rq->form, STR("email"));
    const struct attempt attempt = attempt_of(rq, str_given(email) ? email : STR(""));
    return attempt_is_known(t, &attempt);
}

static err login_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct login_in *in = rq->in;
    struct visit v;
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(visit_check(t, &v, in->csrf));
    if (!str_eq(v.flow->status, STR("open")))
        return visit_go(t, &v, rs);
    str email = str_given(in->email) ? in->email : STR("");
    const struct attempt attempt = attempt_of(rq, email);
    int retry_after_s;
    if (!attempt_allow(t, &attempt, &retry_after_s))
        return too_many(t, rq, &v, rs, email);
    enum password_verdict verdict;
    struct proven who;
    TRY(password_sign_in(t, email, str_given(in->password) ? in->password : STR(""), &verdict, &who));
    switch (verdict) {
    case PASSWORD_GOOD:
        device_cookie_set(rs, attempt_succeeded(t, &attempt));
        return go_on(t, rq, rs, &v, who);
    case PASSWORD_EXPIRED:
        return renewal_show(t, &v, rs);
    case PASSWORD_WRONG:
        break;
    }
    count_login(t, LOGIN_PASSWORD, false);
    TRY(audit_write(t, rq->peer, STR("login.failed"), v.client->id.v, STR("")));
    return page_show(t, rq, &v, rs, 401, email, text_in(t->language, TEXT_LOGIN_WRONG));
}

const struct route login_route =
    PAGE_ROUTE("/login", INPUT(struct login_in, login_page_params), .handle = login, .summary = "Log-in page");

const struct route login_post_route = {
    .method = POST,
    .path = "/login",
    .guard = &GUARD_FORM,
    .body = BODY_FORM,
    .run = RUN_COSTLY,
    .ahead = login_goes_ahead,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .ignore_unknown = true,
    INPUT(struct login_in, login_params),
    .handle = login_post,
    .summary = "Log in with e-mail and password",
};
