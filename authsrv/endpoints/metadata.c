/*
 * GET /.well-known/openid-configuration (OIDC Discovery 1.0) and /.well-known/oauth-authorization-server (RFC 8414):
 * one document, listing exactly what works.
 */
#include "authsrv/app.h"
#include "authsrv/domain/claims.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/routes.h"

static void endpoint(struct task *t, struct json *j, const char *name, const char *path)
{
    json_str(j, name, arena_printf(t->arena, "%.*s%s", STR_ARG(app_of(t)->issuer), path));
}

static void endpoints_write(struct task *t, struct json *j)
{
    json_str(j, "issuer", app_of(t)->issuer);
    endpoint(t, j, "authorization_endpoint", "/authorize");
    endpoint(t, j, "token_endpoint", "/token");
    endpoint(t, j, "userinfo_endpoint", "/userinfo");
    endpoint(t, j, "jwks_uri", "/jwks.json");
    endpoint(t, j, "registration_endpoint", "/register");
    endpoint(t, j, "introspection_endpoint", "/introspect");
    endpoint(t, j, "revocation_endpoint", "/revoke");
    endpoint(t, j, "end_session_endpoint", "/logout");
    endpoint(t, j, "device_authorization_endpoint", "/device_authorization");
    endpoint(t, j, "backchannel_authentication_endpoint", "/bc-authorize");
}

static void abilities_write(struct json *j)
{
    json_words(j, "response_types_supported", STR("code"));
    json_words(j, "response_modes_supported", STR("query"));
    json_words(j, "grant_types_supported",
               STR("authorization_code refresh_token client_credentials urn:ietf:params:oauth:grant-type:device_code "
                   "urn:ietf:params:oauth:grant-type:token-exchange urn:ietf:params:oauth:grant-type:jwt-bearer "
                   "urn:openid:params:grant-type:ciba"));
    json_words(j, "backchannel_token_delivery_modes_supported", STR("poll ping push"));
    json_bool(j, "backchannel_user_code_parameter_supported", false);
    json_words(j, "code_challenge_methods_supported", STR("S256"));
    json_words(j, "subject_types_supported", STR("public"));
    json_words(j, "id_token_signing_alg_values_supported", STR("RS256 ES256"));
    json_words(j, "token_endpoint_auth_methods_supported", STR("client_secret_basic client_secret_post none"));
    json_words(j, "introspection_endpoint_auth_methods_supported", STR("client_secret_basic client_secret_post"));
    json_words(j, "revocation_endpoint_auth_methods_supported", STR("client_secret_basic client_secret_post none"));
    json_words(j, "prompt_values_supported", STR("none login consent select_account"));
    json_words(j, "claim_types_supported", STR("normal"));
    json_words(j, "claims_supported", claims_supported);
    json_words(j, "ui_locales_supported", STR("en"));
    json_bool(j, "authorization_response_iss_parameter_supported", true);
    json_bool(j, "claims_parameter_supported", false);
    json_bool(j, "request_parameter_supported", false);
    json_bool(j, "request_uri_parameter_supported", false);
    json_bool(j, "require_request_uri_registration", false);
}

static void scopes_write(struct json *j, const struct snapshot *s)
{
    size_t n;
    const struct scope_owner *owners = snapshot_owners(s, &n);
    static const char *const standard[] = { "openid", "profile", "email", "address", "phone", "offline_access" };
    json_array(j, "scopes_supported");
    for (size_t i = 0; i < sizeof standard / sizeof standard[0]; i++)
        json_str(j, NULL, str_of(standard[i]));
    for (size_t i = 0; i < n; i++)
        json_str(j, NULL, owners[i].scope);
    json_close(j);
}

static err metadata(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    const struct snapshot *s;
    TRY(snapshot_any(t, &s));
    struct json *j = reply_json(rs, 200);
    endpoints_write(t, j);
    abilities_write(j);
    scopes_write(j, s);
    return OK;
}

#define METADATA_ROUTE(path_, summary_)                                                                                \
    {                                                                                                                  \
        .method = GET, .path = path_, .guard = &GUARD_PUBLIC, .body = BODY_NONE, .run = RUN_TRY_INLINE,                \
        .errors = ERRORS_OAUTH, .cors = CORS_ANY, .cache_s = 300, .ignore_unknown = true, .handle = metadata,          \
        .summary = summary_,                                                                                           \
    }

const struct route openid_configuration_route =
    METADATA_ROUTE("/.well-known/openid-configuration", "OpenID provider metadata");
const struct route oauth_server_metadata_route =
    METADATA_ROUTE("/.well-known/oauth-authorization-server", "Authorization server metadata");
