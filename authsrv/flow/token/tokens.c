/* Writing, signing and reading back our own tokens. */
#include "authsrv/flow/token/tokens.h"

#include "authsrv/app.h"
#include "authsrv/domain/authorization/acr.h"
#include "authsrv/domain/authorization/claims_request.h"
#include "authsrv/domain/scope.h"
#include "authsrv/domain/token/id_token.h"
#include "authsrv/faults.h"
#include "authsrv/flow/client/client_jwt.h"
#include "authsrv/flow/token/person.h"
#include "authsrv/flow/token/subject.h"
#include "authsrv/flow/token/token_batch.h"
#include "authsrv/flow/token/verified.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"
#include "shared/text/shape.h"

#define CLAIMS_MAX_BYTES ((size_t)1 << 20) /* a person with all claims, and what was granted */
#define ID_TOKEN_LIFE_S 600
#define FAPI_CODE_LIFE SECONDS(60)

SHAPE(token_answer, "TokenAnswer",
      "access_token: string, issued_token_type?: string, token_type: string, expires_in?: integer, refresh_token?: "
      "string, id_token?: string, scope?: string, authorization_details?: any[]")

duration access_life(const struct task *t, const struct client *c)
{
    return c->meta.access_token_ttl >= 0 ? SECONDS(c->meta.access_token_ttl) : app_of(t)->config.access_token_ttl;
}

instant grant_ends_at(const struct task *t, const struct client *c)
{
    return instant_add(t->now, c->meta.refresh_token_ttl >= 0 ? SECONDS(c->meta.refresh_token_ttl)
                                                              : app_of(t)->config.refresh_token_ttl);
}

int64_t access_life_s(const struct task *t, const struct client *c)
{
    return access_life(t, c).us / 1000000;
}

instant code_ends_at(const struct task *t, const struct client *c)
{
    duration life = app_of(t)->config.code_ttl;
    return instant_add(t->now, client_is_fapi(c) && life.us > FAPI_CODE_LIFE.us ? FAPI_CODE_LIFE : life);
}

str grant_name(struct arena *a, grant_id grant)
{
    if (!str_given(grant.v))
        return STR_NONE;
    digest name = sha256_str(arena_printf(a, "consent %.*s", STR_ARG(grant.v)));
    return base64url_encode(a, digest_bytes(&name));
}

/* Nobody knows it of a log-in at a partner that does not say it: better no time than one that is too young. */
static void auth_time_write(struct json *j, instant at)
{
    if (at.us > 0)
        json_i64(j, "auth_time", instant_seconds(at));
}

str access_token_sign(struct task *t, const struct snapshot *s, const struct access_claims *c)
{
    struct buf out;
    buf_init(&out, t->arena, CLAIMS_MAX_BYTES);
    struct json j;
    int64_t now_s = instant_seconds(t->now);
    json_begin(&j, &out);
    json_str(&j, "iss", app_of(t)->issuer);
    json_str(&j, "sub", c->subject);
    json_str(&j, "aud", c->audience);
    json_i64(&j, "exp", c->expires_s > 0 ? c->expires_s : now_s + access_life_s(t, c->client));
    json_i64(&j, "iat", now_s);
    json_str(&j, "jti", c->jti);
    json_str(&j, "client_id", c->client->id.v);
    json_str(&j, "scope", c->scope);
    json_str(&j, "partner", c->client->partner);
    cnf_write(&j, &c->client->cnf);
    if (str_given(c->sid)) {
        auth_time_write(&j, c->auth_time);
        json_str(&j, "sid", c->sid);
    }
    if (c->amr.n > 0)
        json_words(&j, "amr", c->amr);
    json_str(&j, "acr", c->acr);
    if (str_given(c->email)) {
        json_str(&j, "email", c->email);
        json_bool(&j, "email_verified", c->email_verified);
    }
    if (str_given(c->act))
        json_raw(&j, "act", c->act);
    if (str_given(c->may_act)) {
        json_object(&j, "may_act");
        json_str(&j, "sub", c->may_act);
        json_close(&j);
    }
    if (str_given(c->details.items)) {
        json_raw(&j, "authorization_details", c->details.items);
        json_raw(&j, "grant_places", c->details.places);
        json_str(&j, "grant_id", grant_name(t->arena, c->grant));
    }
    json_end(&j);
    return jws_sign(t->arena, snapshot_signer(s, ALG_ES256), "at+jwt", buf_str(&out));
}

