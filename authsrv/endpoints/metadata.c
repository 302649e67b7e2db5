/*
 * GET /.well-known/openid-configuration (OIDC Discovery 1.0) and /.well-known/oauth-authorization-server (RFC 8414):
 * one document, listing exactly what works.
 */
#include "authsrv/app.h"
#include "authsrv/domain/authorization/acr.h"
#include "authsrv/domain/authorization/response.h"
#include "authsrv/domain/token/claims.h"
#include "authsrv/flow/snapshot.h"
#include "authsrv/routes.h"
#include "shared/jose/dpop.h"
#include "web/text.h"

static void address(struct task *t, struct json *j, const char *name, str base, const char *path)
{
    json_str(j, name, arena_printf(t->arena, "%.*s%s", STR_ARG(base), path));
}

static void endpoint(struct task *t, struct json *j, const char *name, const char *path)
{
    json_str(j, name, app_address(t, path));
}

/* RFC 8705 section 5: where a client that shows a certificate goes, so that browsers are never asked for one. */
static void aliases_write(struct task *t, struct json *j)
{
    str base = app_of(t)->config.mtls_url;
    if (base.n == 0)
        return;
    json_object(j, "mtls_endpoint_aliases");
    address(t, j, "token_endpoint", base, "/token");
    address(t, j, "userinfo_endpoint", base, "/userinfo");
    address(t, j, "introspection_endpoint", base, "/introspect");
    address(t, j, "revocation_endpoint", base, "/revoke");
    address(t, j, "pushed_authorization_request_endpoint", base, "/par");
    address(t, j, "device_authorization_endpoint", base, "/device_authorization");
    address(t, j, "backchannel_authentication_endpoint", base, "/bc-authorize");
    address(t, j, "authorization_challenge_endpoint", base, "/authorization_challenge");
    json_close(j);
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
    endpoint(t, j, "authorization_challenge_endpoint", "/authorization_challenge");
    endpoint(t, j, "stoa_revocation_feed_endpoint", "/revocations");
    endpoint(t, j, "pushed_authorization_request_endpoint", "/par");
    endpoint(t, j, "check_session_iframe", "/session/check");
    aliases_write(t, j);
}

#define CONFIDENTIAL_METHODS                                                                                           \
    "client_secret_basic client_secret_post client_secret_jwt private_key_jwt tls_client_auth "                        \
    "self_signed_tls_client_auth"

static void encryption_write(struct json *j)
{
    json_words(j, "id_token_encryption_alg_values_supported", STR(ENCRYPTION_ALGS));
    json_words(j, "id_token_encryption_enc_values_supported", STR(ENCRYPTION_ENCS));
    json_words(j, "userinfo_encryption_alg_values_supported", STR(ENCRYPTION_ALGS));
    json_words(j, "userinfo_encryption_enc_values_supported", STR(ENCRYPTION_ENCS));
    json_words(j, "introspection_encryption_alg_values_supported", STR(ENCRYPTION_ALGS));
    json_words(j, "introspection_encryption_enc_values_supported", STR(ENCRYPTION_ENCS));
    json_words(j, "authorization_encryption_alg_values_supported", STR(ENCRYPTION_ALGS));
    json_words(j, "authorization_encryption_enc_values_supported", STR(ENCRYPTION_ENCS));
    json_words(j, "request_object_encryption_alg_values_supported", STR(ENCRYPTION_ALGS));
    json_words(j, "request_object_encryption_enc_values_supported", STR(ENCRYPTION_ENCS));
}

static void responses_write(struct json *j)
{
    json_array(j, "response_types_supported");
#define X(parts, name) json_str(j, NULL, STR(name));
    RESPONSE_TYPES(X)
#undef X
    json_close(j);
    json_array(j, "response_modes_supported");
#define X(name, carrier, is_jwt) json_str(j, NULL, STR(name));
    RESPONSE_MODES(X)
#undef X
    json_str(j, NULL, STR("jwt"));
    json_close(j);
    json_words(j, "authorization_signing_alg_values_supported", STR(SIGNING_ALGS));
}

