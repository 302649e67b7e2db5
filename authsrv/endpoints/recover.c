/*
 * GET and POST /recover, GET and POST /recover/code: a new password by a mailed code. What is shown does not depend on
 * whether there is such an account (SECURITY G 181, 182), and the mail has a code to type, no link for scanners to
 * follow. Where it is typed is a page with an address: a phone that was asked for the mail loads it again.
 */
#include "authsrv/app.h"
#include "authsrv/browser.h"
#include "authsrv/counters.h"
#include "authsrv/domain/account/account.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/password.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "shared/cache/cache.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"
#include "shared/text/network.h"
#include "web/authsrv/pages.h"
#include "web/text.h"

#define CSRF_PURPOSE STR("recover")
/* Rows that belong to an account cost more than those that belong to nobody, by tenths of a millisecond. */
#define EVEN_ANSWER MILLISECONDS(100)
#define ASKED_PER_MINUTE 2 /* of one network */
#define ASKED_BURST 20
#define TYPED_PER_MINUTE 10
#define TYPED_BURST 30

struct recover_in {
    str flow, csrf, email;
    str renew; /* given: an operator wants another password */
};

struct code_in {
    str flow, csrf, ticket, code, password;
};

static const struct param page_params[] = {
    P_STR(struct recover_in, flow, .need = OPTIONAL, .set = TOKEN, .max = 64),
    P_STR(struct recover_in, renew, .need = OPTIONAL, .set = DIGITS, .max = 1),
};

static const struct param recover_params[] = {
    P_STR(struct recover_in, flow, .need = OPTIONAL, .set = TOKEN, .max = 64),
    P_STR(struct recover_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct recover_in, email, .need = REQUIRED, .set = TEXT, .max = 1024),
};

static const struct param code_page_params[] = {
    P_STR(struct code_in, flow, .need = OPTIONAL, .set = TOKEN, .max = 64),
    P_STR(struct code_in, ticket, .need = REQUIRED, .set = TOKEN, .max = 64),
};

static const struct param code_params[] = {
    P_STR(struct code_in, flow, .need = OPTIONAL, .set = TOKEN, .max = 64),
    P_STR(struct code_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct code_in, ticket, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct code_in, code, .need = REQUIRED, .set = TEXT, .max = 32),
    P_STR(struct code_in, password, .need = REQUIRED, .set = TEXT, .max = 1024),
};

/* Back into the log-in that brought us here, if any. */
static str with_flow(struct task *t, const char *path, str flow)
{
    return flow.n > 0 ? arena_printf(t->arena, "%s?flow=%.*s", path, STR_ARG(percent_encode(t->arena, flow)))
                      : str_of(path);
}

static bool may(struct task *t, const struct request *rq, const char *what, int per_minute, int burst)
{
    int retry_after_s;
    str key = arena_printf(t->arena, "recover_%s:%.*s", what, STR_ARG(network_of(t->arena, rq->peer)));
    return !app_of(t)->config.rate_limits || cache_allow(t, key, per_minute, burst, &retry_after_s);
}

static err csrf_check(struct task *t, const struct request *rq, str csrf)
{
    str cookie = browser_cookie(rq);
    return str_given(cookie) && equal_bytes(bytes_of(csrf_token(t, cookie, CSRF_PURPOSE)), bytes_of(csrf))
               ? OK
               : FAIL(t, FORBIDDEN, "wrong csrf token, or no binding cookie");
}

static void page_show(struct task *t, const struct request *rq, struct response *rs, int status, str flow, str problem)
{
    str cookie = browser_cookie_keep(t, rq, rs);
    page_recover(
        reply_html(rs, status), t->language, t->frame,
        &(struct page_recover){
            .action = STR("/recover"), .csrf = csrf_token(t, cookie, CSRF_PURPOSE), .flow = flow, .problem = problem });
}

/* The code stays when only the password is refused: then it is that which has to be typed again. */
static void code_show(struct task *t, struct response *rs, int status, const struct code_in *in,
                      enum reset_verdict verdict, str problem)
{
    page_recover_code(reply_html(rs, status), t->language, t->frame,
                      &(struct page_recover_code){ .action = STR("/recover/code"),
                                                   .csrf = in->csrf,
                                                   .flow = in->flow,
                                                   .ticket = in->ticket,
                                                   .again_url = with_flow(t, "/recover", in->flow),
                                                   .problem = problem,
                                                   .code = verdict == RESET_BAD_PASSWORD ? in->code : STR_NONE,
                                                   .is_code_wrong = verdict == RESET_WRONG_CODE,
                                                   .is_password_wrong = verdict == RESET_BAD_PASSWORD });
}

