/*
 * GET and POST /account/totp, GET /account/totp/qr, POST /account/totp/remove: the second factor of one's own account.
 * Each wants a log-in of the last minutes and ends the other sessions. A form that comes twice, or whose answer was
 * lost, leads to where it led the first time.
 */
#include "authsrv/domain/account/totp.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/second.h"
#include "authsrv/guards.h"
#include "authsrv/owner.h"
#include "authsrv/routes.h"
#include "shared/text/qr.h"
#include "web/authsrv/pages.h"
#include "web/text.h"

#define PAGE "/account/totp"
#define CODES_PAGE "/account/recovery-codes"

struct totp_in {
    str csrf, code;
};

static const struct param code_params[] = {
    P_STR(struct totp_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct totp_in, code, .need = REQUIRED, .set = TEXT, .max = 64),
};

static const struct param press_params[] = {
    P_STR(struct totp_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
};

static str account_of(const struct owner *o)
{
    return str_given(o->session->row->email) ? o->session->row->email : o->session->row->user_name;
}

static err page_show(struct task *t, struct response *rs, int status, const struct owner *o, str problem)
{
    struct totp_offer offer;
    TRY(totp_offer(t, o->user, account_of(o), &offer));
    page_account_totp(reply_html(rs, status), t->language, t->frame,
                      &(struct page_account_totp){ .is_confirmed = offer.is_confirmed,
                                                   .action = STR(PAGE),
                                                   .remove_action = STR(PAGE "/remove"),
                                                   .renew_action = STR(CODES_PAGE),
                                                   .csrf = o->csrf,
                                                   .qr_url = STR(PAGE "/qr"),
                                                   .shown = offer.is_confirmed ? STR_NONE : offer.shown,
                                                   .back_url = STR("/account"),
                                                   .problem = problem });
    return OK;
}

static err account_totp(struct task *t, const struct request *rq, struct response *rs)
{
    struct owner o;
    TRY(owner_load(t, rq, rs, OWNER_FRESH, PAGE, &o));
    return o.session ? page_show(t, rs, 200, &o, STR_NONE) : OK;
}

/* A picture of its own, since pages have no inline markup that is made at run time. */
static err account_totp_qr(struct task *t, const struct request *rq, struct response *rs)
{
    struct totp_offer offer;
    struct owner o;
    str svg;
    TRY(owner_load(t, rq, rs, OWNER_FRESH, PAGE, &o));
    if (!o.session)
        return OK;
    TRY(totp_offer(t, o.user, account_of(&o), &offer));
    if (offer.is_confirmed || !qr_svg(t->arena, offer.uri, &svg))
        return FAIL(t, NOT_FOUND, "nothing to show as a QR code");
    reply_raw(rs, 200, "image/svg+xml", svg);
    return OK;
}

static err account_totp_post(struct task *t, const struct request *rq, struct response *rs)
{
    const struct totp_in *in = rq->in;
    enum second_verdict verdict;
    struct owner o;
    bool is_on;
    TRY(owner_form(t, rq, rs, OWNER_FRESH, PAGE, in->csrf, &o));
    if (!o.session)
        return OK;
    TRY(owner_renew(t, rq, rs, &o));
    TRY(totp_confirm(t, o.session, in->code, &verdict));
    TRY(second_is_wanted(t, o.user, &is_on));
    if (is_on) {
        reply_see_other(rs, STR(CODES_PAGE));
        return OK;
    }
    bool slow = verdict == SECOND_SLOW;
    return page_show(t, rs, slow ? 429 : 400, &o, text_in(t->language, slow ? TEXT_SECOND_SLOW : TEXT_SECOND_WRONG));
}

static err account_totp_remove(struct task *t, const struct request *rq, struct response *rs)
{
    const struct totp_in *in = rq->in;
    struct owner o;
    TRY(owner_form(t, rq, rs, OWNER_FRESH, PAGE, in->csrf, &o));
    if (!o.session)
        return OK;
    TRY(owner_renew(t, rq, rs, &o));
    err e = totp_disuse(t, o.user.v, o.user, o.session);
    if (e && !err_is(e, &FAULT_CONFLICT)) /* there is none any more: that is what was wanted */
        return e;
    reply_see_other(rs, STR("/account?done=totp_removed"));
    return OK;
}

const struct route account_totp_route =
    PAGE_ROUTE(PAGE, .handle = account_totp, .summary = "Page to add or remove an authenticator app");

const struct route account_totp_qr_route =
    PAGE_ROUTE(PAGE "/qr", .handle = account_totp_qr, .summary = "QR code for an authenticator app");

const struct route account_totp_post_route =
    FORM_ROUTE(PAGE, INPUT(struct totp_in, code_params), .handle = account_totp_post,
               .summary = "Add an authenticator app by its first code");

const struct route account_totp_remove_route =
    FORM_ROUTE(PAGE "/remove", INPUT(struct totp_in, press_params), .handle = account_totp_remove,
               .summary = "Remove the authenticator app");
