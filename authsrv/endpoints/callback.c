/*
 * GET /cb/{slug}: a partner's answer (RFC 6749 section 4.1.2, RFC 9207). The record of the attempt is taken first and
 * once; whatever does not belong together ends here, before any code is sent anywhere (SECURITY A 21, 22).
 */
#include "authsrv/browser.h"
#include "authsrv/counters.h"
#include "authsrv/faults.h"
#include "authsrv/flow/upstream.h"
#include "authsrv/flow/upstream_account.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/flow.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"

struct callback_in {
    str state, code, iss, error;
};

static const struct param callback_params[] = {
    P_STR(struct callback_in, state, .need = REQUIRED, .set = TOKEN, .max = 512),
    P_STR(struct callback_in, code, .need = OPTIONAL, .set = TOKEN, .max = 4096),
    P_STR(struct callback_in, iss, .need = OPTIONAL, .set = TOKEN, .max = 2000),
    P_STR(struct callback_in, error, .need = OPTIONAL, .set = TEXT, .max = 256),
};

struct partner_answer {
    const struct upstream_login_take_row *attempt;
    const struct upstream *partner;
    struct visit visit;
};

static err attempt_take(struct task *t, const struct request *rq, struct partner_answer *a)
{
    const struct callback_in *in = rq->in;
    str slug = request_path_param(rq, "slug"), cookie = browser_cookie(rq);
    if (!str_given(cookie))
        return FAIL(t, PARTNER_ANSWER, "no binding cookie");
    TRY(upstream_login_take(t, typed_digest("upstream_state", in->state), typed_digest("browser", cookie),
                            &a->attempt));
    if (!a->attempt)
        return FAIL(t, PARTNER_ANSWER, "unknown state, of another browser, or used");
    if (!str_eq(a->attempt->partner, slug))
        return FAIL(t, PARTNER_ANSWER, "the answer to %.*s came to %.*s", STR_ARG(a->attempt->partner), STR_ARG(slug));
    TRY(upstream_load(t, slug, &a->partner));
    if (!a->partner || !str_eq(a->partner->row->issuer, a->attempt->issuer))
        return FAIL(t, PARTNER_ANSWER, "the partner was removed or changed");
    if (str_given(in->iss) ? !str_eq(in->iss, a->partner->row->issuer) : upstream_sends_iss(t, a->partner))
        return FAIL(t, PARTNER_ANSWER, "another issuer, or none");
    return visit_load(t, rq, a->attempt->flow_id.v, &a->visit);
}

/* What the partner's errors mean to the application; unknown ones are never shown (SECURITY I 248). */
static str error_mapped(str error)
{
    static const str passed[] = { STR("login_required"), STR("interaction_required"), STR("consent_required"),
                                  STR("account_selection_required"), STR("temporarily_unavailable") };
    for (size_t i = 0; i < sizeof passed / sizeof passed[0]; i++)
        if (str_eq(passed[i], error))
            return passed[i];
    return str_eq(error, STR("server_error")) ? error : STR("access_denied");
}

/* A parameter of this partner's own making that belongs to the code. */
static str extra_of(const struct request *rq, const struct upstream *up)
{
    str name = up->set.callback_parameter;
    str value = str_given(name) && rq->form ? form_get(rq->form, name) : STR_NONE;
    return value.n <= 1024 ? value : STR_NONE;
}

static err callback(struct task *t, const struct request *rq, struct response *rs)
{
    const struct callback_in *in = rq->in;
    struct partner_answer a = { 0 };
    struct partner_person person;
    user_id user;
    TRY(attempt_take(t, rq, &a));
    if (str_given(in->error) || !str_given(in->code)) {
        count_login(t, LOGIN_PARTNER, false);
        TRY(flow_deny(t, a.visit.flow->id, a.visit.browser, error_mapped(in->error)));
        visit_leave(t, &a.visit, rs);
        return OK;
    }
    const struct upstream_answer answer = { .code = in->code, .extra = extra_of(rq, a.partner) };
    err e = upstream_complete(t, a.partner, a.attempt, &answer, &person);
    if (e)
        count_login(t, LOGIN_PARTNER, false);
    TRY(e);
    TRY(upstream_account(t, a.partner, &person, &user));
    return visit_sign_in(t, rq, rs, &a.visit,
                         &(struct session_new){ .user = user, .amr = person.amr, .partner = a.partner->row->slug });
}

const struct route callback_route = {
    .method = GET,
    .path = "/cb/{slug}",
    .guard = &GUARD_VISIT,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_PAGE,
    .no_store = true,
    .per_minute = 120,
    .ignore_unknown = true,
    INPUT(struct callback_in, callback_params),
    .handle = callback,
    .summary = "Answer of a partner's log-in",
};