static void half_hash_write(struct arena *a, struct json *j, const struct id_claims *c, const char *name, str value)
{
    if (str_given(value) && c->client->id_token_alg != ALG_ANY)
        json_str(j, name, jose_half_hash(a, c->client->id_token_alg, value));
}

static str id_token_sign(struct task *t, const struct snapshot *s, const struct id_claims *c)
{
    struct buf out;
    buf_init(&out, t->arena, CLAIMS_MAX_BYTES);
    struct json j;
    int64_t now_s = instant_seconds(t->now);
    json_begin(&j, &out);
    json_str(&j, "iss", app_of(t)->issuer);
    json_str(&j, "sub", c->subject);
    json_str(&j, "aud", c->client->id.v);
    json_i64(&j, "exp", now_s + ID_TOKEN_LIFE_S);
    json_i64(&j, "iat", now_s);
    auth_time_write(&j, c->auth_time);
    json_str(&j, "nonce", c->nonce);
    json_str(&j, "sid", c->sid);
    half_hash_write(t->arena, &j, c, "at_hash", c->access_token);
    half_hash_write(t->arena, &j, c, "c_hash", c->code);
    half_hash_write(t->arena, &j, c, "s_hash", c->state);
    json_str(&j, "acr", c->acr);
    if (c->amr.n > 0)
        json_words(&j, "amr", c->amr);
    json_str(&j, "urn:openid:params:jwt:claim:auth_req_id", c->auth_req_id);
    if (str_given(c->auth_req_id) && str_given(c->refresh))
        half_hash_write(t->arena, &j, c, "urn:openid:params:jwt:claim:rt_hash", c->refresh);
    if (c->person)
        claims_write(t->arena, &j, c->person, c->scope, c->names);
    json_end(&j);
    return client_jwt_sign(t, s, c->client->meta.id_token_signed_response_alg, "JWT", buf_str(&out));
}

/* What one signing needs to know beside the grant. */
struct signing {
    const struct snapshot *snapshot;
    struct terms_wish wish;
    const struct person *person; /* NULL: nothing about the person is asked */
    bool access, id;
    str id_scope; /* whose claims go into the ID token: there is no userinfo without an access token (OIDC Core 5.4) */
};

static err signing_prepare(struct task *t, const struct user_grant *g, struct signing *ret)
{
    bool front = g->parts != 0;
    ret->access = !front || (g->parts & RESPONSE_TOKEN);
    ret->id = str_has_word(g->scope, STR("openid")) && (!front || (g->parts & RESPONSE_ID_TOKEN));
    ret->id_scope = g->parts == RESPONSE_ID_TOKEN ? g->scope : STR("");
    if (!terms_wish_read(t->arena, &g->terms, &ret->wish))
        return FAIL(t, INTERNAL, "the claims of a grant cannot be read");
    bool about = (ret->access && str_has_word(g->scope, STR("email"))) ||
                 (ret->id && (ret->wish.id_token.n > 0 || ret->id_scope.n > 0));
    TRY(snapshot_of(t, &ret->snapshot));
    if (about && g->account)
        ret->person = person_of(t, g->account);
    return about && !g->account ? person_load(t, g->user, &ret->person) : OK;
}

static err details_narrow(struct task *t, const struct snapshot *s, const struct user_grant *g, struct access_claims *c)
{
    size_t n;
    const struct detail_type *types = snapshot_details(s, &n);
    const char *wrong = NULL;
    switch (details_choose(t->arena, g->terms.authorization_details, g->details, types, n, c->audience, &c->details)) {
    case DETAILS_GOOD:
        return OK;
    case DETAILS_NOT_GRANTED:
        wrong = "must be among those that were granted, and name none of them twice";
        break;
    case DETAILS_TYPE_LEFT_OUT:
        wrong = "must keep something of each type that was granted for this resource";
        break;
    }
    return FAIL_PARAM(t, INVALID_AUTHORIZATION_DETAILS, STR("authorization_details"), str_of(wrong));
}

/* One audience, and of scope and details what belongs to it. */
static err claims_narrow(struct task *t, const struct snapshot *s, const struct user_grant *g, struct access_claims *c)
{
    size_t n;
    const struct scope_owner *owners = snapshot_owners(s, &n);
    switch (scope_for(t->arena, g->scope, g->audience, g->resource, owners, n, &c->scope, &c->audience)) {
    case TARGET_GOOD:
        break;
    case TARGET_UNKNOWN:
        return FAIL_PARAM(t, INVALID_TARGET, STR("resource"), STR("was not granted"));
    case TARGET_AMBIGUOUS:
        return FAIL_PARAM(t, INVALID_TARGET, STR("resource"), STR("must say which one: several were granted"));
    }
    return details_narrow(t, s, g, c);
}

