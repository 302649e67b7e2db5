/*
 * GET and POST /userinfo (OIDC Core section 5.3, RFC 6750): claims of the token's user, as far as its scope and
 * the claims parameter of its authorization go.
 */
#include "authsrv/app.h"
#include "authsrv/cors.h"
#include "authsrv/domain/claims_request.h"
#include "authsrv/faults.h"
#include "authsrv/flow/person.h"
#include "authsrv/flow/tokens.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"

static err challenge(struct task *t, const struct fault *fault, str header, const char *why)
{
    struct failure *f = failure_make(t, fault, __FILE__, __LINE__, "%s", why);
    f->challenge = header;
    return f;
}

static err refuse(struct task *t, const char *why)
{
    return challenge(t, &FAULT_INVALID_TOKEN, STR("Bearer error=\"invalid_token\""), why);
}

/* In the header or in the posted form, never in the address, and never in two places. */
static err token_take(struct task *t, const struct request *rq, str *token)
{
    str field = STR_NONE;
    if (rq->method == POST)
        field = form_get(rq->form, STR("access_token"));
    else if (str_given(form_get(rq->form, STR("access_token"))))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("access_token"), STR("does not belong into the address"));
    if (str_given(request_header(rq, "authorization")) && field.n > 0)
        return FAIL(t, INVALID_REQUEST, "two access tokens");
    if (field.n > 0) {
        *token = field;
        return OK;
    }
    return bearer_read(rq, token) ? OK : challenge(t, &FAULT_INVALID_TOKEN, STR("Bearer"), "no access token");
}

static err token_check(struct task *t, str token, struct token_facts *facts)
{
    const struct snapshot *s;
    bool live;
    TRY(snapshot_of(t, &s));
    if (!access_token_read(t, s, token, facts))
        return refuse(t, "not a token of ours, or expired");
    TRY(access_token_live(t, facts, &live));
    if (!live)
        return refuse(t, "revoked, or user or client disabled");
    if (!facts->of_user || !str_has_word(facts->scope, STR("openid")))
        return challenge(t, &FAULT_INSUFFICIENT_SCOPE, STR("Bearer error=\"insufficient_scope\", scope=\"openid\""),
                         "without openid");
    return OK;
}

static err userinfo(struct task *t, const struct request *rq, struct response *rs)
{
    str token;
    struct token_facts facts;
    const struct person *person;
    struct terms terms;
    struct terms_wish wish;
    cors_allow_any_client(t, rq, rs);
    TRY(token_take(t, rq, &token));
    TRY(token_check(t, token, &facts));
    if (!terms_read(t->arena, facts.terms, &terms) || !terms_wish_read(t->arena, &terms, &wish))
        return FAIL(t, INTERNAL, "the terms of a grant cannot be read");
    TRY(person_load(t, (user_id){ facts.subject }, &person));
    if (!person)
        return refuse(t, "the user is disabled");
    struct json *j = reply_json(rs, 200);
    json_str(j, "sub", facts.subject);
    claims_write(t->arena, j, person, facts.scope, wish.userinfo);
    return OK;
}

const struct route userinfo_route = {
    .method = GET,
    .path = "/userinfo",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .ignore_unknown = true,
    .handle = userinfo,
    .summary = "Claims about the user of an access token",
};

const struct route userinfo_post_route = {
    .method = POST,
    .path = "/userinfo",
    .guard = &GUARD_PUBLIC,
    .body = BODY_FORM,
    .max_body_bytes = 32768,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .ignore_unknown = true,
    .handle = userinfo,
    .summary = "Claims about the user of an access token",
};

const struct route userinfo_preflight_route = {
    .method = OPTIONS,
    .path = "/userinfo",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_TRY_INLINE,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .ignore_unknown = true,
    .handle = cors_preflight,
    .summary = "CORS preflight",
};