static err recover(struct task *t, const struct request *rq, struct response *rs)
{
    const struct recover_in *in = rq->in;
    TRY(visit_language(t, rq, in->flow));
    page_show(t, rq, rs, 200, in->flow, str_given(in->renew) ? text_in(t->language, TEXT_RECOVER_RENEW) : STR_NONE);
    return OK;
}

static err recover_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct recover_in *in = rq->in;
    const struct client *client;
    str ticket;
    TRY(csrf_check(t, rq, in->csrf));
    TRY(visit_around(t, rq, in->flow, &client));
    if (!may(t, rq, "ask", ASKED_PER_MINUTE, ASKED_BURST)) {
        page_show(t, rq, rs, 429, in->flow, text_in(t->language, TEXT_RECOVER_SLOW));
        return OK;
    }
    reply_hold(rs, EVEN_ANSWER);
    TRY(reset_begin(t, browser_bind(t, rq, rs), in->email, client, &ticket));
    str url = arena_printf(t->arena, "/recover/code?ticket=%.*s", STR_ARG(ticket));
    if (in->flow.n > 0)
        url = arena_printf(t->arena, "%.*s&flow=%.*s", STR_ARG(url), STR_ARG(percent_encode(t->arena, in->flow)));
    reply_see_other(rs, url);
    return OK;
}

static err recover_code_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct code_in *in = rq->in;
    struct code_in shown = *in;
    TRY(visit_language(t, rq, in->flow));
    shown.csrf = csrf_token(t, browser_cookie_keep(t, rq, rs), CSRF_PURPOSE);
    code_show(t, rs, 200, &shown, RESET_DONE, STR_NONE);
    return OK;
}

static err recover_code(struct task *t, const struct request *rq, struct response *rs)
{
    const struct code_in *in = rq->in;
    enum reset_verdict verdict;
    str problem;
    TRY(csrf_check(t, rq, in->csrf));
    TRY(visit_language(t, rq, in->flow));
    if (!may(t, rq, "type", TYPED_PER_MINUTE, TYPED_BURST)) {
        code_show(t, rs, 429, in, RESET_DONE, text_in(t->language, TEXT_RECOVER_SLOW));
        return OK;
    }
    const struct reset r = { .browser = browser_bind(t, rq, rs),
                             .ticket = in->ticket,
                             .code = mailed_code_typed(t->arena, in->code),
                             .password = in->password };
    TRY(reset_finish(t, &r, &verdict, &problem));
    switch (verdict) {
    case RESET_DONE:
        session_cookie_clear(t, rs);
        page_recover_done(reply_html(rs, 200), t->language, t->frame,
                          &(struct page_recover_done){ .login_url = in->flow.n > 0 ? with_flow(t, "/login", in->flow)
                                                                                   : STR("/account") });
        return OK;
    case RESET_WRONG_CODE:
        code_show(t, rs, 400, in, verdict, text_in(t->language, TEXT_RECOVER_CODE_WRONG));
        return OK;
    case RESET_BAD_PASSWORD:
        code_show(t, rs, 400, in, verdict, problem);
        return OK;
    }
    return OK;
}

const struct route recover_route = PAGE_ROUTE("/recover", INPUT(struct recover_in, page_params), .handle = recover,
                                              .summary = "Page for a forgotten password");

const struct route recover_post_route = FORM_ROUTE("/recover", INPUT(struct recover_in, recover_params),
                                                   .handle = recover_post, .summary = "Mail a code for a new password");

const struct route recover_code_page_route =
    PAGE_ROUTE("/recover/code", INPUT(struct code_in, code_page_params), .handle = recover_code_page,
               .summary = "Page for the mailed code and a new password");

const struct route recover_code_route = {
    .method = POST,
    .path = "/recover/code",
    .guard = &GUARD_FORM,
    .body = BODY_FORM,
    .run = RUN_COSTLY,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .ignore_unknown = true,
    INPUT(struct code_in, code_params),
    .handle = recover_code,
    .summary = "Set a new password with the mailed code",
};