static err access_sign(struct task *t, const struct user_grant *g, const struct signing *s, struct token_answer *ret)
{
    struct access_claims claims = { .client = g->client,
                                    .subject = subject_at(t, g->client, g->user),
                                    .jti = g->jti,
                                    .sid = g->sid,
                                    .amr = g->amr,
                                    .acr = acr_reported(g->amr, s->wish.acr),
                                    .auth_time = g->auth_time,
                                    .act = g->act,
                                    .may_act = snapshot_may_act(s->snapshot, g->client->id),
                                    .expires_s = g->expires_s,
                                    .grant = g->grant };
    TRY(claims_narrow(t, s->snapshot, g, &claims));
    if (s->person && str_has_word(claims.scope, STR("email")) && str_given(s->person->email)) {
        claims.email = s->person->email;
        claims.email_verified = s->person->email_verified;
    }
    ret->access = access_token_sign(t, s->snapshot, &claims);
    if (ret->access.n > JWS_MAX_BYTES) /* nobody would accept it, nor do we */
        return FAIL_PARAM(t, INVALID_SCOPE, STR("scope"),
                          STR("makes, with its authorization_details, a token that is too long: ask for less"));
    ret->scope = claims.scope;
    ret->authorization_details = claims.details.items;
    return OK;
}

static struct token_answer answer_begin(const struct task *t, const struct user_grant *g)
{
    return (struct token_answer){ .refresh = g->refresh,
                                  .scope = g->scope,
                                  .cnf = g->client->cnf,
                                  .life_s = g->expires_s > 0 ? g->expires_s - instant_seconds(t->now)
                                                             : access_life_s(t, g->client) };
}

err user_access_sign(struct task *t, const struct user_grant *g, struct token_answer *ret)
{
    struct signing s = { 0 };
    TRY(signing_prepare(t, g, &s));
    *ret = answer_begin(t, g);
    return access_sign(t, g, &s, ret);
}

err user_tokens_sign(struct task *t, const struct user_grant *g, struct token_answer *ret)
{
    struct signing s = { 0 };
    TRY(signing_prepare(t, g, &s));
    *ret = answer_begin(t, g);
    if (s.access)
        TRY(access_sign(t, g, &s, ret));
    if (s.id)
        ret->id = id_token_sign(t, s.snapshot,
                                &(struct id_claims){ .client = g->client,
                                                     .subject = subject_at(t, g->client, g->user),
                                                     .nonce = g->nonce,
                                                     .sid = g->sid,
                                                     .amr = g->amr,
                                                     .acr = acr_reported(g->amr, s.wish.acr),
                                                     .auth_time = g->auth_time,
                                                     .auth_req_id = g->auth_req_id,
                                                     .refresh = g->refresh,
                                                     .access_token = ret->access,
                                                     .code = g->code,
                                                     .state = g->state,
                                                     .person = s.person,
                                                     .scope = s.id_scope,
                                                     .names = s.wish.id_token });
    const struct client_metadata *meta = &g->client->meta;
    if (str_given(ret->id))
        TRY(client_jwt_encrypt(t, g->client, meta->id_token_encrypted_response_alg,
                               meta->id_token_encrypted_response_enc, &ret->id));
    return OK;
}

void token_answer_write(struct task *t, struct json *j, const struct token_answer *a)
{
    json_str(j, "access_token", a->access);
    json_str(j, "issued_token_type", a->issued_type);
    json_str(j, "token_type", cnf_scheme(&a->cnf));
    if (a->life_s >= 0)
        json_i64(j, "expires_in", a->life_s > 0 ? a->life_s : app_of(t)->config.access_token_ttl.us / 1000000);
    json_str(j, "refresh_token", a->refresh);
    json_str(j, "id_token", a->id);
    json_str(j, "scope", a->scope);
    if (str_given(a->authorization_details))
        json_raw(j, "authorization_details", a->authorization_details);
}

#define REFRESH_PREFIX "rt_"

str refresh_token_new(struct task *t)
{
    return random_token(t->arena, REFRESH_PREFIX);
}

#define MAC_BYTES 16

