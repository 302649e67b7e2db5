/* /operator/login, /operator/callback, /operator/logout: the operator's session, by a log-in at the issuer. */
#include "paysrv/flow/access/operator_login.h"

#include "paysrv/domain/access/operator_target.h"
#include "paysrv/faults.h"
#include "paysrv/operator_page.h"
#include "paysrv/routes.h"
#include "web/operator/pages.h"

#define BROWSER_COOKIE "__Host-stoa_operator_login"

struct login_in {
    str to;
};

static const struct param login_params[] = {
    P_STR(struct login_in, to, .need = OPTIONAL, .set = LINE, .max = OPERATOR_TARGET_MAX_BYTES),
};

static err login(struct task *t, const struct request *rq, struct response *rs)
{
    const struct login_in *in = rq->in;
    struct login_begun begun;
    TRY(operator_login_begin(t, operator_target_is(in->to) ? in->to : STR("/operator"), &begun));
    reply_cookie(rs, &(struct cookie){ .name = BROWSER_COOKIE, .value = begun.browser, .max_age_s = 600 });
    reply_found(rs, begun.location);
    return OK;
}

const struct route operator_login_route = {
    .method = GET,
    .path = "/operator/login",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .per_minute = 60,
    .ignore_unknown = true,
    INPUT(struct login_in, login_params),
    .handle = login,
    .summary = "Send the operator to the issuer to log in",
};

struct callback_in {
    str code, state, iss, error;
};

static const struct param callback_params[] = {
    P_STR(struct callback_in, code, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 512),
    P_STR(struct callback_in, state, .need = OPTIONAL, .set = BASE64URL, .min = 1, .max = 128),
    P_STR(struct callback_in, iss, .need = OPTIONAL, .set = URI, .min = 1, .max = 200),
    P_STR(struct callback_in, error, .need = OPTIONAL, .set = LINE, .min = 1, .max = 100),
};

static err callback(struct task *t, const struct request *rq, struct response *rs)
{
    const struct callback_in *in = rq->in;
    const struct login_answer answer = { .code = in->code,
                                         .state = in->state,
                                         .iss = in->iss,
                                         .error = in->error,
                                         .browser = request_cookie(rq, BROWSER_COOKIE) };
    struct login_finished finished;
    task_by(t, STR("link:log-in"), STR(""), rq->peer); /* who it is becomes known with the session */
    TRY(operator_login_finish(t, &answer, &finished));
    reply_cookie(rs, &(struct cookie){ .name = BROWSER_COOKIE, .value = STR(""), .max_age_s = -1 });
    reply_cookie(
        rs, &(struct cookie){ .name = OPERATOR_COOKIE, .value = finished.session, .max_age_s = OPERATOR_SESSION_S });
    reply_see_other(rs, finished.target);
    return OK;
}

const struct route operator_callback_route = {
    .method = GET,
    .path = "/operator/callback",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .per_minute = 60,
    .ignore_unknown = true,
    INPUT(struct callback_in, callback_params),
    .handle = callback,
    .summary = "Where the issuer sends the operator back",
};

struct logout_in {
    str csrf;
};

static const struct param logout_params[] = {
    P_STR(struct logout_in, csrf, .need = REQUIRED, .set = BASE64URL, .min = 43, .max = 43),
};

static err logout(struct task *t, const struct request *rq, struct response *rs)
{
    const struct logout_in *in = rq->in;
    const struct operator_session *session = rq->caller;
    if (session) {
        TRY(operator_form(t, session, in->csrf));
        TRY(operator_logout(t, request_cookie(rq, OPERATOR_COOKIE)));
    }
    reply_cookie(rs, &(struct cookie){ .name = OPERATOR_COOKIE, .value = STR(""), .max_age_s = -1 });
    reply_see_other(rs, STR("/operator/signed-out"));
    return OK;
}

const struct route operator_logout_route = {
    .method = POST,
    .path = "/operator/logout",
    .guard = &GUARD_SIGNED_IN,
    .body = BODY_FORM,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    INPUT(struct logout_in, logout_params),
    .handle = logout,
    .summary = "End the operator's session",
};

static err signed_out(struct task *t, const struct request *rq, struct response *rs)
{
    (void)t, (void)rq;
    const struct page_operator_signed_out page = { .login_url = STR("/operator/login") };
    page_operator_signed_out(reply_html(rs, 200), &page);
    return OK;
}

const struct route operator_signed_out_route = {
    .method = GET,
    .path = "/operator/signed-out",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_INLINE,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .ignore_unknown = true,
    .handle = signed_out,
    .summary = "Where the operator lands after the end of the session",
};
