/*
 * GET and POST /sign-up, GET and POST /sign-up/code: opening an account on the way of a log-in, where the operator
 * allows it (setting self_registration; prompt=create of Initiating User Registration via OpenID Connect leads here).
 * What is shown does not depend on whether the address has an account.
 */
#include "authsrv/flow/account/sign_up.h"
#include "authsrv/app.h"
#include "authsrv/browser.h"
#include "authsrv/domain/account/account.h"
#include "authsrv/faults.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "shared/cache/cache.h"
#include "shared/text/network.h"
#include "web/authsrv/pages.h"
#include "web/text.h"

#define ASKED_PER_MINUTE 2 /* of one network */
#define ASKED_BURST 20
#define TYPED_PER_MINUTE 10
#define TYPED_BURST 30

struct sign_up_in {
    str flow, csrf, email, name;
};

struct code_in {
    str flow, csrf, ticket, code, password;
};

static const struct param page_params[] = {
    P_STR(struct sign_up_in, flow, .need = REQUIRED, .set = TOKEN, .max = 64),
};

static const struct param sign_up_params[] = {
    P_STR(struct sign_up_in, flow, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct sign_up_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct sign_up_in, email, .need = OPTIONAL, .set = TEXT, .max = 1024),
    P_STR(struct sign_up_in, name, .need = OPTIONAL, .set = TEXT, .max = 1024),
};

static const struct param code_page_params[] = {
    P_STR(struct code_in, flow, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct code_in, ticket, .need = REQUIRED, .set = TOKEN, .max = 64),
};

static const struct param code_params[] = {
    P_STR(struct code_in, flow, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct code_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct code_in, ticket, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct code_in, code, .need = REQUIRED, .set = TEXT, .max = 32),
    P_STR(struct code_in, password, .need = REQUIRED, .set = TEXT, .max = 1024),
};

static bool may(struct task *t, const struct request *rq, const char *what, int per_minute, int burst)
{
    int retry_after_s;
    str key = arena_printf(t->arena, "sign_up_%s:%.*s", what, STR_ARG(network_of(t->arena, rq->peer)));
    return !app_of(t)->config.rate_limits || cache_allow(t, key, per_minute, burst, &retry_after_s);
}

static err visit_open(struct task *t, const struct request *rq, str flow, struct visit *v)
{
    if (!app_of(t)->config.self_registration)
        return FAIL(t, NOT_FOUND, "nobody opens an account by himself here");
    return visit_load(t, rq, flow, v);
}

static str own_path(struct task *t, const char *path, const struct visit *v)
{
    return arena_printf(t->arena, "%s?flow=%.*s", path, STR_ARG(v->flow->id.v));
}

/* wrong: the field that the problem is of; NULL: none. */
static void page_show(struct task *t, const struct visit *v, struct response *rs, int status,
                      const struct sign_up_in *in, const str *wrong, str problem)
{
    struct buf *out = reply_html(rs, status);
    page_sign_up(out, t->language, t->frame,
                 &(struct page_sign_up){ .client_name = v->client->meta.client_name,
                                         .action = STR("/sign-up"),
                                         .csrf = v->csrf,
                                         .flow = v->flow->id.v,
                                         .email = str_given(in->email) ? in->email : v->flow->login_hint,
                                         .name = in->name,
                                         .problem = problem,
                                         .login_url = own_path(t, "/login", v),
                                         .is_name_wrong = wrong == &in->name,
                                         .is_email_wrong = wrong == &in->email });
}

/* The code stays when only the password is refused: then it is that which has to be typed again. */
static void code_show(struct task *t, const struct visit *v, struct response *rs, int status, const struct code_in *in,
                      enum sign_up_verdict verdict, str problem)
{
    page_sign_up_code(reply_html(rs, status), t->language, t->frame,
                      &(struct page_sign_up_code){ .action = STR("/sign-up/code"),
                                                   .csrf = v->csrf,
                                                   .flow = v->flow->id.v,
                                                   .ticket = in->ticket,
                                                   .again_url = own_path(t, "/sign-up", v),
                                                   .problem = problem,
                                                   .code = verdict == SIGN_UP_BAD_PASSWORD ? in->code : STR_NONE,
                                                   .is_code_wrong = status == 400 && verdict != SIGN_UP_BAD_PASSWORD,
                                                   .is_password_wrong = verdict == SIGN_UP_BAD_PASSWORD });
}

