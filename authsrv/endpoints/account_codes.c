/*
 * GET and POST /account/recovery-codes, POST /account/recovery-codes/kept: the recovery codes of one's own account.
 * They are made by a form and shown by a page of their own, for some minutes and until their owner has kept them: a
 * page that was lost on the way, loaded again or left by the back button shows the same codes.
 */
#include "authsrv/domain/account/totp.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/second.h"
#include "authsrv/guards.h"
#include "authsrv/owner.h"
#include "authsrv/routes.h"
#include "web/authsrv/pages.h"

#define PAGE "/account/recovery-codes"
#define TOTP_PAGE "/account/totp" /* where others are made */

struct codes_in {
    str csrf;
};

static const struct param press_params[] = {
    P_STR(struct codes_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
};

static err account_codes(struct task *t, const struct request *rq, struct response *rs)
{
    struct recovery_codes codes;
    struct owner o;
    bool are_shown;
    TRY(owner_load(t, rq, rs, OWNER_FRESH, PAGE, &o));
    if (!o.session)
        return OK;
    TRY(recovery_codes_shown(t, o.user, &codes, &are_shown));
    if (are_shown)
        page_account_codes(reply_html(rs, 200), t->language, t->frame,
                           &(struct page_account_codes){
                               .codes = { codes.items, RECOVERY_CODES }, .action = STR(PAGE "/kept"), .csrf = o.csrf });
    else
        reply_see_other(rs, STR(TOTP_PAGE));
    return OK;
}

static err account_recovery(struct task *t, const struct request *rq, struct response *rs)
{
    const struct codes_in *in = rq->in;
    struct owner o;
    TRY(owner_form(t, rq, rs, OWNER_FRESH, PAGE, in->csrf, &o));
    if (!o.session)
        return OK;
    TRY(owner_renew(t, rq, rs, &o));
    err e = recovery_renew(t, o.session);
    if (e && !err_is(e, &FAULT_CONFLICT)) /* the app was removed meanwhile: the page that this leads to says so */
        return e;
    reply_see_other(rs, STR(PAGE));
    return OK;
}

static err account_codes_kept(struct task *t, const struct request *rq, struct response *rs)
{
    const struct codes_in *in = rq->in;
    struct owner o;
    TRY(owner_form(t, rq, rs, OWNER_ANY, "/account", in->csrf, &o));
    if (!o.session)
        return OK;
    TRY(recovery_codes_kept(t, o.user));
    reply_see_other(rs, STR("/account"));
    return OK;
}

const struct route account_codes_route =
    PAGE_ROUTE(PAGE, .handle = account_codes, .summary = "Page of recovery codes that were made lately");

const struct route account_recovery_route = FORM_ROUTE(
    PAGE, INPUT(struct codes_in, press_params), .handle = account_recovery, .summary = "Make new recovery codes");

const struct route account_codes_kept_route =
    FORM_ROUTE(PAGE "/kept", INPUT(struct codes_in, press_params), .handle = account_codes_kept,
               .summary = "Show recovery codes no more: their owner has kept them");
