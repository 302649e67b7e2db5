/*
 * POST /authorization_challenge (draft-ietf-oauth-first-party-apps): an application that the operator trusts with it
 * asks for an authorization code without a browser. The first request says who (login_hint) and for what; the owner of
 * the address gets a code; a further request brings it with the auth_session, or asks for another one (resend).
 */
#include "authsrv/flow/account/challenge.h"
#include "authsrv/browser.h"
#include "authsrv/domain/account/account.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/mailed_code.h"
#include "authsrv/flow/authorization/request_batch.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "shared/text/shape.h"

SHAPE(challenge_refusal, "ChallengeRefusal",
      "error: 'insufficient_authorization' | 'redirect_to_web', error_description: string, auth_session?: string, "
      "challenge?: 'email_code', attempts_left?: integer, code_expires_in?: integer, resend_after?: integer, "
      "request_uri?: string, expires_in?: integer")

struct challenge_in {
    str auth_session, otp, resend, name;
};

static const struct param challenge_params[] = {
    P_STR(struct challenge_in, auth_session, .need = OPTIONAL, .set = TOKEN, .max = 64),
    P_STR(struct challenge_in, otp, .need = OPTIONAL, .set = TEXT, .max = 32),
    P_STR(struct challenge_in, resend, .need = OPTIONAL, .set = ID, .max = 8),
    P_STR(struct challenge_in, name, .need = OPTIONAL, .set = LINE, .max = ACCOUNT_NAME_MAX, .in_characters = true),
};

/* The same members whatever is known about the address. */
static void more_needed(struct response *rs, str auth_session, str say, int64_t attempts_left)
{
    struct json *j = reply_json(rs, 400);
    json_str(j, "error", STR("insufficient_authorization"));
    json_str(j, "error_description", say);
    json_str(j, "auth_session", auth_session);
    json_str(j, "challenge", STR("email_code"));
    json_i64(j, "attempts_left", attempts_left);
    json_i64(j, "code_expires_in", MAILED_CODE_LIFE.us / 1000000);
    json_i64(j, "resend_after", CHALLENGE_PAUSE.us / 1000000);
}

static void to_web(struct response *rs, str say, str request_uri)
{
    struct json *j = reply_json(rs, 400);
    json_str(j, "error", STR("redirect_to_web"));
    json_str(j, "error_description", say);
    if (!str_given(request_uri))
        return;
    json_str(j, "request_uri", request_uri);
    json_i64(j, "expires_in", PUSHED_LIFE.us / 1000000);
}

static err begin(struct task *t, const struct request *rq, struct response *rs)
{
    const struct challenge_in *in = rq->in;
    const struct challenge_ask ask = { .client = client_of(rq), .form = rq->form, .name = in->name };
    struct challenge_begun begun;
    language_begin(t, rq);
    TRY(challenge_begin(t, &ask, &begun));
    if (begun.page)
        to_web(rs, str_of(begun.page), begun.request_uri);
    else
        more_needed(rs, begun.auth_session, STR("a code was mailed to the owner of the address"), CHALLENGE_ATTEMPTS);
    return OK;
}

static err code_take(struct task *t, const struct request *rq, const struct challenge_by_session_row *c,
                     struct response *rs)
{
    const struct challenge_in *in = rq->in;
    struct challenge_answer answer;
    TRY(challenge_try(t, client_of(rq), c, mailed_code_typed(t->arena, in->otp), &answer));
    switch (answer.end) {
    case CHALLENGE_CONFIRMED:
        json_str(reply_json(rs, 200), "authorization_code", answer.code);
        break;
    case CHALLENGE_WRONG:
        more_needed(rs, in->auth_session, STR("the code is wrong, used, or too old"), answer.attempts_left);
        break;
    case CHALLENGE_WEB:
        to_web(rs, STR("this person must log in on a page of this server"), STR_NONE);
        break;
    }
    return OK;
}

static err authorization_challenge(struct task *t, const struct request *rq, struct response *rs)
{
    const struct challenge_in *in = rq->in;
    const struct challenge_by_session_row *c;
    if (!str_given(in->auth_session))
        return begin(t, rq, rs);
    if (str_given(in->otp) == str_given(in->resend))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("otp"), STR("or resend, and not both, belongs to an auth_session"));
    TRY(challenge_resume(t, client_of(rq), in->auth_session, &c));
    if (str_given(in->otp))
        return code_take(t, rq, c, rs);
    TRY(challenge_again(t, client_of(rq), c));
    more_needed(rs, in->auth_session, STR("another code was mailed; the one before is dead"), CHALLENGE_ATTEMPTS);
    return OK;
}

const struct route authorization_challenge_route = {
    .method = POST,
    .path = "/authorization_challenge",
    .guard = &GUARD_CLIENT,
    .body = BODY_FORM,
    .max_body_bytes = 65536,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .per_minute = 1200,
    .ignore_unknown = true,
    .repeats = "resource",
    INPUT(struct challenge_in, challenge_params),
    .answer = "{ authorization_code: string }",
    .refusal = "OAuthError | ChallengeRefusal",
    .handle = authorization_challenge,
    .summary = "Log in inside a first-party application with a mailed code",
};
