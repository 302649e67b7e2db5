/*
 * POST /token, grant_type=refresh_token (RFC 6749 section 6, RFC 9700 section 4.14). Each use rotates. The previous
 * token gets the same successor again inside a short window, as long as that successor is unused; anything else
 * revokes: a token names its grant, however long ago it was used (decision 0029).
 */
#include "authsrv/app.h"
#include "authsrv/cors.h"
#include "authsrv/counters.h"
#include "authsrv/domain/token/redemption.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/authorization/target.h"
#include "authsrv/flow/token/token_batch.h"
#include "authsrv/flow/token/tokens.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/token.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/process.h"

#define SUCCESSOR_CONTEXT STR("refresh_successor")
#define TRIES 4 /* each lost race is judged anew; three changes of one token cannot follow each other */

struct refresh_in {
    str refresh_token, scope, resource, authorization_details;
};

static const struct param refresh_params[] = {
    P_STR(struct refresh_in, refresh_token, .need = REQUIRED, .set = TOKEN, .max = 512),
    P_STR(struct refresh_in, scope, .need = OPTIONAL, .set = WORDS, .max = 4096),
    P_STR(struct refresh_in, resource, .need = OPTIONAL, .set = URI, .max = 2000),
    P_STR(struct refresh_in, authorization_details, .need = OPTIONAL, .set = TEXT, .max = DETAILS_MAX_BYTES),
};

struct renewal {
    const struct client *client;
    const struct refresh_in *in;
    digest token_hash;
    const struct refresh_find_row *token;
    str jti, scope, successor;
    instant access_expires_at;
    struct token_answer answer;
};

/* A family dies once. */
static err family_revoke(struct task *t, const struct renewal *r, const char *why)
{
    grant_id grant = r->token->grant_id;
    int64_t n;
    TRY(refresh_reused(t, grant, &n));
    if (n == 0)
        return FAIL(t, INVALID_GRANT, "%s, and the grant was over", why);
    count_refresh_reuse(t);
    TRY(audit_write(t, r->client->id.v, STR("refresh.reused"), grant.v, str_of(why)));
    return FAIL(t, INVALID_GRANT, "%s, grant %.*s is revoked", why, STR_ARG(grant.v));
}

/* *done false: somebody else was first. */
static err rotate(struct task *t, struct renewal *r, bool *done)
{
    str fresh = refresh_token_next(t, r->token->grant_id);
    const struct rotation rotation = {
        .grant = r->token->grant_id,
        .token_hash = r->token_hash,
        .successor_sealed = seal(t->arena, &app_of(t)->sealing_key, bytes_of(fresh), SUCCESSOR_CONTEXT),
        .successor_hash = refresh_token_digest(fresh),
        .jti = r->jti,
        .scope = r->scope,
        .bound_key = client_bound_key(t->arena, r->client),
        .access_expires_at = r->access_expires_at,
    };
    CRASH_POINT("refresh.before_commit");
    TRY(refresh_replace(t, &rotation, done));
    CRASH_POINT("refresh.after_commit");
    r->successor = fresh;
    return OK;
}

static err repeat(struct task *t, struct renewal *r, bool *done)
{
    int64_t n;
    bytes plain;
    if (!unseal(t->arena, &app_of(t)->sealing_key, r->token->successor_sealed, SUCCESSOR_CONTEXT, &plain))
        return FAIL(t, INTERNAL, "a successor cannot be unsealed");
    TRY(refresh_repeat(t, r->token->grant_id, r->token_hash, r->jti, r->scope, r->access_expires_at, &n));
    *done = n == 1;
    r->successor = (str){ (const char *)plain.p, plain.n };
    return OK;
}

static err keep(struct task *t, struct renewal *r, bool *done)
{
    int64_t n;
    TRY(refresh_keep(t, r->token->grant_id, r->token_hash, r->jti, r->scope, r->access_expires_at, &n));
    *done = n == 1;
    r->successor = r->in->refresh_token;
    return OK;
}

