/*
 * POST /bc-authorize (OpenID CIBA Core section 7): a client names a person and waits until that person decides on a
 * device of his own. Whom a hint names is answered openly: callers are authenticated clients that registered for this.
 */
#include "authsrv/app.h"
#include "authsrv/counters.h"
#include "authsrv/domain/account/account.h"
#include "authsrv/domain/session/backchannel.h"
#include "authsrv/faults.h"
#include "authsrv/flow/authorization/decoupled.h"
#include "authsrv/flow/authorization/request_object.h"
#include "authsrv/flow/authorization/target.h"
#include "authsrv/flow/limit.h"
#include "authsrv/flow/token/assertion.h"
#include "authsrv/flow/token/subject.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/decoupled.sql.h"
#include "authsrv/store/exchange.sql.h"
#include "authsrv/store/user.sql.h"

#define ASKS_PER_MINUTE 6 /* of one person, by all clients: nobody shall be worn down into a yes */

#define HINT_MAX 16384
static const struct param backchannel_params[] = {
    P_STR(struct backchannel_in, scope, .need = OPTIONAL, .set = WORDS, .max = 4096), /* required, here or in request */
    P_STR(struct backchannel_in, resource, .need = OPTIONAL, .set = URI, .max = 2000),
    P_STR(struct backchannel_in, login_hint, .need = OPTIONAL, .set = LINE, .max = 256),
    P_STR(struct backchannel_in, id_token_hint, .need = OPTIONAL, .set = TOKEN, .max = HINT_MAX),
    P_STR(struct backchannel_in, login_hint_token, .need = OPTIONAL, .set = TOKEN, .max = HINT_MAX),
    P_STR(struct backchannel_in, binding_message, .need = OPTIONAL, .set = TEXT, .max = 4096),
    P_STR(struct backchannel_in, user_code, .need = OPTIONAL, .set = TEXT, .max = 256),
    P_STR(struct backchannel_in, requested_expiry, .need = OPTIONAL, .set = TOKEN, .max = 20),
    P_STR(struct backchannel_in, acr_values, .need = OPTIONAL, .set = WORDS, .max = 1024),
    P_STR(struct backchannel_in, client_notification_token, .need = OPTIONAL, .set = TOKEN, .max = 4096),
    P_STR(struct backchannel_in, authorization_details, .need = OPTIONAL, .set = TEXT, .max = HINT_MAX),
    P_STR(struct backchannel_in, request, .need = OPTIONAL, .set = TOKEN, .max = HINT_MAX),
};

static err judged(struct task *t, enum backchannel_verdict v)
{
    str param = str_of(backchannel_param(v)), say = str_of(backchannel_say(v));
    if (v == BACKCHANNEL_GOOD)
        return OK;
    return v == BACKCHANNEL_MESSAGE ? FAIL_PARAM(t, INVALID_BINDING_MESSAGE, param, say)
                                    : FAIL_PARAM(t, INVALID_REQUEST, param, say);
}

static err by_login(struct task *t, str hint, user_id *user)
{
    const struct ciba_user_row *row;
    str login;
    TRY(ciba_user(t, account_login(t->arena, hint, &login) ? login : hint, &row));
    *user = row ? row->id : (user_id){ STR_NONE };
    return OK;
}

/* Who that is: of a pairwise subject, which names nobody by itself, whoever the log-in of the token was. */
static err subject_find(struct task *t, const struct client *client, str subject, str sid, user_id *user)
{
    const struct exchange_subject_access_row *held = NULL;
    *user = (user_id){ subject };
    if (!str_given(client->sector))
        return OK;
    TRY(exchange_subject_id(t, sid, client->id, &held));
    if (held && str_eq(subject, subject_at(t, client, held->user_id)))
        *user = held->user_id;
    return OK;
}

static err by_id_token(struct task *t, const struct client *client, str hint, user_id *user)
{
    const struct snapshot *s;
    const struct user_find_row *row;
    str subject, issued_to, sid;
    TRY(snapshot_of(t, &s));
    if (!id_token_read(t, s, hint, &subject, &issued_to, &sid) || !str_eq(issued_to, client->id.v))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("id_token_hint"), STR("is no ID token that this client got here"));
    TRY(subject_find(t, client, subject, sid, user));
    TRY(user_find(t, *user, &row));
    *user = row ? row->id : (user_id){ STR_NONE };
    return OK;
}

