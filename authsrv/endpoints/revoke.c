/*
 * POST /revoke (RFC 7009). A refresh token takes its whole grant with it, an access token only itself. Unknown tokens
 * and those of others are answered like revoked ones; a failure of the database is not. A client's own tokens are
 * limited per minute (docs/decisions/0019).
 */
#include "authsrv/cors.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/limit.h"
#include "authsrv/flow/token/token_batch.h"
#include "authsrv/flow/token/tokens.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/token.sql.h"

#define OWN_PER_MINUTE 600
#define OWN_BURST 1000

struct revoke_in {
    str token, token_type_hint;
};

static const struct param revoke_params[] = {
    P_STR(struct revoke_in, token, .need = REQUIRED, .set = TEXT, .max = 16384),
    P_STR(struct revoke_in, token_type_hint, .need = OPTIONAL, .set = TEXT, .max = 64),
};

static err refresh_revoke(struct task *t, str token, const struct client *client)
{
    const struct refresh_find_row *row;
    int64_t n = 0;
    TRY(refresh_load(t, token, &row));
    if (row)
        TRY(grant_revoke(t, row->grant_id, client->id, STR("revoked"), &n));
    return n > 0 ? audit_write(t, client->id.v, STR("grant.revoked"), row->grant_id.v, STR("by its client")) : OK;
}

/* Of a client's own tokens each is an entry that resource servers keep until its end, and it makes as many as it likes.
 */
static err own_counted(struct task *t, const struct client *client)
{
    str key = arena_printf(t->arena, "revoke:%.*s", STR_ARG(client->id.v));
    return limit_take(t, key, OWN_PER_MINUTE, OWN_BURST, "revocations of a client's own tokens");
}

static err access_revoke(struct task *t, str token, const struct client *client)
{
    const struct snapshot *s;
    struct token_facts facts;
    int64_t n;
    TRY(snapshot_of(t, &s));
    if (!access_token_read(t, s, token, &facts) || !str_eq(facts.client, client->id.v))
        return OK;
    if (facts.of_user)
        return access_token_revoke(t, facts.jti, client->id, &n);
    TRY(own_counted(t, client));
    return client_token_revoke(t, facts.jti, client->id, facts.audience, instant_of_seconds(facts.expires_s), &n);
}

static err revoke(struct task *t, const struct request *rq, struct response *rs)
{
    const struct revoke_in *in = rq->in;
    cors_allow_client(t, rq, rs);
    if (is_refresh_token(in->token))
        TRY(refresh_revoke(t, in->token, client_of(rq)));
    else
        TRY(access_revoke(t, in->token, client_of(rq)));
    reply_empty(rs, 200);
    return OK;
}

const struct route revoke_route = {
    .method = POST,
    .path = "/revoke",
    .guard = &GUARD_CLIENT,
    .body = BODY_FORM,
    .max_body_bytes = 32768,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .ignore_unknown = true,
    INPUT(struct revoke_in, revoke_params),
    .handle = revoke,
    .summary = "Revoke a token",
};
