/* GET and POST /account/password: another password. It wants the current one, and ends all other sessions. */
#include "authsrv/app.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/attempt.h"
#include "authsrv/flow/account/password.h"
#include "authsrv/flow/audit.h"
#include "authsrv/guards.h"
#include "authsrv/owner.h"
#include "authsrv/routes.h"
#include "authsrv/store/credential.sql.h"
#include "web/authsrv/pages.h"
#include "web/text.h"

#define PAGE "/account/password"

struct password_in {
    str csrf, current, password;
};

static const struct param password_params[] = {
    P_STR(struct password_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct password_in, current, .need = REQUIRED, .set = TEXT, .max = 1024),
    P_STR(struct password_in, password, .need = REQUIRED, .set = TEXT, .max = 1024),
};

static err login_of(struct task *t, const struct owner *o, str *login)
{
    const struct ways_find_row *ways;
    TRY(ways_find(t, o->user, &ways));
    if (!ways || !ways->has_password)
        return FAIL(t, NOT_FOUND, "the account has no password");
    *login = ways->login;
    return OK;
}

/* 401: the current one is wrong; 400: the new one is refused. */
static void page_show(struct task *t, struct response *rs, int status, const struct owner *o, str login, str problem)
{
    page_account_password(reply_html(rs, status), t->language, t->frame,
                          &(struct page_account_password){ .action = STR(PAGE),
                                                           .csrf = o->csrf,
                                                           .login = login,
                                                           .back_url = STR("/account"),
                                                           .problem = problem,
                                                           .is_current_wrong = status == 401,
                                                           .is_password_wrong = status == 400 });
}

static err account_password(struct task *t, const struct request *rq, struct response *rs)
{
    struct owner o;
    str login;
    TRY(owner_load(t, rq, rs, OWNER_ANY, PAGE, &o));
    if (!o.session)
        return OK;
    TRY(login_of(t, &o, &login));
    page_show(t, rs, 200, &o, login, STR_NONE);
    return OK;
}

/* A session that somebody else sits at must not be a place to guess the password at: attempts count as at the log-in.
 */
static err prove(struct task *t, const struct request *rq, const struct owner *o, str login, int *status)
{
    const struct password_in *in = rq->in;
    const struct attempt attempt = { .login = login, .peer = rq->peer, .devices = request_cookie(rq, DEVICE_COOKIE) };
    enum password_verdict verdict;
    int retry_after_s;
    *status = 429;
    if (!attempt_allow(t, &attempt, &retry_after_s))
        return OK;
    TRY(password_prove(t, o->user, in->current, &verdict));
    *status = verdict == PASSWORD_GOOD ? 200 : 401;
    if (verdict == PASSWORD_GOOD)
        attempt_succeeded(t, &attempt);
    else
        TRY(audit_write(t, o->user.v, STR("password.wrong"), o->user.v, STR("account page")));
    return OK;
}

static err account_password_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct password_in *in = rq->in;
    struct owner o;
    str login, problem;
    int status;
    TRY(owner_form(t, rq, rs, OWNER_ANY, PAGE, in->csrf, &o));
    if (!o.session)
        return OK;
    TRY(login_of(t, &o, &login));
    TRY(prove(t, rq, &o, login, &status));
    if (status != 200) {
        page_show(t, rs, status, &o, login,
                  text_in(t->language, status == 429 ? TEXT_DEVICE_SLOW : TEXT_ACCOUNT_PASSWORD_WRONG));
        return OK;
    }
    TRY(password_examine(t, in->password, login, &problem));
    if (str_given(problem)) {
        page_show(t, rs, 400, &o, login, problem);
        return OK;
    }
    TRY(owner_renew(t, rq, rs, &o));
    TRY(password_set(t, o.session, in->password, STR("password.changed")));
    reply_see_other(rs, STR("/account?done=password"));
    return OK;
}

const struct route account_password_route =
    PAGE_ROUTE(PAGE, .handle = account_password, .summary = "Page to change the password");

const struct route account_password_post_route = {
    .method = POST,
    .path = PAGE,
    .guard = &GUARD_FORM,
    .body = BODY_FORM,
    .run = RUN_COSTLY,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .ignore_unknown = true,
    INPUT(struct password_in, password_params),
    .handle = account_password_post,
    .summary = "Change the password",
};
