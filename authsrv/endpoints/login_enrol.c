/*
 * GET and POST /login/enrol, GET /login/enrol/qr, GET and POST /login/enrol/codes: an authenticator app on the way to
 * an application that demands a second factor of somebody who has none (IDENTITY J 99: the password was given within
 * this very flow). Nobody has to: the other button goes back with the error that there would have been without. The
 * recovery codes are a page of their own, as on the account pages (account_codes.c).
 */
#include "authsrv/counters.h"
#include "authsrv/domain/account/totp.h"
#include "authsrv/domain/scope.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/second.h"
#include "authsrv/flow/authorization/authorize.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/step_up.h"
#include "shared/text/qr.h"
#include "web/authsrv/pages.h"
#include "web/text.h"

#define PAGE "/login/enrol"
#define CODES_PAGE PAGE "/codes"

struct enrol_in {
    str flow, csrf, code;
};

static const struct param page_params[] = {
    P_STR(struct enrol_in, flow, .need = REQUIRED, .set = TOKEN, .max = 64),
};

static const struct param enrol_params[] = {
    P_STR(struct enrol_in, flow, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct enrol_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct enrol_in, code, .need = OPTIONAL, .set = TEXT, .max = 64),
};

static const struct param kept_params[] = {
    P_STR(struct enrol_in, flow, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct enrol_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
};

static err offer_load(struct task *t, const struct visit *v, struct totp_offer *ret)
{
    const struct session_find_row *row = v->session->row;
    return totp_offer(t, row->user_id, str_given(row->email) ? row->email : row->user_name, ret);
}

static err page_show(struct task *t, const struct visit *v, struct response *rs, int status, str problem)
{
    struct totp_offer offer;
    str flow = v->flow->id.v;
    TRY(offer_load(t, v, &offer));
    page_login_enrol(reply_html(rs, status), t->language, t->frame,
                     &(struct page_login_enrol){ .client_name = v->client->meta.client_name,
                                                 .action = STR(PAGE),
                                                 .csrf = v->csrf,
                                                 .flow = flow,
                                                 .qr_url = arena_printf(t->arena, PAGE "/qr?flow=%.*s", STR_ARG(flow)),
                                                 .shown = offer.shown,
                                                 .problem = problem });
    return OK;
}

/* What was made within this very flow, by a page that may not have arrived; for nobody without the second factor. */
static err codes_load(struct task *t, const struct visit *v, struct recovery_codes *ret, bool *are_shown)
{
    *are_shown = false;
    if (!str_eq(v->flow->status, STR("open")) || !flow_proves(v->flow, v->session) ||
        !str_has_word(v->session->row->amr, STR("otp")))
        return OK;
    return recovery_codes_shown(t, v->session->row->user_id, ret, are_shown);
}

/* Nothing to enrol, or not any more. */
static err go_on(struct task *t, const struct visit *v, struct response *rs)
{
    struct recovery_codes codes;
    bool are_shown;
    TRY(codes_load(t, v, &codes, &are_shown));
    if (!are_shown)
        return visit_go(t, v, rs);
    reply_see_other(rs, arena_printf(t->arena, CODES_PAGE "?flow=%.*s", STR_ARG(v->flow->id.v)));
    return OK;
}

static err login_enrol(struct task *t, const struct request *rq, struct response *rs)
{
    const struct enrol_in *in = rq->in;
    struct visit v;
    bool enrols;
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(step_up_enrols(t, &v, &enrols));
    return enrols ? page_show(t, &v, rs, 200, STR_NONE) : go_on(t, &v, rs);
}

static err login_enrol_qr(struct task *t, const struct request *rq, struct response *rs)
{
    const struct enrol_in *in = rq->in;
    struct totp_offer offer;
    struct visit v;
    bool enrols;
    str svg;
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(step_up_enrols(t, &v, &enrols));
    if (!enrols)
        return FAIL(t, NOT_FOUND, "nothing to enrol");
    TRY(offer_load(t, &v, &offer));
    if (!qr_svg(t->arena, offer.uri, &svg))
        return FAIL(t, NOT_FOUND, "nothing to show as a QR code");
    reply_raw(rs, 200, "image/svg+xml", svg);
    return OK;
}

/* The session that the app was added by, stronger, under a new id. */
static err session_go_on(struct task *t, const struct request *rq, struct response *rs, struct visit *v)
{
    const struct session_find_row *row = v->session->row;
    struct session_new stronger = { .who = session_proof_after_change(v->session),
                                    .amr = scope_union(t->arena, row->amr, STR("otp mfa")),
                                    .auth_time = row->auth_time };
    return visit_enter(t, rq, rs, v, &stronger);
}

static err enrol(struct task *t, const struct request *rq, struct response *rs, struct visit *v, str code)
{
    enum second_verdict verdict;
    bool is_on;
    err e = totp_confirm(t, v->session, code, &verdict);
    if (e && !err_is(e, &FAULT_NOT_LOGGED_IN))
        return e;
    count_login(t, LOGIN_SECOND, !e && verdict == SECOND_GOOD);
    if (!e && verdict == SECOND_GOOD) {
        TRY(session_go_on(t, rq, rs, v));
        return go_on(t, v, rs);
    }
    TRY(second_is_wanted(t, v->session->row->user_id, &is_on));
    if (e || is_on) { /* the same form was faster: the secret that is in use is not shown again */
        reply_see_other(rs, arena_printf(t->arena, PAGE "?flow=%.*s", STR_ARG(v->flow->id.v)));
        return OK;
    }
    bool slow = verdict == SECOND_SLOW;
    return page_show(t, v, rs, slow ? 429 : 401, text_in(t->language, slow ? TEXT_SECOND_SLOW : TEXT_SECOND_WRONG));
}

static err login_enrol_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct enrol_in *in = rq->in;
    struct visit v;
    bool enrols;
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(visit_check(t, &v, in->csrf));
    TRY(step_up_enrols(t, &v, &enrols));
    if (!enrols)
        return go_on(t, &v, rs);
    if (str_given(in->code))
        return enrol(t, rq, rs, &v, in->code);
    TRY(flow_deny(t, v.flow->id, v.browser, STR("unmet_authentication_requirements")));
    visit_leave(t, &v, rs);
    return OK;
}

