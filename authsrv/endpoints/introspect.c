/*
 * POST /introspect (RFC 7662). Confidential clients see tokens of which they are the client or the audience; everything
 * else, and everything invalid, is one answer: not active.
 */
#include "authsrv/app.h"
#include "authsrv/faults.h"
#include "authsrv/flow/tokens.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/token.sql.h"

struct introspect_in {
    str token, token_type_hint;
};

static const struct param introspect_params[] = {
    P_STR(struct introspect_in, token, .need = REQUIRED, .set = TEXT, .max = 16384),
    P_STR(struct introspect_in, token_type_hint, .need = OPTIONAL, .set = TEXT, .max = 64),
};

static void inactive(struct response *rs)
{
    json_bool(reply_json(rs, 200), "active", false);
}

static bool may_see(const struct client *caller, str client, str audience)
{
    return str_eq(caller->id.v, client) ||
           (str_given(caller->resource_server) && str_eq(caller->resource_server, audience));
}

static void access_write(struct task *t, const struct token_facts *f, struct json *j)
{
    str text;
    json_bool(j, "active", true);
    json_str(j, "iss", app_of(t)->issuer);
    json_str(j, "sub", f->subject);
    json_str(j, "aud", f->audience);
    json_str(j, "client_id", f->client);
    json_str(j, "scope", f->scope);
    json_str(j, "jti", f->jti);
    json_i64(j, "exp", f->expires_s);
    json_i64(j, "iat", f->issued_s);
    json_str(j, "token_type", STR("Bearer"));
    if (json_get_str(f->claims, "partner", &text))
        json_str(j, "partner", text);
    if (json_get_str(f->claims, "sid", &text))
        json_str(j, "sid", text);
    const struct json_value *act = json_get(f->claims, "act");
    if (act)
        json_raw(j, "act", json_canonical(t->arena, act));
    const struct json_value *details = json_get(f->claims, "authorization_details");
    if (details)
        json_raw(j, "authorization_details", json_canonical(t->arena, details));
    int64_t auth_time;
    if (json_get_i64(f->claims, "auth_time", &auth_time))
        json_i64(j, "auth_time", auth_time);
}

static err refresh_show(struct task *t, str token, const struct client *caller, struct response *rs)
{
    const struct refresh_find_row *row;
    TRY(refresh_find(t, refresh_token_digest(token), &row));
    if (!row || row->revoked || row->used_at_given || !instant_before(t->now, row->expires_at) ||
        !str_eq(row->client_id.v, caller->id.v)) {
        inactive(rs);
        return OK;
    }
    struct json *j = reply_json(rs, 200);
    json_bool(j, "active", true);
    json_str(j, "iss", app_of(t)->issuer);
    json_str(j, "sub", row->user_id.v);
    json_str(j, "client_id", row->client_id.v);
    json_str(j, "scope", row->scope);
    json_i64(j, "exp", instant_seconds(row->expires_at));
    return OK;
}

static err introspect(struct task *t, const struct request *rq, struct response *rs)
{
    const struct introspect_in *in = rq->in;
    const struct client *caller = client_of(rq);
    const struct snapshot *s;
    struct token_facts facts;
    bool live = false;
    if (caller->auth_method == AUTH_NONE)
        return FAIL(t, INVALID_CLIENT, "a public client may not introspect");
    if (is_refresh_token(in->token))
        return refresh_show(t, in->token, caller, rs);
    TRY(snapshot_of(t, &s));
    if (access_token_read(t, s, in->token, &facts) && may_see(caller, facts.client, facts.audience))
        TRY(access_token_live(t, &facts, &live));
    if (!live)
        inactive(rs);
    else
        access_write(t, &facts, reply_json(rs, 200));
    return OK;
}

const struct route introspect_route = {
    .method = POST,
    .path = "/introspect",
    .guard = &GUARD_CLIENT,
    .body = BODY_FORM,
    .max_body_bytes = 32768,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .ignore_unknown = true,
    INPUT(struct introspect_in, introspect_params),
    .handle = introspect,
    .summary = "State of a token",
};
