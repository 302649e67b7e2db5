/* POST /login/passkey: a log-in with a passkey. The page that asks for it is the log-in page; its script fills the
 * form. */
#include "authsrv/app.h"
#include "authsrv/browser.h"
#include "authsrv/domain/account/passkey.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/passkey.h"
#include "authsrv/flow/audit.h"
#include "authsrv/guards.h"
#include "authsrv/passkey_form.h"
#include "authsrv/routes.h"

#define DATA_MAX_CHARS 8192

struct passkey_in {
    str flow, csrf, client_data, authenticator_data, id, signature, user_handle;
};

static const struct param passkey_params[] = {
    P_STR(struct passkey_in, flow, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct passkey_in, csrf, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct passkey_in, client_data, .need = REQUIRED, .set = BASE64URL, .max = DATA_MAX_CHARS),
    P_STR(struct passkey_in, authenticator_data, .need = REQUIRED, .set = BASE64URL, .max = DATA_MAX_CHARS),
    P_STR(struct passkey_in, id, .need = REQUIRED, .set = BASE64URL, .max = 1400),
    P_STR(struct passkey_in, signature, .need = REQUIRED, .set = BASE64URL, .max = 2048),
    P_STR(struct passkey_in, user_handle, .need = REQUIRED, .set = BASE64URL, .max = 128),
};

static err login_passkey(struct task *t, const struct request *rq, struct response *rs)
{
    const struct passkey_in *in = rq->in;
    const struct passkey_answer a = { .client_data = in->client_data,
                                      .authenticator_data = in->authenticator_data,
                                      .id = in->id,
                                      .signature = in->signature,
                                      .user_handle = in->user_handle };
    enum passkey_verdict verdict;
    struct passkey_login who;
    struct visit v;
    TRY(visit_load(t, rq, in->flow, &v));
    TRY(visit_check(t, &v, in->csrf));
    if (!str_eq(v.flow->status, STR("open")))
        return visit_go(t, &v, rs);
    TRY(passkey_prove(t, passkey_bound_to(t, &v), &a, &verdict, &who));
    if (verdict == PASSKEY_GOOD)
        return visit_sign_in(
            t, rq, rs, &v,
            &(struct session_new){
                .who = who.who, .method = LOGIN_PASSKEY, .auth_time = t->now, .amr = passkey_amr(who.is_synced) });
    count_login(t, LOGIN_PASSKEY, false);
    TRY(audit_write(t, rq->peer, STR("login.failed"), v.client->id.v, STR("passkey")));
    reply_see_other(rs, arena_printf(t->arena, "/login?flow=%.*s&failed=passkey", STR_ARG(v.flow->id.v)));
    return OK;
}

const struct route login_passkey_route =
    FORM_ROUTE("/login/passkey", .per_minute = 60, INPUT(struct passkey_in, passkey_params), .handle = login_passkey,
               .summary = "Log in with a passkey");
