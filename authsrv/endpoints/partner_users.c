/*
 * /partner/v1/users: a partner's backend brings a person by the e-mail address. The code goes to the owner; typed into
 * the partner's page and brought here it opens the account, or finds it, and gives an authorization code for the
 * client that asked. What one client began no other sees.
 */
#include "authsrv/admin.h"
#include "authsrv/app.h"
#include "authsrv/domain/account/account.h"
#include "authsrv/faults.h"
#include "authsrv/flow/account/challenge.h"
#include "authsrv/flow/token/subject.h"
#include "authsrv/routes.h"
#include "authsrv/store/challenge.sql.h"
#include "shared/text/shape.h"

SHAPE(registration, "Registration",
      "object: 'registration', id: string, email: string, status: string, attempts_left: integer, code_sent_at: time, "
      "code_expires_at: time, expires_at: time, user?: string, authorization_code?: string, "
      "authorization_code_expires_in?: integer")

static str status_of(struct task *t, const struct challenge_by_session_row *c)
{
    if (str_given(c->ended_why))
        return c->ended_why;
    return instant_before(t->now, c->code_expires_at) && c->attempts < CHALLENGE_ATTEMPTS ? STR("code_sent")
                                                                                          : STR("code_dead");
}

static struct json *registration_write(struct task *t, struct response *rs, int status, const struct client *client,
                                       const struct challenge_by_session_row *c)
{
    struct json *j = reply_json(rs, status);
    json_str(j, "object", STR("registration"));
    json_str(j, "id", c->id);
    json_str(j, "email", c->address);
    json_str(j, "status", status_of(t, c));
    json_i64(j, "attempts_left", CHALLENGE_ATTEMPTS - c->attempts);
    json_time(j, "code_sent_at", c->sent_at);
    json_time(j, "code_expires_at", c->code_expires_at);
    json_time(j, "expires_at", c->expires_at);
    if (str_given(c->user_id.v))
        json_str(j, "user", subject_at(t, client, c->user_id));
    return j;
}

/* Of this client; another's is not there. */
static err registration_load(struct task *t, const struct request *rq, const struct challenge_by_session_row **ret)
{
    str id = request_path_param(rq, "registration");
    TRY(challenge_by_id(t, id, admin_of(rq)->client->id, ret));
    return *ret ? OK : FAIL(t, NOT_FOUND, "registration %.*s", STR_ARG(id));
}

static err open_check(struct task *t, const struct request *rq, const struct challenge_by_session_row *c)
{
    if (challenge_policy_of(admin_of(rq)->client) != CHALLENGE_REGISTER)
        return FAIL(t, UNAUTHORIZED_CLIENT, "this client may not bring people");
    return str_given(c->ended_why) ? FAIL(t, WRONG_CODE, "the registration is over: %.*s", STR_ARG(c->ended_why)) : OK;
}

/* ---- create ---- */

struct user_in {
    str email, name, scope, redirect_uri, nonce, code_challenge, code_challenge_method, request_id;
};

static const struct param user_params[] = {
    P_STR(struct user_in, email, .need = REQUIRED, .set = LINE, .max = 254),
    P_STR(struct user_in, name, .need = OPTIONAL, .set = LINE, .min = 1, .max = ACCOUNT_NAME_MAX,
          .in_characters = true),
    P_STR(struct user_in, scope, .need = OPTIONAL, .set = WORDS, .max = 4096),
    P_STR(struct user_in, redirect_uri, .need = OPTIONAL, .set = URI, .max = 2000),
    P_STR(struct user_in, nonce, .need = OPTIONAL, .set = TEXT, .max = 256),
    P_STR(struct user_in, code_challenge, .need = REQUIRED, .set = BASE64URL, .min = 43, .max = 43),
    P_STR(struct user_in, code_challenge_method, .need = OPTIONAL, .set = TOKEN, .max = 5),
    P_STR(struct user_in, request_id, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 128),
};

static void say(struct form *f, str name, str value)
{
    if (str_given(value))
        f->fields[f->n++] = (struct form_field){ name, value };
}

/* The same words as an authorization request has. */
static const struct form *form_of(struct task *t, const struct user_in *in)
{
    struct form *f = arena_new(t->arena, struct form);
    say(f, STR("login_hint"), in->email);
    say(f, STR("scope"), str_given(in->scope) ? in->scope : STR("openid email"));
    say(f, STR("redirect_uri"), in->redirect_uri);
    say(f, STR("nonce"), in->nonce);
    say(f, STR("code_challenge"), in->code_challenge);
    say(f, STR("code_challenge_method"),
        str_given(in->code_challenge_method) ? in->code_challenge_method : STR("S256"));
    return f;
}