/* The format of this token is ours to choose: an assertion of an issuer whom the operator trusts. */
static err by_assertion(struct task *t, const struct client *client, str hint, user_id *user)
{
    err e = assertion_hint(t, client, hint, user);
    return err_is(e, &FAULT_INVALID_GRANT)
               ? FAIL_PARAM(t, INVALID_REQUEST, STR("login_hint_token"), arena_str(t->arena, e->explain))
               : e;
}

static err user_read(struct task *t, const struct client *client, const struct backchannel_in *in, user_id *user)
{
    if (in->login_hint.n > 0)
        TRY(by_login(t, in->login_hint, user));
    else if (in->id_token_hint.n > 0)
        TRY(by_id_token(t, client, in->id_token_hint, user));
    else
        TRY(by_assertion(t, client, in->login_hint_token, user));
    if (!str_given(user->v))
        return FAIL(t, UNKNOWN_USER_ID, "the hint names nobody");
    str key = arena_printf(t->arena, "ciba:%.*s", STR_ARG(user->v));
    return limit_take(t, key, ASKS_PER_MINUTE, ASKS_PER_MINUTE, "this person is asked too often");
}

static void answer_write(struct task *t, const struct ciba_ask *ask, str auth_req_id, struct response *rs)
{
    struct json *j = reply_json(rs, 200);
    json_str(j, "auth_req_id", auth_req_id);
    json_i64(j, "expires_in", ask->life_s);
    if (!str_eq(ask->ask.client->meta.backchannel_token_delivery_mode, STR("push")))
        json_i64(j, "interval", app_of(t)->config.poll_interval.us / 1000000);
}

/* The parameters that count: as they came, or what the client signed. */
static err asked_read(struct task *t, const struct client *client, const struct backchannel_in **in)
{
    const struct form *form;
    TRY(judged(t, backchannel_judge_way(*in, client)));
    if (!str_given((*in)->request))
        return OK;
    TRY(backchannel_object_take(t, client, (*in)->request, &form));
    struct backchannel_in *inside = arena_new(t->arena, struct backchannel_in);
    *in = inside;
    return form_params_read(t, backchannel_params, sizeof backchannel_params / sizeof backchannel_params[0], form,
                            inside);
}

static err bc_authorize(struct task *t, const struct request *rq, struct response *rs)
{
    const struct backchannel_in *in = rq->in;
    struct ciba_ask c = { .ask = { .client = client_of(rq), .asked_from = rq->peer } };
    str auth_req_id;
    if (!client_may(c.ask.client, GRANT_CIBA))
        return FAIL(t, UNAUTHORIZED_CLIENT, "not registered for backchannel authentication");
    TRY(asked_read(t, c.ask.client, &in));
    TRY(judged(t, backchannel_judge(in, c.ask.client, app_of(t)->config.ciba_ttl.us / 1000000, &c.life_s)));
    TRY(target_ask(t, c.ask.client, in->scope, in->resource, &c.ask.scope, &c.ask.audience));
    TRY(details_ask(t, c.ask.client, c.ask.scope, in->authorization_details, &c.ask.terms.authorization_details));
    TRY(user_read(t, c.ask.client, in, &c.user));
    c.binding_message = in->binding_message;
    c.ask.terms.acr_values = in->acr_values;
    if (str_given(c.ask.client->meta.backchannel_client_notification_endpoint))
        c.notification_token = in->client_notification_token;
    TRY(ciba_begin(t, &c, &auth_req_id));
    count_decoupled(t, COUNT_ASKED);
    answer_write(t, &c, auth_req_id, rs);
    return OK;
}

const struct route bc_authorize_route = {
    .method = POST,
    .path = "/bc-authorize",
    .guard = &GUARD_CLIENT,
    .body = BODY_FORM,
    .max_body_bytes = 65536,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .per_minute = 600,
    .ignore_unknown = true,
    INPUT(struct backchannel_in, backchannel_params),
    .answer = "{ auth_req_id: string, expires_in: integer, interval?: integer }",
    .handle = bc_authorize,
    .summary = "Ask a person for an authorization at his own device",
};