static err login_enrol_codes(struct task *t, const struct request *rq, struct response *rs)
{
    const struct enrol_in *in = rq->in;
    struct recovery_codes codes;
    struct visit v;
    bool are_shown;
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(codes_load(t, &v, &codes, &are_shown));
    if (!are_shown)
        return visit_go(t, &v, rs);
    page_account_codes(reply_html(rs, 200), t->language, t->frame,
                       &(struct page_account_codes){ .codes = { codes.items, RECOVERY_CODES },
                                                     .action = STR(CODES_PAGE),
                                                     .csrf = v.csrf,
                                                     .flow = v.flow->id.v });
    return OK;
}

static err login_enrol_kept(struct task *t, const struct request *rq, struct response *rs)
{
    const struct enrol_in *in = rq->in;
    struct recovery_codes codes;
    struct visit v;
    bool are_shown;
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(visit_check(t, &v, in->csrf));
    TRY(codes_load(t, &v, &codes, &are_shown));
    if (are_shown)
        TRY(recovery_codes_kept(t, v.session->row->user_id));
    return visit_go(t, &v, rs);
}

const struct route login_enrol_route =
    PAGE_ROUTE(PAGE, INPUT(struct enrol_in, page_params), .handle = login_enrol,
               .summary = "Page to add an authenticator app on the way to an application");

const struct route login_enrol_qr_route =
    PAGE_ROUTE(PAGE "/qr", INPUT(struct enrol_in, page_params), .handle = login_enrol_qr,
               .summary = "QR code for an authenticator app, on the way");

const struct route login_enrol_post_route =
    FORM_ROUTE(PAGE, INPUT(struct enrol_in, enrol_params), .handle = login_enrol_post,
               .summary = "Add an authenticator app by its first code, or go back without");

const struct route login_enrol_codes_route =
    PAGE_ROUTE(CODES_PAGE, INPUT(struct enrol_in, page_params), .handle = login_enrol_codes,
               .summary = "Page of the recovery codes of the new authenticator app");

const struct route login_enrol_kept_route =
    FORM_ROUTE(CODES_PAGE, INPUT(struct enrol_in, kept_params), .handle = login_enrol_kept,
               .summary = "Go on: the recovery codes are kept");
