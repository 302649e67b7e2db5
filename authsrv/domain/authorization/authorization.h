/*
 * The authorization request after client and redirect URI are known to be good (RFC 6749 section 4.1.1, OIDC
 * Core 3.1.2.1, RFC 7636). From here on every mistake is told to the application by redirect.
 */
#pragma once

#include "authsrv/domain/authorization/interaction.h"
#include "authsrv/domain/authorization/response.h"
#include "authsrv/domain/authorization/terms.h"
#include "authsrv/domain/client/client.h"
#include "shared/text/form.h"

#define AUTHZ_VERDICTS(X)                                                                                              \
    X(AUTHZ_GOOD, "", "")                                                                                              \
    X(AUTHZ_NO_RESPONSE_TYPE, "invalid_request", "response_type is missing")                                           \
    X(AUTHZ_RESPONSE_TYPE, "unsupported_response_type", "no response type of this server")                             \
    X(AUTHZ_CLIENT_TYPE, "unauthorized_client", "the client is not registered for this response_type")                 \
    X(AUTHZ_RESPONSE_MODE, "invalid_request", "response_mode is unknown, or would put tokens into a query")            \
    X(AUTHZ_REGISTRATION, "registration_not_supported", "the registration parameter is not supported")                 \
    X(AUTHZ_STATE, "invalid_request", "state may have at most 2048 bytes")                                             \
    X(AUTHZ_NONCE, "invalid_request", "nonce may have at most 256 bytes")                                              \
    X(AUTHZ_NO_NONCE, "invalid_request", "nonce is required when an ID token comes from the authorization endpoint")   \
    X(AUTHZ_NO_PKCE, "invalid_request", "code_challenge is required, with code_challenge_method S256")                 \
    X(AUTHZ_PKCE_METHOD, "invalid_request", "code_challenge_method must be S256 and come with code_challenge")         \
    X(AUTHZ_PKCE_CHALLENGE, "invalid_request", "code_challenge must be 43 characters of base64url")                    \
    X(AUTHZ_DPOP_JKT, "invalid_request", "dpop_jkt must be 43 characters of base64url")                                \
    X(AUTHZ_SCOPE_SYNTAX, "invalid_scope", "scope must be space-separated words")                                      \
    X(AUTHZ_NO_SCOPE, "invalid_scope", "scope is missing")                                                             \
    X(AUTHZ_SCOPE, "invalid_scope", "the client may use none of the requested scopes")                                 \
    X(AUTHZ_NO_OPENID, "invalid_scope", "an ID token needs the scope openid")                                          \
    X(AUTHZ_PROMPT, "invalid_request", "prompt may be none alone, or login, consent, select_account, create")          \
    X(AUTHZ_NO_CREATE, "invalid_request", "prompt=create: nobody registers an account by himself here")                \
    X(AUTHZ_MAX_AGE, "invalid_request", "max_age must be a number of seconds")                                         \
    X(AUTHZ_ID_TOKEN_HINT, "invalid_request", "id_token_hint is no ID token that this server gave to the client")      \
    X(AUTHZ_CLAIMS, "invalid_request", "claims must be a JSON object as OpenID Connect Core 5.5 has it")               \
    X(AUTHZ_CLAIMS_USERINFO, "invalid_request", "claims for userinfo need a response_type with an access token")       \
    X(AUTHZ_TARGET, "invalid_target", "the resource is unknown, or the scopes belong to several")                      \
    X(AUTHZ_DETAILS, "invalid_authorization_details", "authorization_details cannot be accepted")                      \
    X(AUTHZ_NOT_PUSHED, "invalid_request", "this client must push its authorization requests (RFC 9126)")              \
    X(AUTHZ_NOT_SIGNED, "invalid_request", "this client must sign its authorization requests (RFC 9101)")

enum authz_verdict {
    AUTHZ_NONE = 0,
#define X(name, error, say) name,
    AUTHZ_VERDICTS(X)
#undef X
};

struct authorization {
    unsigned parts; /* of the response type */
    struct response_mode mode;
    str scope, asked_scope;      /* as far as the client may have it; as it was sent */
    str state, nonce, challenge; /* absent when not sent */
    str resources;               /* space-separated */
    str login_hint, idp_hint, id_token_hint, ui_locales;
    struct prompt prompt;
    str prompt_text;
    int64_t max_age; /* -1: none */
    struct terms terms;
};

/* state is set as soon as it may be echoed and mode is where errors go, whatever the verdict. */
enum authz_verdict authorization_judge(struct arena *a, const struct form *f, const struct client *c,
                                       struct authorization *ret);
const char *authz_error(enum authz_verdict v);
const char *authz_say(enum authz_verdict v);
