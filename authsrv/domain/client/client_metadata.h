/*
 * Client metadata (RFC 7591 section 2, OIDC Dynamic Registration section 2) as one table: a row gives the member of the
 * struct, its reader with the values that are allowed, its default, and its place in the document that is stored and
 * shown again. What the server does not offer has no row and is refused by name, never taken for registered.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"

/* What we sign with (flow/snapshot.h has the keys), and what we encrypt with (shared/jose/jwe.h). */
#define SIGNING_ALGS "RS256 ES256 PS256 EdDSA"
#define ID_TOKEN_ALGS SIGNING_ALGS " none"
/* What clients may sign with, to be verified with their public keys. */
#define CLIENT_SIGNING_ALGS "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519"
#define ENCRYPTION_ALGS "RSA-OAEP RSA-OAEP-256 ECDH-ES ECDH-ES+A128KW ECDH-ES+A256KW"
#define ENCRYPTION_ENCS "A128CBC-HS256 A256CBC-HS512 A128GCM A256GCM"

/*
 * X(kind, name, fallback, allowed): absent members get the fallback (NULL: absent). Kinds:
 * TEXT any string, LINK an https URL, FETCHED one that we call (http too on a loopback address), WORDS a string of
 * space-separated words, CHOICE one of the allowed words, CHOICES an array of them (kept space-separated), TYPES an
 * array of response types (kept with their words in canonical order), LIST an array of strings, FLAG a boolean, SECONDS
 * a number >= 0, DOCUMENT a JSON object (kept as canonical text). grant_types and response_types that are absent follow
 * from each other.
 */
#define CLIENT_METADATA(X)                                                                                             \
    X(TEXT, client_name, "Unnamed client", NULL)                                                                       \
    X(CHOICE, application_type, "web", "web native")                                                                   \
    X(LIST, redirect_uris, NULL, NULL)                                                                                 \
    X(LIST, post_logout_redirect_uris, NULL, NULL)                                                                     \
    X(CHOICES, grant_types, "authorization_code",                                                                      \
      "authorization_code implicit refresh_token client_credentials urn:ietf:params:oauth:grant-type:device_code "     \
      "urn:ietf:params:oauth:grant-type:token-exchange urn:ietf:params:oauth:grant-type:jwt-bearer "                   \
      "urn:openid:params:grant-type:ciba")                                                                             \
    X(TYPES, response_types, NULL, NULL)                                                                               \
    X(WORDS, scope, "openid profile email address phone offline_access", NULL)                                         \
    X(CHOICE, token_endpoint_auth_method, "client_secret_basic",                                                       \
      "client_secret_basic client_secret_post client_secret_jwt private_key_jwt tls_client_auth "                      \
      "self_signed_tls_client_auth none")                                                                              \
    X(CHOICE, token_endpoint_auth_signing_alg, NULL, CLIENT_SIGNING_ALGS " HS256")                                     \
    X(CHOICE, request_object_signing_alg, NULL, "none " CLIENT_SIGNING_ALGS)                                           \
    X(CHOICE, request_object_encryption_alg, NULL, ENCRYPTION_ALGS)                                                    \
    X(CHOICE, request_object_encryption_enc, NULL, ENCRYPTION_ENCS)                                                    \
    X(FLAG, require_signed_request_object, NULL, NULL)                                                                 \
    X(LIST, request_uris, NULL, NULL)                                                                                  \
    X(DOCUMENT, jwks, NULL, NULL)                                                                                      \
    X(FETCHED, jwks_uri, NULL, NULL)                                                                                   \
    X(TEXT, tls_client_auth_subject_dn, NULL, NULL)                                                                    \
    X(TEXT, tls_client_auth_san_dns, NULL, NULL)                                                                       \
    X(TEXT, tls_client_auth_san_uri, NULL, NULL)                                                                       \
    X(TEXT, tls_client_auth_san_ip, NULL, NULL)                                                                        \
    X(TEXT, tls_client_auth_san_email, NULL, NULL)                                                                     \
    X(CHOICE, fapi_profile, "none", "none security message_signing")                                                   \
    X(CHOICE, subject_type, "public", "public pairwise")                                                               \
    X(FETCHED, sector_identifier_uri, NULL, NULL)                                                                      \
    X(CHOICE, id_token_signed_response_alg, "RS256", ID_TOKEN_ALGS)                                                    \
    X(CHOICE, id_token_encrypted_response_alg, NULL, ENCRYPTION_ALGS)                                                  \
    X(CHOICE, id_token_encrypted_response_enc, NULL, ENCRYPTION_ENCS)                                                  \
    X(CHOICE, userinfo_signed_response_alg, NULL, SIGNING_ALGS)                                                        \
    X(CHOICE, userinfo_encrypted_response_alg, NULL, ENCRYPTION_ALGS)                                                  \
    X(CHOICE, userinfo_encrypted_response_enc, NULL, ENCRYPTION_ENCS)                                                  \
    X(CHOICE, introspection_signed_response_alg, "RS256", SIGNING_ALGS)                                                \
    X(CHOICE, introspection_encrypted_response_alg, NULL, ENCRYPTION_ALGS)                                             \
    X(CHOICE, introspection_encrypted_response_enc, NULL, ENCRYPTION_ENCS)                                             \
    X(CHOICE, authorization_signed_response_alg, "RS256", SIGNING_ALGS)                                                \
    X(CHOICE, authorization_encrypted_response_alg, NULL, ENCRYPTION_ALGS)                                             \
    X(CHOICE, authorization_encrypted_response_enc, NULL, ENCRYPTION_ENCS)                                             \
    X(FLAG, require_pkce, NULL, NULL)                                                                                  \
    X(SECONDS, default_max_age, NULL, NULL)                                                                            \
    X(FLAG, require_auth_time, NULL, NULL)                                                                             \
    X(LIST, default_acr_values, NULL, NULL)                                                                            \
    X(CHOICE, backchannel_token_delivery_mode, NULL, "poll ping push")                                                 \
    X(TEXT, backchannel_client_notification_endpoint, NULL, NULL)                                                      \
    X(CHOICE, backchannel_authentication_request_signing_alg, NULL, CLIENT_SIGNING_ALGS)                               \
    X(LIST, contacts, NULL, NULL)                                                                                      \
    X(LINK, client_uri, NULL, NULL)                                                                                    \
    X(LINK, logo_uri, NULL, NULL)                                                                                      \
    X(LINK, initiate_login_uri, NULL, NULL)                                                                            \
    X(TEXT, backchannel_logout_uri, NULL, NULL)                                                                        \
    X(FLAG, backchannel_logout_session_required, NULL, NULL)                                                           \
    X(TEXT, frontchannel_logout_uri, NULL, NULL)                                                                       \
    X(FLAG, frontchannel_logout_session_required, NULL, NULL)                                                          \
    X(LINK, policy_uri, NULL, NULL)                                                                                    \
    X(LINK, tos_uri, NULL, NULL)                                                                                       \
    X(LIST, authorization_details_types, NULL, NULL)                                                                   \
    X(FLAG, require_pushed_authorization_requests, NULL, NULL)                                                         \
    X(SECONDS, access_token_ttl, NULL, NULL)                                                                           \
    X(SECONDS, refresh_token_ttl, NULL, NULL)                                                                          \
    X(FLAG, dpop_bound_access_tokens, NULL, NULL)                                                                      \
    X(FLAG, tls_client_certificate_bound_access_tokens, NULL, NULL)                                                    \
    X(TEXT, software_id, NULL, NULL)                                                                                   \
    X(TEXT, software_version, NULL, NULL)