static err sign_up(struct task *t, const struct request *rq, struct response *rs)
{
    const struct sign_up_in *in = rq->in;
    struct visit v;
    bool signed_in;
    TRY(visit_open(t, rq, in->flow, &v));
    TRY(visit_is_signed_in(t, &v, &signed_in));
    if (signed_in || !str_eq(v.flow->status, STR("open")))
        return visit_go(t, &v, rs);
    page_show(t, &v, rs, 200, in, NULL, STR_NONE);
    return OK;
}

static err sign_up_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct sign_up_in *in = rq->in;
    struct visit v;
    str address, ticket;
    TRY(visit_open(t, rq, in->flow, &v));
    TRY(visit_check(t, &v, in->csrf));
    if (!str_eq(v.flow->status, STR("open")))
        return visit_go(t, &v, rs);
    if (!account_login(t->arena, in->email, &address)) {
        page_show(t, &v, rs, 400, in, &in->email, text_in(t->language, TEXT_SIGN_UP_BAD_EMAIL));
        return OK;
    }
    if (!account_name_valid(in->name)) {
        page_show(t, &v, rs, 400, in, &in->name, text_in(t->language, TEXT_SIGN_UP_BAD_NAME));
        return OK;
    }
    err e = may(t, rq, "ask", ASKED_PER_MINUTE, ASKED_BURST)
                ? sign_up_begin(t, v.client, v.browser, address, in->name, &ticket)
                : (err)FAIL(t, TOO_MANY_REQUESTS, "mails asked for by one network");
    if (err_is(e, &FAULT_TOO_MANY_REQUESTS)) {
        page_show(t, &v, rs, 429, in, NULL, text_in(t->language, TEXT_SIGN_UP_SLOW));
        return OK;
    }
    TRY(e);
    reply_see_other(
        rs, arena_printf(t->arena, "%.*s&ticket=%.*s", STR_ARG(own_path(t, "/sign-up/code", &v)), STR_ARG(ticket)));
    return OK;
}

static err sign_up_code_page(struct task *t, const struct request *rq, struct response *rs)
{
    const struct code_in *in = rq->in;
    struct visit v;
    bool signed_in;
    TRY(visit_open(t, rq, in->flow, &v));
    TRY(visit_is_signed_in(t, &v, &signed_in));
    if (signed_in || !str_eq(v.flow->status, STR("open")))
        return visit_go(t, &v, rs);
    code_show(t, &v, rs, 200, in, SIGN_UP_DONE, STR_NONE);
    return OK;
}

static err sign_up_code(struct task *t, const struct request *rq, struct response *rs)
{
    const struct code_in *in = rq->in;
    struct visit v;
    enum sign_up_verdict verdict;
    str problem;
    struct proven who;
    TRY(visit_open(t, rq, in->flow, &v));
    TRY(visit_check(t, &v, in->csrf));
    if (!str_eq(v.flow->status, STR("open")))
        return visit_go(t, &v, rs);
    if (!may(t, rq, "type", TYPED_PER_MINUTE, TYPED_BURST)) {
        code_show(t, &v, rs, 429, in, SIGN_UP_DONE, text_in(t->language, TEXT_SIGN_UP_SLOW));
        return OK;
    }
    const struct sign_up s = { .browser = v.browser,
                               .ticket = in->ticket,
                               .code = mailed_code_typed(t->arena, in->code),
                               .password = in->password };
    TRY(sign_up_finish(t, &s, &verdict, &problem, &who));
    if (verdict == SIGN_UP_DONE)
        return visit_sign_in(t, rq, rs, &v,
                             &(struct session_new){ .who = who, .auth_time = t->now, .amr = STR("pwd") });
    code_show(t, &v, rs, 400, in, verdict,
              verdict == SIGN_UP_BAD_PASSWORD ? problem : text_in(t->language, TEXT_RECOVER_CODE_WRONG));
    return OK;
}

const struct route sign_up_route = PAGE_ROUTE("/sign-up", INPUT(struct sign_up_in, page_params), .handle = sign_up,
                                              .summary = "Page to open an account");

const struct route sign_up_post_route =
    FORM_ROUTE("/sign-up", INPUT(struct sign_up_in, sign_up_params), .handle = sign_up_post,
               .summary = "Mail a code to the address of a new account");

const struct route sign_up_code_page_route =
    PAGE_ROUTE("/sign-up/code", INPUT(struct code_in, code_page_params), .handle = sign_up_code_page,
               .summary = "Page for the mailed code of a new account");

const struct route sign_up_code_route = {
    .method = POST,
    .path = "/sign-up/code",
    .guard = &GUARD_FORM,
    .body = BODY_FORM,
    .run = RUN_COSTLY,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .ignore_unknown = true,
    INPUT(struct code_in, code_params),
    .handle = sign_up_code,
    .summary = "Open the account with the mailed code and a password",
};
