/*
 * GET /jwks.json (RFC 7517): the next, active and retiring public keys. Served from memory, also while the database is
 * away. A next key is published for longer than this document is cached before it signs (domain/key_schedule.h).
 */
#include "authsrv/domain/token/key_schedule.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/routes.h"

static err jwks(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    const struct snapshot *s;
    TRY(snapshot_any(t, &s));
    reply_raw(rs, 200, "application/json", snapshot_jwks(s));
    return OK;
}

const struct route jwks_route = {
    .method = GET,
    .path = "/jwks.json",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_TRY_INLINE,
    .errors = ERRORS_OAUTH,
    .cors = CORS_ANY,
    .cache_s = KEY_JWKS_CACHE_S,
    .ignore_unknown = true,
    .answer = "{ keys: any[] }",
    .handle = jwks,
    .summary = "Public keys",
};