/* Before anything is rotated: what cannot be answered leaves the client the token that it has. */
static err answer_make(struct task *t, struct renewal *r)
{
    const struct refresh_find_row *token = r->token;
    const struct account_words account = ACCOUNT_WORDS(token);
    struct user_grant grant = { .client = r->client,
                                .user = token->user_id,
                                .scope = r->scope,
                                .audience = token->audience,
                                .sid = token->sid,
                                .amr = token->amr,
                                .jti = r->jti,
                                .resource = r->in->resource,
                                .details = r->in->authorization_details,
                                .auth_time = token->auth_time,
                                .grant = token->grant_id,
                                .account = &account };
    TRY(scope_within(t, token->scope, r->scope, "is more than was granted"));
    if (!terms_read(t->arena, token->terms, &grant.terms))
        return FAIL(t, INTERNAL, "the terms of a grant cannot be read");
    return user_tokens_sign(t, &grant, &r->answer);
}

static err renew_as(struct task *t, struct renewal *r, enum refresh_verdict v, bool *done)
{
    TRY(answer_make(t, r));
    if (v == REFRESH_KEPT)
        return keep(t, r, done);
    return v == REFRESH_PREVIOUS ? repeat(t, r, done) : rotate(t, r, done);
}

static err renew_once(struct task *t, struct renewal *r, bool *done)
{
    TRY(refresh_load(t, r->in->refresh_token, &r->token));
    if (!r->token)
        return FAIL(t, INVALID_GRANT, "no such refresh token");
    r->scope = str_given(r->in->scope) ? r->in->scope : r->token->scope;
    const struct refresh_facts facts = { .client = r->client->id,
                                         .is_confidential = r->client->auth_method != AUTH_NONE,
                                         .key = cnf_word(t->arena, &r->client->cnf),
                                         .grace = app_of(t)->config.refresh_grace,
                                         .now = t->now };
    enum refresh_verdict v = refresh_judge(r->token, &facts);
    switch (v) {
    case REFRESH_OTHER_CLIENT:
        return family_revoke(t, r, "presented by another client");
    case REFRESH_REUSED:
        return family_revoke(t, r, "reused");
    case REFRESH_DEAD:
        return FAIL(t, INVALID_GRANT, "expired, revoked, or user or client disabled");
    case REFRESH_OTHER_KEY:
        return FAIL(t, INVALID_GRANT, "the key of the refresh token was not proved");
    case REFRESH_CURRENT:
    case REFRESH_PREVIOUS:
    case REFRESH_KEPT:
        break;
    }
    return renew_as(t, r, v, done);
}

static err token_refresh(struct task *t, const struct request *rq, struct response *rs)
{
    const struct refresh_in *in = rq->in;
    struct renewal r = { .client = client_of(rq),
                         .in = in,
                         .token_hash = refresh_token_digest(in->refresh_token),
                         .jti = random_id(t->arena, "at_"),
                         .access_expires_at = instant_add(t->now, access_life(t, client_of(rq))) };
    cors_allow_client(t, rq, rs);
    if (!client_may(r.client, GRANT_REFRESH))
        return FAIL(t, UNAUTHORIZED_CLIENT, "not registered for refresh_token");
    bool done = false;
    for (int i = 0; i < TRIES && !done; i++)
        TRY(renew_once(t, &r, &done));
    if (!done)
        return FAIL(t, INVALID_GRANT, "lost every race for this token");
    r.answer.refresh = r.successor;
    count_tokens(t, TOKENS_REFRESH);
    token_answer_write(t, reply_json(rs, 200), &r.answer);
    return OK;
}

const struct route token_refresh_route = {
    .method = POST,
    .path = "/token",
    .when = { "grant_type", "refresh_token" },
    .guard = &GUARD_CLIENT,
    .body = BODY_FORM,
    .max_body_bytes = 32768,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .per_minute = 1200,
    .ignore_unknown = true,
    INPUT(struct refresh_in, refresh_params),
    .answer = "TokenAnswer",
    .handle = token_refresh,
    .summary = "New tokens for a refresh token",
};