static err partner_user_create(struct task *t, const struct request *rq, struct response *rs)
{
    const struct user_in *in = rq->in;
    const struct client *client = admin_of(rq)->client;
    const struct challenge_ask ask = {
        .client = client, .form = form_of(t, in), .name = in->name, .request_id = in->request_id
    };
    struct challenge_begun begun;
    if (challenge_policy_of(client) != CHALLENGE_REGISTER)
        return FAIL(t, UNAUTHORIZED_CLIENT, "this client may not bring people");
    TRY(challenge_begin(t, &ask, &begun));
    if (begun.page)
        return FAIL_PARAM(t, REDIRECT_TO_WEB, STR("scope"), str_of(begun.page));
    reply_header(rs, "Location", arena_printf(t->arena, "/partner/v1/users/%.*s", STR_ARG(begun.challenge->id)));
    registration_write(t, rs, str_given(begun.auth_session) ? 201 : 200, client, begun.challenge);
    return OK;
}

const struct route partner_user_create_route =
    ADMIN_ROUTE(POST, "/partner/v1/users", GUARD_ADMIN_BRINGS, BODY_JSON, INPUT(struct user_in, user_params),
                .answer = "Registration", .handle = partner_user_create, .done = "200 201",
                .summary = "Mail a code to a person who joins through a partner");

/* ---- read ---- */

static err partner_user(struct task *t, const struct request *rq, struct response *rs)
{
    const struct challenge_by_session_row *c;
    TRY(registration_load(t, rq, &c));
    registration_write(t, rs, 200, admin_of(rq)->client, c);
    return OK;
}

const struct route partner_user_route =
    ADMIN_ROUTE(GET, "/partner/v1/users/{registration}", GUARD_ADMIN_BRINGS, BODY_NONE, .answer = "Registration",
                .handle = partner_user, .summary = "Read how far a person has come who joins");

/* ---- confirm ---- */

struct confirm_in {
    str code;
};

static const struct param confirm_params[] = {
    P_STR(struct confirm_in, code, .need = REQUIRED, .set = LINE, .min = 1, .max = 32),
};

static err partner_user_confirm(struct task *t, const struct request *rq, struct response *rs)
{
    const struct confirm_in *in = rq->in;
    const struct client *client = admin_of(rq)->client;
    const struct challenge_by_session_row *c;
    struct challenge_answer answer;
    TRY(registration_load(t, rq, &c));
    TRY(open_check(t, rq, c));
    TRY(challenge_try(t, client, c, mailed_code_typed(t->arena, in->code), &answer));
    if (answer.end == CHALLENGE_WEB)
        return FAIL(t, REDIRECT_TO_WEB, "the account needs more than a mailed code");
    if (answer.end == CHALLENGE_WRONG) {
        struct failure *f = FAIL(t, WRONG_CODE, "attempts left: %lld", (long long)answer.attempts_left);
        f->attempts_left = (int)answer.attempts_left;
        return f;
    }
    TRY(registration_load(t, rq, &c));
    struct json *j = registration_write(t, rs, 200, client, c);
    json_str(j, "authorization_code", answer.code);
    json_i64(j, "authorization_code_expires_in", app_of(t)->config.code_ttl.us / 1000000);
    return OK;
}

const struct route partner_user_confirm_route =
    ADMIN_ROUTE(POST, "/partner/v1/users/{registration}/confirm", GUARD_ADMIN_BRINGS, BODY_JSON,
                INPUT(struct confirm_in, confirm_params), .answer = "Registration", .handle = partner_user_confirm,
                .summary = "Bring the code that the person typed; the answer has an authorization code");

/* ---- another code ---- */

static err partner_user_resend(struct task *t, const struct request *rq, struct response *rs)
{
    const struct challenge_by_session_row *c;
    TRY(registration_load(t, rq, &c));
    TRY(open_check(t, rq, c));
    TRY(challenge_again(t, admin_of(rq)->client, c));
    TRY(registration_load(t, rq, &c));
    registration_write(t, rs, 200, admin_of(rq)->client, c);
    return OK;
}

const struct route partner_user_resend_route = ADMIN_ROUTE(
    POST, "/partner/v1/users/{registration}/resend", GUARD_ADMIN_BRINGS, BODY_NONE, .answer = "Registration",
    .handle = partner_user_resend, .summary = "Mail another code; the one before is dead");
