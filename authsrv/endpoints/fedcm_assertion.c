/*
 * POST /fedcm/assertion: the person said yes in the browser's own window. What comes is an authorization request with
 * prompt=none under another roof, judged by the same rules; the answer is a code, which is worth nothing without the
 * verifier that the client's server keeps.
 */
#include "authsrv/cors.h"
#include "authsrv/faults.h"
#include "authsrv/flow/authorization/fedcm.h"
#include "authsrv/flow/authorization/straight.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "shared/text/form.h"
#include "shared/text/json_in.h"

struct assertion_in {
    str client_id, account_id, nonce, params, disclosure_shown_for;
};
static const struct param assertion_params[] = {
    P_STR(struct assertion_in, client_id, .need = REQUIRED, .set = TOKEN, .max = 200),
    P_STR(struct assertion_in, account_id, .need = REQUIRED, .set = TOKEN, .max = 64),
    P_STR(struct assertion_in, nonce, .need = OPTIONAL, .set = TEXT, .max = 512),
    P_STR(struct assertion_in, params, .need = REQUIRED, .set = TEXT, .max = 8192),
    P_STR(struct assertion_in, disclosure_shown_for, .need = OPTIONAL, .set = LINE, .max = 200),
};

/* What is ours to say, or would bring a second request along. */
static bool is_settled(str name)
{
    static const char *const settled[] = { "client_id", "response_type", "response_mode",
                                           "prompt",    "request",       "request_uri" };
    for (size_t i = 0; i < sizeof settled / sizeof settled[0]; i++)
        if (str_eq(name, str_of(settled[i])))
            return true;
    return false;
}

/* The one registered redirect URI need not be said: nothing is redirected. */
static str redirect_default(const struct client *client)
{
    return client->meta.redirect_uris.n == 1 ? client->meta.redirect_uris.items[0] : STR_NONE;
}

/* What is not said is not there: a field without a value is none. False: there are too many. */
static bool field_add(struct form *f, str name, str value)
{
    if (!str_given(value))
        return true;
    if (f->n == FORM_MAX_FIELDS)
        return false;
    f->fields[f->n++] = (struct form_field){ name, value };
    return true;
}

/* Names and values are taken as they are: nothing in them can become a field of its own. */
static err params_add(struct task *t, const struct json_value *params, struct form *f)
{
    const struct json_value *value;
    str name, text;
    for (size_t i = 0; json_member(params, i, &name, &value); i++) {
        if (is_settled(name) || !json_is_str(value, &text))
            return FAIL_PARAM(
                t, INVALID_REQUEST, STR("params"),
                arena_printf(t->arena, "%.*s must be %s", STR_ARG(name), is_settled(name) ? "left out" : "a string"));
        if (!field_add(f, name, text))
            return FAIL_PARAM(t, INVALID_REQUEST, STR("params"), STR("has too many members"));
    }
    return OK;
}

static err request_make(struct task *t, const struct assertion_in *in, const struct client *client, struct form *ret)
{
    const struct json_value *params;
    ret->n = 0;
    if (!json_parse(t->arena, in->params, &params) || json_kind(params) != JSON_OBJECT)
        return FAIL_PARAM(t, INVALID_REQUEST, STR("params"), STR("must be a JSON object"));
    (void)field_add(ret, STR("client_id"), in->client_id);
    (void)field_add(ret, STR("response_type"), STR("code"));
    (void)field_add(ret, STR("prompt"), STR("none"));
    if (!json_get(params, "redirect_uri"))
        (void)field_add(ret, STR("redirect_uri"), redirect_default(client));
    if (!json_get(params, "nonce"))
        (void)field_add(ret, STR("nonce"), in->nonce);
    return params_add(t, params, ret);
}

/* As FedCM has it, for the eyes of the person and of the page's script; the description is for developers. */
static err refuse(struct response *rs, str code, str description)
{
    struct json *j = reply_json(rs, 400);
    json_object(j, "error");
    json_str(j, "code", code);
    json_str(j, "description", description);
    json_close(j);
    return OK;
}

/* What is wrong with params is told in the same shape. */
static err params_refuse(struct task *t, struct response *rs, err e)
{
    if (!err_is(e, &FAULT_INVALID_REQUEST))
        return e;
    return refuse(rs, STR("invalid_request"),
                  arena_printf(t->arena, "%.*s: %.*s", STR_ARG(e->param), STR_ARG(e->explain)));
}

static err token_write(struct task *t, const struct answer *answer, struct response *rs)
{
    struct buf b;
    struct json token;
    buf_init(&b, t->arena, answer_max(answer));
    json_begin(&token, &b);
    for (size_t i = 0; i < answer->n; i++)
        json_str(&token, arena_cstr(t->arena, answer->fields[i].name), answer->fields[i].value);
    json_end(&token);
    json_str(reply_json(rs, 200), "token", buf_str(&b));
    return OK;
}

static err assert_for(struct task *t, const struct assertion_in *in, const struct session *session,
                      struct authz_request *a, struct response *rs)
{
    enum authz_verdict verdict;
    const struct answer *answer;
    err e = authz_request_take(t, a);
    if (err_is(e, &FAULT_BAD_AUTHORIZATION))
        return refuse(rs, STR("invalid_request"), e->explain);
    TRY(e);
    TRY(authz_request_judge(t, a, &verdict));
    if (verdict == AUTHZ_GOOD && !str_given(a->wanted.challenge))
        return refuse(rs, STR("invalid_request"), STR("params: code_challenge is missing"));
    if (verdict != AUTHZ_GOOD)
        return refuse(rs, str_of(authz_error(verdict)), authz_request_say(a, verdict));
    if (!form_get(a->form, STR("claims")).n && !str_given(a->wanted.terms.authorization_details))
        TRY(fedcm_consent(t, a, session, in->disclosure_shown_for));
    TRY(straight_answer(t, a, session, &answer));
    return answer ? token_write(t, answer, rs) : refuse(rs, STR("interaction_required"), STR_NONE);
}

static err assertion(struct task *t, const struct request *rq, struct response *rs)
{
    const struct assertion_in *in = rq->in;
    const struct client *client;
    const struct session *session;
    struct form form;
    TRY(client_load(t, (client_id){ in->client_id }, &client));
    if (!client || !cors_allow_pages(t, rq, rs, client, true))
        return FAIL(t, FORBIDDEN_ORIGIN, "not a page of %.*s", STR_ARG(in->client_id));
    TRY(fedcm_session(t, request_cookie(rq, FEDCM_COOKIE), &session));
    if (!session || !str_eq(session->row->user_id.v, in->account_id))
        return refuse(rs, STR("access_denied"), STR("the session here is another person's, or over"));
    err e = request_make(t, in, client, &form);
    if (e)
        return params_refuse(t, rs, e);
    struct authz_request a = { .form = &form };
    return assert_for(t, in, session, &a, rs);
}

const struct route fedcm_assertion_route = {
    .method = POST,
    .path = "/fedcm/assertion",
    .guard = &GUARD_WEB_IDENTITY,
    .body = BODY_FORM,
    .max_body_bytes = 32768,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .per_minute = 300,
    .ignore_unknown = true,
    INPUT(struct assertion_in, assertion_params),
    .answer = "{ token: string }",
    .refusal = "OAuthError | { error: { code: string, description?: string } }",
    .handle = assertion,
    .summary = "A code for the person whom the browser names",
};