static void abilities_write(const struct task *t, struct json *j)
{
    json_words(
        j, "grant_types_supported",
        STR("authorization_code implicit refresh_token client_credentials urn:ietf:params:oauth:grant-type:device_code "
            "urn:ietf:params:oauth:grant-type:token-exchange urn:ietf:params:oauth:grant-type:jwt-bearer "
            "urn:openid:params:grant-type:ciba"));
    json_words(j, "backchannel_token_delivery_modes_supported", STR("poll ping push"));
    json_bool(j, "backchannel_user_code_parameter_supported", false);
    json_words(j, "backchannel_authentication_request_signing_alg_values_supported", STR(CLIENT_SIGNING_ALGS));
    json_words(j, "code_challenge_methods_supported", STR("S256"));
    json_words(j, "subject_types_supported", STR("public pairwise"));
    json_words(j, "id_token_signing_alg_values_supported", STR(ID_TOKEN_ALGS));
    json_words(j, "userinfo_signing_alg_values_supported", STR(SIGNING_ALGS));
    json_words(j, "introspection_signing_alg_values_supported", STR(SIGNING_ALGS));
    encryption_write(j);
    json_words(j, "token_endpoint_auth_methods_supported", STR(CONFIDENTIAL_METHODS " none"));
    json_words(j, "token_endpoint_auth_signing_alg_values_supported", STR("HS256 " CLIENT_SIGNING_ALGS));
    json_words(j, "introspection_endpoint_auth_methods_supported", STR(CONFIDENTIAL_METHODS));
    json_words(j, "introspection_endpoint_auth_signing_alg_values_supported", STR("HS256 " CLIENT_SIGNING_ALGS));
    json_words(j, "revocation_endpoint_auth_methods_supported", STR(CONFIDENTIAL_METHODS " none"));
    json_words(j, "revocation_endpoint_auth_signing_alg_values_supported", STR("HS256 " CLIENT_SIGNING_ALGS));
    json_words(j, "prompt_values_supported",
               app_of(t)->config.self_registration ? STR("none login consent select_account create")
                                                   : STR("none login consent select_account"));
    json_words(j, "claim_types_supported", STR("normal"));
    claims_supported_write(j, "claims_supported");
    acr_supported_write(j, "acr_values_supported");
    json_array(j, "ui_locales_supported");
    for (size_t i = 0; i < LANGUAGES; i++)
        json_str(j, NULL, language_tags[i]);
    json_close(j);
    json_bool(j, "authorization_response_iss_parameter_supported", true);
    json_words(j, "dpop_signing_alg_values_supported", STR(DPOP_ALG_NAMES));
    json_bool(j, "tls_client_certificate_bound_access_tokens", true);
    json_bool(j, "backchannel_logout_supported", true);
    json_bool(j, "backchannel_logout_session_supported", true);
    json_bool(j, "frontchannel_logout_supported", true);
    json_bool(j, "frontchannel_logout_session_supported", true);
    if (app_of(t)->config.client_documents)
        json_bool(j, "client_id_metadata_document_supported", true);
    json_bool(j, "claims_parameter_supported", true);
    json_bool(j, "request_parameter_supported", true);
    json_bool(j, "request_uri_parameter_supported", true);
    json_bool(j, "require_request_uri_registration", true);
    json_words(j, "request_object_signing_alg_values_supported", STR("none " CLIENT_SIGNING_ALGS));
    json_bool(j, "require_pushed_authorization_requests", false);
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

static void details_write(struct json *j, const struct snapshot *s)
{
    size_t n;
    const struct detail_type *types = snapshot_details(s, &n);
    json_array(j, "authorization_details_types_supported");
    for (size_t i = 0; i < n; i++)
        json_str(j, NULL, types[i].name);
    json_close(j);
}

static err metadata(struct task *t, const struct request *rq, struct response *rs)
{
    (void)rq;
    const struct snapshot *s;
    TRY(snapshot_any(t, &s));
    struct json *j = reply_json(rs, 200);
    endpoints_write(t, j);
    responses_write(j);
    abilities_write(t, j);
    scopes_write(j, s);
    details_write(j, s);
    return OK;
}

#define METADATA_ROUTE(path_, summary_)                                                                                \
    {                                                                                                                  \
        .method = GET, .path = path_, .guard = &GUARD_PUBLIC, .body = BODY_NONE, .run = RUN_TRY_INLINE,                \
        .errors = ERRORS_OAUTH, .cors = CORS_ANY, .cache_s = 300, .ignore_unknown = true, .answer = "any",             \
        .handle = metadata, .summary = summary_,                                                                       \
    }

const struct route openid_configuration_route =
    METADATA_ROUTE("/.well-known/openid-configuration", "OpenID provider metadata");
const struct route oauth_server_metadata_route =
    METADATA_ROUTE("/.well-known/oauth-authorization-server", "Authorization server metadata");
