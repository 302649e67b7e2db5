/* /admin/v1/initial_access_tokens: who may register clients (RFC 7591 section 3). */
#include "authsrv/admin.h"
#include "authsrv/faults.h"
#include "authsrv/flow/client/initial_tokens.h"
#include "authsrv/routes.h"
#include "authsrv/store/admin.sql.h"
#include "shared/text/shape.h"

SHAPE(initial_access_token, "InitialAccessToken",
      "object: 'initial_access_token', id: string, token?: string, uses_left: integer, created_at?: time, expires_at: "
      "time")

static err admin_initial_tokens(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    const struct initial_token_list_row *rows;
    size_t n;
    TRY(initial_token_list(t, &rows, &n));
    struct json *j = list_begin(rs);
    for (size_t i = 0; i < n; i++) {
        json_object(j, NULL);
        json_str(j, "object", STR("initial_access_token"));
        json_str(j, "id", rows[i].id);
        json_i64(j, "uses_left", rows[i].uses_left);
        json_time(j, "created_at", rows[i].created_at);
        json_time(j, "expires_at", rows[i].expires_at);
        json_close(j);
    }
    list_end(t, j, "initial_tokens", false, STR_NONE);
    return OK;
}

const struct route admin_initial_tokens_route = ADMIN_ROUTE(
    GET, "/admin/v1/initial_access_tokens", GUARD_ADMIN_CLIENTS, BODY_NONE, .answer = "Page<InitialAccessToken>",
    .handle = admin_initial_tokens, .summary = "List the initial access tokens that still count");

struct token_in {
    int64_t uses, hours;
};

static const struct param token_params[] = {
    P_I64(struct token_in, uses, .need = OPTIONAL, .low = 1, .high = 1000000, .fallback = 1),
    P_I64(struct token_in, hours, .need = OPTIONAL, .low = 1, .high = 8760, .fallback = 24),
};

static err admin_initial_token_make(struct task *t, const struct request *rq, struct response *rs)
{
    const struct token_in *in = rq->in;
    struct initial_token made;
    TRY(initial_token_make(t, admin_of(rq)->actor, in->uses, in->hours, &made));
    struct json *j = reply_json(rs, 201);
    json_str(j, "object", STR("initial_access_token"));
    json_str(j, "id", made.id);
    json_str(j, "token", made.token);
    json_i64(j, "uses_left", in->uses);
    json_time(j, "expires_at", made.expires_at);
    return OK;
}

const struct route admin_initial_token_make_route = ADMIN_ROUTE(
    POST, "/admin/v1/initial_access_tokens", GUARD_ADMIN_CLIENTS, BODY_JSON, INPUT(struct token_in, token_params),
    .answer = "InitialAccessToken", .handle = admin_initial_token_make, .done = "201",
    .summary = "Make an initial access token; it is shown once");

static err admin_initial_token_end(struct task *t, const struct request *rq, struct response *rs)
{
    TRY(initial_token_end(t, admin_of(rq)->actor, request_path_param(rq, "token")));
    reply_empty(rs, 204);
    return OK;
}

const struct route admin_initial_token_end_route =
    ADMIN_ROUTE(DELETE, "/admin/v1/initial_access_tokens/{token}", GUARD_ADMIN_CLIENTS, BODY_NONE,
                .handle = admin_initial_token_end, .done = "204", .summary = "Revoke an initial access token");
