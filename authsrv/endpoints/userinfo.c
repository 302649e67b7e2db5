/*
 * GET and POST /userinfo (OIDC Core section 5.3, RFC 6750): claims of the token's user, as far as its scope and
 * the claims parameter of its authorization go.
 */
#include "authsrv/app.h"
#include "authsrv/cors.h"
#include "authsrv/domain/authorization/claims_request.h"
#include "authsrv/faults.h"
#include "authsrv/flow/client/client_jwt.h"
#include "authsrv/flow/client/client_load.h"
#include "authsrv/flow/token/person.h"
#include "authsrv/flow/token/tokens.h"
#include "authsrv/guards.h"
#include "authsrv/proof.h"
#include "authsrv/routes.h"
#include "shared/text/shape.h"

#define USERINFO_MAX_BYTES ((size_t)1 << 20) /* a person with all claims */

SHAPE(user_info, "UserInfo",
      "sub: string, name?: string, family_name?: string, given_name?: string, middle_name?: string, nickname?: string, "
      "preferred_username?: string, profile?: string, picture?: string, website?: string, gender?: string, birthdate?: "
      "string, zoneinfo?: string, locale?: string, updated_at?: integer, email?: string, email_verified?: boolean, "
      "address?: any, phone_number?: string, phone_number_verified?: boolean")

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
static err token_take(struct task *t, const struct request *rq, struct presented_token *ret)
{
    str field = STR_NONE;
    if (rq->method == POST)
        field = form_get(rq->form, STR("access_token"));
    else if (str_given(form_get(rq->form, STR("access_token"))))
        return FAIL_PARAM(t, INVALID_REQUEST, STR("access_token"), STR("does not belong into the address"));
    if (str_given(request_header(rq, "authorization")) && field.n > 0)
        return FAIL(t, INVALID_REQUEST, "two access tokens");
    if (field.n > 0) {
        *ret = (struct presented_token){ STR("Bearer"), field };
        return OK;
    }
    return presented_token_read(rq, ret) ? OK : challenge(t, &FAULT_INVALID_TOKEN, STR("Bearer"), "no access token");
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

/* What is said about whom, as far as scope and claims parameter go. */
struct saying {
    const struct token_facts *facts;
    const struct client *client; /* of the token */
    const struct person *person;
    str names;
};

static void claims_say(struct task *t, struct json *j, const struct saying *s)
{
    json_str(j, "sub", s->facts->subject);
    claims_write(t->arena, j, s->person, s->facts->scope, s->names);
}

static err saying_load(struct task *t, const struct token_facts *facts, struct saying *ret)
{
    struct terms terms;
    struct terms_wish wish;
    if (!terms_read(t->arena, facts->terms, &terms) || !terms_wish_read(t->arena, &terms, &wish))
        return FAIL(t, INTERNAL, "the terms of a grant cannot be read");
    ret->facts = facts;
    ret->names = wish.userinfo;
    ret->person = person_of(t, &facts->account);
    TRY(client_load(t, (client_id){ facts->client }, &ret->client));
    return ret->client ? OK : refuse(t, "the client is disabled");
}

static bool wants_jwt(const struct client_metadata *m)
{
    return str_given(m->userinfo_signed_response_alg) || str_given(m->userinfo_encrypted_response_alg);
}

/* OIDC Core section 5.3.2: for the client that registered it so. */
static err jwt_answer(struct task *t, const struct saying *saying, struct response *rs)
{
    const struct client *client = saying->client;
    const struct snapshot *s;
    struct buf out;
    struct json j;
    if (!t->db)
        return FAIL(t, NEED_WORKER, "signing takes long, and keys to encrypt to may have to be fetched");
    TRY(snapshot_of(t, &s));
    buf_init(&out, t->arena, USERINFO_MAX_BYTES);
    json_begin(&j, &out);
    json_str(&j, "iss", app_of(t)->issuer);
    json_str(&j, "aud", client->id.v);
    claims_say(t, &j, saying);
    json_end(&j);
    str token = client_jwt_sign(t, s, client->meta.userinfo_signed_response_alg, "JWT", buf_str(&out));
    TRY(client_jwt_encrypt(t, client, client->meta.userinfo_encrypted_response_alg,
                           client->meta.userinfo_encrypted_response_enc, &token));
    reply_raw(rs, 200, "application/jwt", token);
    return OK;
}

static err userinfo(struct task *t, const struct request *rq, struct response *rs)
{
    const struct proof_rules rules = proof_rules_here(t, rq);
    struct presented_token presented;
    struct token_facts facts;
    struct saying saying;
    cors_allow_any_client(t, rq, rs);
    TRY(token_take(t, rq, &presented));
    TRY(token_check(t, presented.token, &facts));
    proof_nonce_offer(t, rq, rs);
    TRY(proof_check(t, rq, &rules, &presented, &facts.cnf));
    TRY(saying_load(t, &facts, &saying));
    if (wants_jwt(&saying.client->meta))
        return jwt_answer(t, &saying, rs);
    claims_say(t, reply_json(rs, 200), &saying);
    return OK;
}

const struct route userinfo_route = {
    .method = GET,
    .path = "/userinfo",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_IN_TURNS,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .ignore_unknown = true,
    .answer = "UserInfo",
    .handle = userinfo,
    .summary = "Claims about the user of an access token",
};

const struct route userinfo_post_route = {
    .method = POST,
    .path = "/userinfo",
    .guard = &GUARD_PUBLIC,
    .body = BODY_FORM,
    .max_body_bytes = 32768,
    .run = RUN_IN_TURNS,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .ignore_unknown = true,
    .answer = "UserInfo",
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
    .done = "204",
    .summary = "CORS preflight",
};