/* Over all that stands before it: nobody makes a token that we did not give. */
static str family_mac(struct task *t, str said)
{
    digest mac = hmac_sha256(digest_bytes(&app_of(t)->family_key), bytes_of(said));
    return base64url_encode(t->arena, (bytes){ mac.b, MAC_BYTES });
}

str refresh_token_next(struct task *t, grant_id grant)
{
    str said = arena_printf(t->arena, "%.*s.%.*s", STR_ARG(refresh_token_new(t)), STR_ARG(grant.v));
    return arena_printf(t->arena, "%.*s.%.*s", STR_ARG(said), STR_ARG(family_mac(t, said)));
}

bool refresh_token_names(struct task *t, str token, grant_id *ret)
{
    str rest = token, random, grant;
    if (!is_refresh_token(token) || !str_cut(&rest, '.', &random) || !str_cut(&rest, '.', &grant))
        return false;
    str said = { token.p, random.n + 1 + grant.n };
    *ret = (grant_id){ grant };
    return equal_bytes(bytes_of(rest), bytes_of(family_mac(t, said)));
}

bool is_refresh_token(str token)
{
    return str_starts(token, STR(REFRESH_PREFIX));
}

digest refresh_token_digest(str token)
{
    return typed_digest("refresh", token);
}

digest code_digest(str code)
{
    return typed_digest("code", code);
}

static bool claims_complete(const struct json_value *claims, struct token_facts *ret)
{
    return json_get_str(claims, "jti", &ret->jti) && json_get_str(claims, "sub", &ret->subject) &&
           json_get_str(claims, "client_id", &ret->client) && json_get_str(claims, "scope", &ret->scope) &&
           json_get_str(claims, "aud", &ret->audience) && json_get_i64(claims, "exp", &ret->expires_s) &&
           json_get_i64(claims, "iat", &ret->issued_s);
}

static bool access_facts(struct task *t, const struct snapshot *s, str token, struct token_facts *ret)
{
    const struct json_value *claims;
    str issuer;
    if (!verified_read(t, snapshot_verifiers(s), token, &claims))
        return false;
    if (!json_get_str(claims, "iss", &issuer) || !str_eq(issuer, app_of(t)->issuer) || !claims_complete(claims, ret))
        return false;
    if (!cnf_read(claims, &ret->cnf))
        return false;
    ret->claims = claims;
    ret->of_user = !str_eq(ret->subject, ret->client);
    return instant_seconds(t->now) < ret->expires_s;
}

struct access_read {
    str token;
    struct token_facts facts;
};

bool access_token_read(struct task *t, const struct snapshot *s, str token, struct token_facts *ret)
{
    static const char key;
    struct access_read *read = turn_kept(t, &key);
    if (!read || !str_eq(read->token, token)) {
        read = arena_new(t->arena, struct access_read);
        read->token = token;
        if (!access_facts(t, s, token, &read->facts))
            return false;
        turn_keep(t, &key, read);
    }
    *ret = read->facts;
    return true;
}

static bool id_claims_read(struct task *t, const struct snapshot *s, str token, struct token_facts *ret, str *sid)
{
    struct id_token_facts facts;
    *ret = (struct token_facts){ .of_user = true };
    if (jws_verify(t->arena, snapshot_verifiers(s), NULL, token, &ret->claims) != JWS_GOOD ||
        !id_token_hints(ret->claims, app_of(t)->issuer, &facts))
        return false;
    ret->subject = facts.subject;
    ret->client = facts.client;
    *sid = facts.sid;
    return true;
}

bool id_token_read(struct task *t, const struct snapshot *s, str token, str *subject, str *client, str *sid)
{
    struct token_facts facts;
    if (!id_claims_read(t, s, token, &facts, sid))
        return false;
    *subject = facts.subject;
    *client = facts.client;
    return true;
}

bool id_token_read_live(struct task *t, const struct snapshot *s, str token, struct token_facts *ret, str *sid)
{
    return id_claims_read(t, s, token, ret, sid) &&
           id_token_lives(ret->claims, t->now, &ret->issued_s, &ret->expires_s);
}

err access_token_live(struct task *t, struct token_facts *f, bool *ret)
{
    if (!f->of_user)
        return client_token_good(t, f->jti, (client_id){ f->client }, ret);
    const struct tokens_find_row *row;
    TRY(token_load(t, f->jti, &row));
    *ret = row != NULL;
    if (!row)
        return OK;
    f->user = row->user_id;
    f->terms = row->terms;
    f->account = ACCOUNT_WORDS(row);
    return OK;
}
