/* POST /register (RFC 7591, OIDC Dynamic Registration): a client for whoever holds an initial access token. */
#include "authsrv/app.h"
#include "authsrv/domain/registration.h"
#include "authsrv/domain/scope.h"
#include "authsrv/faults.h"
#include "authsrv/flow/audit.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/guards.h"
#include "authsrv/routes.h"
#include "authsrv/store/client.sql.h"
#include "shared/crypto/crypto.h"

static err metadata_refuse(struct task *t, str member, str explain)
{
    return FAIL_PARAM(t, INVALID_CLIENT_METADATA, member, explain);
}

static err draft_check(struct task *t, const struct client_draft *d)
{
    str explain = STR("cannot be accepted");
    switch (draft_judge(t->arena, d, &explain)) {
    case DRAFT_GOOD:
        return OK;
    case DRAFT_REDIRECT:
    case DRAFT_NO_REDIRECT:
        return FAIL_PARAM(t, INVALID_REDIRECT_URI, STR("redirect_uris"), explain);
    case DRAFT_NAME:
        return metadata_refuse(t, STR("client_name"), explain);
    case DRAFT_GRANT:
    case DRAFT_PUBLIC_CLIENT_CREDENTIALS:
    case DRAFT_REFRESH_WITHOUT_CODE:
        return metadata_refuse(t, STR("grant_types"), explain);
    case DRAFT_ALG:
        return metadata_refuse(t, STR("id_token_signed_response_alg"), explain);
    case DRAFT_SCOPE:
        return metadata_refuse(t, STR("scope"), explain);
    case DRAFT_LINK:
        return metadata_refuse(t, STR("client_uri"), explain);
    }
    return OK;
}

/* Who registers by himself gets identity scopes; money scopes belong to clients that an operator made. */
static str scope_granted(struct task *t, const struct client_draft *d)
{
    return scope_common(t->arena, d->scope, STR("openid profile email address phone offline_access"));
}

static err client_store(struct task *t, const struct client_draft *d, client_id id, str secret_text, str scope)
{
    const struct client_create_row *row;
    digest hash = sha256_str(secret_text);
    TRY(client_create(
        t,
        &(struct client_create_args){ .id = id,
                                      .name = d->name,
                                      .auth_method = auth_method_name(d->auth_method),
                                      .secret_hash = str_given(secret_text) ? digest_bytes(&hash) : (bytes){ NULL, 0 },
                                      .grants = d->grants,
                                      .scope = scope,
                                      .require_pkce = d->auth_method == AUTH_NONE,
                                      .id_token_alg = d->id_token_alg,
                                      .default_max_age = d->default_max_age >= 0 ? &d->default_max_age : NULL,
                                      .client_uri = d->client_uri,
                                      .logo_uri = d->logo_uri,
                                      .policy_uri = d->policy_uri,
                                      .tos_uri = d->tos_uri,
                                      .redirect_uris = { d->redirect_uris, d->n_redirect_uris },
                                      .post_logout_uris = { d->post_logout_uris, d->n_post_logout_uris } },
        &row));
    if (!row)
        return FAIL(t, INTERNAL, "a random client id exists already");
    return audit_write(t, STR("registration"), STR("client.created"), id.v, d->name);
}

static void list_write(struct json *j, const char *name, const str *items, size_t n)
{
    json_array(j, name);
    for (size_t i = 0; i < n; i++)
        json_str(j, NULL, items[i]);
    json_close(j);
}

static void registered_write(struct task *t, struct json *j, const struct client_draft *d, client_id id,
                             str secret_text, str scope)
{
    json_str(j, "client_id", id.v);
    json_i64(j, "client_id_issued_at", instant_seconds(t->now));
    if (str_given(secret_text)) {
        json_str(j, "client_secret", secret_text);
        json_i64(j, "client_secret_expires_at", 0);
    }
    json_str(j, "client_name", d->name);
    json_words(j, "grant_types", d->grants);
    if (str_has_word(d->grants, GRANT_CODE))
        json_words(j, "response_types", STR("code"));
    json_str(j, "scope", scope);
    json_str(j, "token_endpoint_auth_method", auth_method_name(d->auth_method));
    json_str(j, "id_token_signed_response_alg", d->id_token_alg);
    json_str(j, "subject_type", STR("public"));
    list_write(j, "redirect_uris", d->redirect_uris, d->n_redirect_uris);
    if (d->n_post_logout_uris > 0)
        list_write(j, "post_logout_redirect_uris", d->post_logout_uris, d->n_post_logout_uris);
    if (d->default_max_age >= 0)
        json_i64(j, "default_max_age", d->default_max_age);
    json_str(j, "client_uri", d->client_uri);
    json_str(j, "logo_uri", d->logo_uri);
    json_str(j, "policy_uri", d->policy_uri);
    json_str(j, "tos_uri", d->tos_uri);
}

static err register_client(struct task *t, const struct request *rq, struct response *rs)
{
    struct client_draft d;
    str member = STR_NONE;
    if (json_kind(rq->json) != JSON_OBJECT)
        return metadata_refuse(t, STR("body"), STR("must be a JSON object"));
    if (!draft_read(t->arena, rq->json, &d, &member))
        return metadata_refuse(t, member, STR("has a value that is not supported"));
    member = draft_unsupported(rq->json);
    if (str_given(member))
        return metadata_refuse(t, member, STR("is not supported by this server"));
    TRY(draft_check(t, &d));
    client_id id = { random_id(t->arena, "cl_") };
    str secret_text = d.auth_method == AUTH_NONE ? STR_NONE : random_token(t->arena, "cs_");
    str scope = scope_granted(t, &d);
    TRY(client_store(t, &d, id, secret_text, scope));
    TRY(snapshot_refresh(t));
    registered_write(t, reply_json(rs, 201), &d, id, secret_text, scope);
    return OK;
}

const struct route register_client_route = {
    .method = POST,
    .path = "/register",
    .guard = &GUARD_REGISTRATION,
    .body = BODY_JSON,
    .run = RUN_WORKER,
    .errors = ERRORS_OAUTH,
    .no_store = true,
    .per_minute = 120,
    .ignore_unknown = true,
    .handle = register_client,
    .summary = "Register a client",
};
