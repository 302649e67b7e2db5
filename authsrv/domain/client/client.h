/* A client application as the rules see it: what it registered, and what the operator made of it. */
#pragma once

#include "authsrv/domain/client/client_metadata.h"
#include "authsrv/store/newtypes.h"
#include "shared/base/arena.h"
#include "shared/base/bytes.h"
#include "shared/jose/cnf.h"
#include "shared/jose/jose.h"

enum auth_method { AUTH_NONE = 1, AUTH_BASIC, AUTH_POST, AUTH_SECRET_JWT, AUTH_KEY_JWT, AUTH_TLS, AUTH_SELF_SIGNED };
/* "client_secret_basic"; parse is exact. */
bool auth_method_parse(str name, enum auth_method *ret);
/* The client proves itself with a secret that we gave it. */
bool auth_method_has_secret(enum auth_method m);

#define GRANT_CODE STR("authorization_code")
#define GRANT_IMPLICIT STR("implicit")
#define GRANT_REFRESH STR("refresh_token")
#define GRANT_CLIENT STR("client_credentials")
#define GRANT_DEVICE STR("urn:ietf:params:oauth:grant-type:device_code")
#define GRANT_EXCHANGE STR("urn:ietf:params:oauth:grant-type:token-exchange")
#define GRANT_CIBA STR("urn:openid:params:grant-type:ciba")
#define GRANT_JWT STR("urn:ietf:params:oauth:grant-type:jwt-bearer")

struct client {
    client_id id;
    struct client_metadata meta;
    enum auth_method auth_method; /* as in meta, parsed */
    enum jose_alg id_token_alg;   /* as in meta, parsed; ALG_ANY: not signed */
    enum jose_alg response_alg;   /* of answers in a JWT; as in meta, parsed */
    str sector;                   /* of pairwise subjects; absent: they are public */
    digest secret_hash;           /* zero for clients without a secret */
    digest previous_hash;         /* of the secret before, which counts until then; zero: none does */
    instant previous_until;
    bytes secret_sealed;         /* where the secret itself is a key (client_secret_jwt); else absent */
    const struct jose_set *keys; /* of meta.jwks; NULL: none by value */
    str partner, partner_name;
    bool first_party, verified;
    str challenge; /* what it may do without our pages (domain/challenge.h) */
    str resource_server;
    int64_t version;
    bool is_document; /* known by the URL that is its id (domain/client_document.h) */
    instant document_at;
    struct cnf cnf; /* the key that this request has proved: what is issued for it is bound to it (proof.h) */
};

/* The parsed members of meta. false: a value that no registration lets through. */
bool client_complete(struct client *c);
/* FAPI 2.0 of either kind. */
bool client_is_fapi(const struct client *c);
bool client_may(const struct client *c, str grant_type);
/* Registered for this response type (domain/response.h) and for the grants that it needs. */
bool client_may_respond(const struct client *c, unsigned parts);
/* The key that its refresh tokens are bound to, as a word: of a public client that proved one (RFC 9449 section 5). */
str client_bound_key(struct arena *a, const struct client *c);

/* The ids of clients that registered without an initial access token (setting registration = open) begin like this. */
#define OPEN_CLIENT_PREFIX "open_"
bool client_is_open(const struct client *c);

/* The registered URI that asked matches (domain/redirect.h), the exact one before a loopback port; absent: none. */
str client_registered_uri(const struct text_list *registered, str asked);
