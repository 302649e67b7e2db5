/* A client application as the rules see it, and the rules of its registration (RFC 7591, SECURITY A and E). */
#pragma once

#include "authsrv/store/newtypes.h"
#include "shared/base/arena.h"
#include "shared/base/bytes.h"
#include "shared/jose/jose.h"

enum auth_method { AUTH_NONE = 1, AUTH_BASIC, AUTH_POST };
/* "client_secret_basic"; parse is exact. */
bool auth_method_parse(str name, enum auth_method *ret);
str auth_method_name(enum auth_method m);

#define GRANT_CODE STR("authorization_code")
#define GRANT_REFRESH STR("refresh_token")
#define GRANT_CLIENT STR("client_credentials")

struct client {
    client_id id;
    str name;
    enum auth_method auth_method;
    digest secret_hash; /* zero for public clients */
    str partner, partner_name;
    str grants, scope;
    bool first_party, verified, require_pkce;
    enum jose_alg id_token_alg;
    str resource_server;
    int64_t default_max_age; /* -1: none */
    str client_uri, policy_uri, tos_uri;
    int64_t version;
};

bool client_may(const struct client *c, str grant_type);

/* What a registration asks for, whoever sends it. */
struct client_draft {
    str name;
    str grants, scope;
    enum auth_method auth_method;
    str id_token_alg;
    const str *redirect_uris, *post_logout_uris;
    size_t n_redirect_uris, n_post_logout_uris;
    str client_uri, logo_uri, policy_uri, tos_uri;
    int64_t default_max_age;
};

enum draft_verdict {
    DRAFT_GOOD = 1,
    DRAFT_NAME,
    DRAFT_GRANT,
    DRAFT_NO_REDIRECT,
    DRAFT_REDIRECT,
    DRAFT_PUBLIC_CLIENT_CREDENTIALS,
    DRAFT_REFRESH_WITHOUT_CODE,
    DRAFT_ALG,
    DRAFT_SCOPE,
    DRAFT_LINK,
};
/* *explain gets a sentence for the developer. */
enum draft_verdict draft_judge(struct arena *a, const struct client_draft *d, str *explain);
/* No control, bidirectional, zero-width or line characters; 1..64 characters. */
bool client_name_valid(str name);
