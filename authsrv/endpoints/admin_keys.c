/* /admin/v1/keys: our keys with their history; rotation and emergency revocation. */
#include "authsrv/admin.h"
#include "authsrv/faults.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/flow/token/keys.h"
#include "authsrv/routes.h"
#include "authsrv/store/key.sql.h"
#include "shared/text/shape.h"

SHAPE(key, "Key",
      "object: 'key', kid: string, alg: string, state: string, why?: string, published_at: time, activated_at?: time, "
      "retiring_at?: time, ended_at?: time")

static void key_write(struct json *j, const struct key_history_row *k)
{
    json_object(j, NULL);
    json_str(j, "object", STR("key"));
    json_str(j, "kid", k->kid);
    json_str(j, "alg", k->alg);
    json_str(j, "state", k->state);
    json_str(j, "why", k->why);
    json_time(j, "published_at", k->published_at);
    if (k->activated_at_given)
        json_time(j, "activated_at", k->activated_at);
    if (k->retiring_at_given)
        json_time(j, "retiring_at", k->retiring_at);
    if (k->ended_at_given)
        json_time(j, "ended_at", k->ended_at);
    json_close(j);
}

static err keys_reply(struct task *t, struct response *rs)
{
    const struct key_history_row *rows;
    size_t n;
    TRY(key_history(t, &rows, &n));
    struct json *j = list_begin(rs);
    for (size_t i = 0; i < n; i++)
        key_write(j, &rows[i]);
    list_end(t, j, "keys", false, STR_NONE);
    return OK;
}

static err admin_keys(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    return keys_reply(t, rs);
}

const struct route admin_keys_route =
    ADMIN_ROUTE(GET, "/admin/v1/keys", GUARD_ADMIN_KEYS, BODY_NONE, .answer = "Page<Key>", .handle = admin_keys,
                .summary = "List our keys, also those that ended");

struct rotate_in {
    str alg;
    bool emergency;
};

static const struct param rotate_params[] = {
    P_STR(struct rotate_in, alg, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 16),
    P_BOOL(struct rotate_in, emergency, .need = OPTIONAL),
};

static err admin_keys_rotate(struct task *t, const struct request *rq, struct response *rs)
{
    const struct rotate_in *in = rq->in;
    TRY(keys_rotate(t, admin_of(rq)->actor, in->alg, in->emergency));
    TRY(snapshot_refresh(t));
    return keys_reply(t, rs);
}

const struct route admin_keys_rotate_route = ADMIN_ROUTE(
    POST, "/admin/v1/keys/rotate", GUARD_ADMIN_KEYS, BODY_JSON, INPUT(struct rotate_in, rotate_params),
    .answer = "Page<Key>", .handle = admin_keys_rotate, .summary = "Let the next key sign, of one algorithm or of all");

static err admin_key_revoke(struct task *t, const struct request *rq, struct response *rs)
{
    TRY(keys_revoke(t, admin_of(rq)->actor, request_path_param(rq, "kid")));
    TRY(snapshot_refresh(t));
    return keys_reply(t, rs);
}

const struct route admin_key_revoke_route = ADMIN_ROUTE(
    POST, "/admin/v1/keys/{kid}/revoke", GUARD_ADMIN_KEYS, BODY_NONE, .answer = "Page<Key>", .handle = admin_key_revoke,
    .summary = "A key leaked: out of the JWKS, and what it signed counts no more");
