/*
 * GET /cb/{slug}/jwks.json: our keys for one partner: those that sign how we prove ourselves there, and the one that
 * it encrypts its ID tokens to. The partner registers this address as our jwks_uri.
 */
#include "authsrv/domain/token/key_schedule.h"
#include "authsrv/faults.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/flow/upstream/upstream_id.h"
#include "authsrv/routes.h"

/* Keys that others encrypt requests to are left out: a partner would take the first that it finds. */
static void signers_write(struct task *t, struct json *j, str jwks)
{
    const struct json_value *doc, *keys;
    str use;
    if (!json_parse(t->arena, jwks, &doc) || !(keys = json_get(doc, "keys")))
        return;
    for (size_t i = 0; i < json_size(keys); i++)
        if (json_get_str(json_item(keys, i), "use", &use) && str_eq(use, STR("sig")))
            json_raw(j, NULL, json_canonical(t->arena, json_item(keys, i)));
}

static err upstream_jwks(struct task *t, const struct request *rq, struct response *rs)
{
    const struct upstream *up;
    const struct snapshot *s;
    const struct jose_key *key = NULL;
    TRY(upstream_load(t, request_path_param(rq, "slug"), &up));
    if (!up)
        return FAIL(t, NOT_FOUND, "no such partner");
    TRY(snapshot_any(t, &s));
    if (str_given(up->set.id_token_encryption))
        TRY(upstream_decrypt_key(t, up, &key));
    struct json *j = reply_json(rs, 200);
    json_array(j, "keys");
    signers_write(t, j, snapshot_jwks(s));
    if (key)
        jose_key_write_jwk(j, NULL, key);
    json_close(j);
    return OK;
}

const struct route upstream_jwks_route = {
    .method = GET,
    .path = "/cb/{slug}/jwks.json",
    .guard = &GUARD_PUBLIC,
    .body = BODY_NONE,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .cors = CORS_ANY,
    .cache_s = KEY_JWKS_CACHE_S,
    .ignore_unknown = true,
    .answer = "{ keys: any[] }",
    .handle = upstream_jwks,
    .summary = "Our public keys for one partner",
};