struct text_list {
    const str *items;
    size_t n;
};

#define METADATA_TEXT str
#define METADATA_LINK str
#define METADATA_FETCHED str
#define METADATA_WORDS str
#define METADATA_CHOICE str
#define METADATA_CHOICES str
#define METADATA_TYPES struct text_list
#define METADATA_LIST struct text_list
#define METADATA_FLAG bool
#define METADATA_SECONDS int64_t
#define METADATA_DOCUMENT str

struct client_metadata {
#define X(kind, name, fallback, allowed) METADATA_##kind name;
    CLIENT_METADATA(X)
#undef X
    bool jwks_changes; /* in the database: see json_is_storable */
};
/* Texts that are absent were neither sent nor have a default; SECONDS: -1. */

struct metadata_problem {
    str member;  /* as in the document */
    str explain; /* a sentence for the developer: what is allowed */
};

/* One document into the struct, with defaults. Unknown members are ignored. false: *problem says why. */
bool client_metadata_read(struct arena *a, const struct json_value *document, struct client_metadata *ret,
                          struct metadata_problem *problem);
/* Rules between members, and of what has more than a list of words: URIs, name, scope. false: *problem says why. */
bool client_metadata_judge(struct arena *a, const struct client_metadata *m, struct metadata_problem *problem);
/*
 * In addition, of who registers without an initial access token: log-ins of people only. A grant that needs nobody's
 * consent would make a token for anybody.
 */
bool client_metadata_judge_open(const struct client_metadata *m, struct metadata_problem *problem);
/*
 * What the operator alone gives: the types of authorization_details, and how long tokens live. What was given stays
 * (given NULL: nothing), whether *m leaves it out or repeats it; false: *m says something else, and *problem what.
 */
bool client_metadata_keep_given(struct client_metadata *m, const struct client_metadata *given,
                                struct metadata_problem *problem);
/* Moves what m points to into a, so that nothing of the document has to stay. */
void client_metadata_keep(struct arena *a, struct client_metadata *m);
/* Every member that has a value, into the open object j. */
void client_metadata_write(struct json *j, const struct client_metadata *m);
/* As a document of its own, for storage. */
str client_metadata_document(struct arena *a, const struct client_metadata *m);

/* The grant types that these response types need, space-separated; fallback when they need none. */
str response_grants(struct arena *a, const struct text_list *types, str fallback);

/* No control, bidirectional, zero-width or line characters; not only blanks. */
bool line_valid(str line, size_t max_characters);
#define CLIENT_NAME_MAX 64 /* characters */
/* The same of 1 to CLIENT_NAME_MAX characters. */
bool client_name_valid(str name);
