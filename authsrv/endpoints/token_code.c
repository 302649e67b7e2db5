/*
 * POST /token, grant_type=authorization_code (RFC 6749 section 4.1.3, RFC 7636).
 * A code works once. Seeing it twice means it leaked, so everything it bought is revoked.
 */
#include "authsrv/app.h"
#include "authsrv/cors.h"
#include "authsrv/counters.h"
#include "authsrv/domain/authorization/pkce.h"
#include "authsrv/domain/token/redemption.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/authorization/code_batch.h"
#include "authsrv/flow/token/tokens.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/token.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/process.h"

struct code_in {
    str code, redirect_uri, code_verifier, resource, authorization_details;
};

static const struct param code_params[] = {
    P_STR(struct code_in, code, .need = REQUIRED, .set = TOKEN, .max = 512),
    P_STR(struct code_in, redirect_uri, .need = OPTIONAL, .set = TOKEN, .max = 2000),
    P_STR(struct code_in, code_verifier, .need = OPTIONAL, .set = UNRESERVED, .min = 43, .max = 128),
    P_STR(struct code_in, resource, .need = OPTIONAL, .set = URI, .max = 2000),
    P_STR(struct code_in, authorization_details, .need = OPTIONAL, .set = TEXT, .max = DETAILS_MAX_BYTES),
};

static err replayed(struct task *t, str code, const struct client *client)
{
    const struct code_replayed_row *row;
    TRY(code_replayed(t, code_digest(code), client->id, &row));
    if (!row)
        return FAIL(t, INVALID_GRANT, "this client has no such code");
    count_code_replay(t);
    TRY(audit_write(t, client->id.v, STR("code.replayed"), row->grant_id.v, STR("")));
    return FAIL(t, INVALID_GRANT, "replayed, grant %.*s is revoked", STR_ARG(row->grant_id.v));
}

struct redemption {
    const struct client *client;
    const struct code_in *in;
    const struct code_redeem_row *code;
    str refresh, jti;
};

static err answer_write(struct task *t, const struct redemption *r, struct response *rs)
{
    const struct code_redeem_row *code = r->code;
    const struct account_words account = ACCOUNT_WORDS(code);
    struct user_grant grant = { .client = r->client,
                                .user = code->user_id,
                                .scope = code->scope,
                                .audience = code->audience,
                                .sid = code->sid,
                                .amr = code->amr,
                                .jti = r->jti,
                                .resource = r->in->resource,
                                .details = r->in->authorization_details,
                                .nonce = code->nonce,
                                .refresh = r->refresh,
                                .auth_time = code->auth_time,
                                .grant = code->grant_id,
                                .account = &account };
    struct token_answer answer;
    if (!terms_read(t->arena, code->terms, &grant.terms))
        return FAIL(t, INTERNAL, "the terms of a grant cannot be read");
    TRY(user_tokens_sign(t, &grant, &answer));
    count_tokens(t, TOKENS_CODE);
    token_answer_write(t, reply_json(rs, 200), &answer);
    CRASH_POINT("token.before_reply");
    return OK;
}

static err token_code(struct task *t, const struct request *rq, struct response *rs)
{
    const struct code_in *in = rq->in;
    struct redemption r = { .client = client_of(rq), .in = in, .jti = random_id(t->arena, "at_") };
    cors_allow_client(t, rq, rs);
    if (!client_may(r.client, GRANT_CODE))
        return FAIL(t, UNAUTHORIZED_CLIENT, "not registered for authorization_code");
    str challenge = str_given(in->code_verifier) ? pkce_challenge_of(t->arena, in->code_verifier) : STR_NONE;
    digest refresh_hash;
    if (client_may(r.client, GRANT_REFRESH)) {
        r.refresh = refresh_token_new(t);
        refresh_hash = refresh_token_digest(r.refresh);
    }
    const struct cnf *cnf = &r.client->cnf;
    CRASH_POINT("code.before_commit");
    TRY(code_take(t,
                  &(struct redemption_key){ .code_hash = code_digest(in->code),
                                            .client = r.client->id,
                                            .challenge = challenge,
                                            .redirect_uri = in->redirect_uri,
                                            .refresh_hash = str_given(r.refresh) ? &refresh_hash : NULL,
                                            .jti = r.jti,
                                            .jkt = cnf->kind == CNF_DPOP ? cnf->thumbprint : STR_NONE,
                                            .bound_key = client_bound_key(t->arena, r.client),
                                            .access_expires_at = instant_add(t->now, access_life(t, r.client)) },
                  &r.code));
    CRASH_POINT("code.after_commit");
    if (!r.code)
        return replayed(t, in->code, r.client);
    enum code_verdict verdict = code_judge(r.code, in->redirect_uri, challenge);
    if (verdict != CODE_GOOD)
        return FAIL(t, INVALID_GRANT, "%s", code_verdict_say(verdict));
    return answer_write(t, &r, rs);
}

const struct route token_code_route = {
    .method = POST,
    .path = "/token",
    .when = { "grant_type", "authorization_code" },
    .guard = &GUARD_CLIENT,
    .body = BODY_FORM,
    .max_body_bytes = 32768,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .per_minute = 1200,
    .ignore_unknown = true,
    INPUT(struct code_in, code_params),
    .answer = "TokenAnswer",
    .handle = token_code,
    .summary = "Tokens for an authorization code",
};
