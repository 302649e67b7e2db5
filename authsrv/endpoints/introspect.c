/*
 * POST /introspect (RFC 7662, as a JWT RFC 9701). Confidential clients see tokens of which they are the client or the
 * audience; everything else, and everything invalid, is one answer: not active.
 */
#include "authsrv/app.h"
#include "authsrv/faults.h"
#include "authsrv/flow/client/client_jwt.h"
#include "authsrv/flow/token/subject.h"
#include "authsrv/flow/token/token_batch.h"
#include "authsrv/flow/token/tokens.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "shared/text/shape.h"

#define JWT_TYPE "application/token-introspection+jwt"
#define ANSWER_MAX_BYTES ((size_t)1 << 20) /* what a token says, or what was granted */

SHAPE(
    introspection, "Introspection",
    "active: boolean, iss?: string, sub?: string, aud?: string, client_id?: string, scope?: string, jti?: string, "
    "exp?: integer, iat?: integer, token_type?: string, cnf?: any, partner?: string, sid?: string, acr?: string, amr?: "
    "string[], auth_time?: integer, act?: any, authorization_details?: any[], email?: string, email_verified?: boolean")

struct introspect_in {
    str token, token_type_hint;
};

static const struct param introspect_params[] = {
    P_STR(struct introspect_in, token, .need = REQUIRED, .set = TEXT, .max = 16384),
    P_STR(struct introspect_in, token_type_hint, .need = OPTIONAL, .set = TEXT, .max = 64),
};

static bool may_see(const struct client *caller, str client, str audience)
{
    return str_eq(caller->id.v, client) ||
           (str_given(caller->resource_server) && str_eq(caller->resource_server, audience));
}

/* Members that are shown as the token has them. */
static void claims_repeat(struct task *t, const struct json_value *claims, struct json *j)
{
    static const char *const names[] = {
        "partner", "sid", "acr", "amr", "auth_time", "act", "authorization_details", "email", "email_verified"
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct json_value *v = json_get(claims, names[i]);
        if (v)
            json_raw(j, names[i], json_canonical(t->arena, v));
    }
}

/* The user's name as the caller knows it; the client of the token has seen it in the token. */
static str subject_for(struct task *t, const struct client *caller, const struct token_facts *f)
{
    bool is_own = str_eq(caller->id.v, f->client);
    return is_own || !f->of_user ? f->subject : subject_at(t, caller, f->user);
}

static void access_write(struct task *t, const struct token_facts *f, const struct client *caller, struct json *j)
{
    json_bool(j, "active", true);
    json_str(j, "iss", app_of(t)->issuer);
    json_str(j, "sub", subject_for(t, caller, f));
    json_str(j, "aud", f->audience);
    json_str(j, "client_id", f->client);
    json_str(j, "scope", f->scope);
    json_str(j, "jti", f->jti);
    json_i64(j, "exp", f->expires_s);
    json_i64(j, "iat", f->issued_s);
    json_str(j, "token_type", cnf_scheme(&f->cnf));
    cnf_write(j, &f->cnf);
    claims_repeat(t, f->claims, j);
}

static bool refresh_is_active(const struct task *t, const struct refresh_find_row *row, const struct client *caller)
{
    return row && !row->revoked && !row->used_at_given && instant_before(t->now, row->expires_at) &&
           str_eq(row->client_id.v, caller->id.v);
}

static err refresh_show(struct task *t, str token, const struct client *caller, struct json *j)
{
    const struct refresh_find_row *row;
    TRY(refresh_load(t, token, &row));
    if (!refresh_is_active(t, row, caller)) {
        json_bool(j, "active", false);
        return OK;
    }
    json_bool(j, "active", true);
    json_str(j, "iss", app_of(t)->issuer);
    json_str(j, "sub", subject_at(t, caller, row->user_id));
    json_str(j, "client_id", row->client_id.v);
    json_str(j, "scope", row->scope);
    json_i64(j, "exp", instant_seconds(row->expires_at));
    return OK;
}

static err access_show(struct task *t, str token, const struct client *caller, struct json *j)
{
    const struct snapshot *s;
    struct token_facts facts;
    bool live = false;
    TRY(snapshot_of(t, &s));
    if (access_token_read(t, s, token, &facts) && may_see(caller, facts.client, facts.audience))
        TRY(access_token_live(t, &facts, &live));
    if (live)
        access_write(t, &facts, caller, j);
    else
        json_bool(j, "active", false);
    return OK;
}

/* RFC 9701 section 5: the answer as one claim, so that nobody takes it for the token. */
static err jwt_answer(struct task *t, const struct client *caller, str answer, struct response *rs)
{
    const struct snapshot *s;
    struct buf out;
    struct json j;
    TRY(snapshot_of(t, &s));
    buf_init(&out, t->arena, ANSWER_MAX_BYTES + answer.n);
    json_begin(&j, &out);
    json_str(&j, "iss", app_of(t)->issuer);
    json_str(&j, "aud", caller->id.v);
    json_i64(&j, "iat", instant_seconds(t->now));
    json_raw(&j, "token_introspection", answer);
    json_end(&j);
    const struct client_metadata *m = &caller->meta;
    str token = client_jwt_sign(t, s, m->introspection_signed_response_alg, "token-introspection+jwt", buf_str(&out));
    TRY(client_jwt_encrypt(t, caller, m->introspection_encrypted_response_alg, m->introspection_encrypted_response_enc,
                           &token));
    reply_raw(rs, 200, JWT_TYPE, token);
    return OK;
}

/* Media ranges are not weighed: whoever names the type of the JWT can read it. */
static bool accepts_jwt(const struct request *rq)
{
    str rest = request_header(rq, "accept"), range;
    while (str_given(rest) && rest.n > 0) {
        if (!str_cut(&rest, ',', &range)) {
            range = rest;
            rest = STR_NONE;
        }
        while (range.n > 0 && range.p[0] == ' ')
            range = (str){ range.p + 1, range.n - 1 };
        if (range.n >= sizeof JWT_TYPE - 1 && str_eq_nocase((str){ range.p, sizeof JWT_TYPE - 1 }, STR(JWT_TYPE)))
            return true;
    }
    return false;
}

static err introspect(struct task *t, const struct request *rq, struct response *rs)
{
    const struct introspect_in *in = rq->in;
    const struct client *caller = client_of(rq);
    struct buf out;
    struct json j;
    if (caller->auth_method == AUTH_NONE)
        return FAIL(t, INVALID_CLIENT, "a public client may not introspect");
    if (accepts_jwt(rq) && !t->db)
        return FAIL(t, NEED_WORKER, "signing takes long, and keys to encrypt to may have to be fetched");
    buf_init(&out, t->arena, ANSWER_MAX_BYTES);
    json_begin(&j, &out);
    if (is_refresh_token(in->token))
        TRY(refresh_show(t, in->token, caller, &j));
    else
        TRY(access_show(t, in->token, caller, &j));
    json_end(&j);
    if (accepts_jwt(rq))
        return jwt_answer(t, caller, buf_str(&out), rs);
    reply_raw(rs, 200, "application/json", buf_str(&out));
    return OK;
}

const struct route introspect_route = {
    .method = POST,
    .path = "/introspect",
    .guard = &GUARD_CLIENT,
    .body = BODY_FORM,
    .max_body_bytes = 32768,
    .run = RUN_IN_TURNS,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .ignore_unknown = true,
    INPUT(struct introspect_in, introspect_params),
    .answer = "Introspection",
    .handle = introspect,
    .summary = "State of a token",
};
