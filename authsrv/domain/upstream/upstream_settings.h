/*
 * How we log people in at one partner: the kind of its service, where that is, how we prove ourselves there, whom it
 * may bring. One JSON document per partner, over the defaults of a named shape ("profile"); nothing in it is a secret.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/text/json_in.h"

#define UPSTREAM_SETTINGS_MAX_BYTES 16384

enum upstream_kind {
    UPSTREAM_OIDC = 1,  /* OpenID Connect: found by the issuer's metadata */
    UPSTREAM_OAUTH,     /* OAuth 2.0 with a document about the person */
    UPSTREAM_ASSERTION, /* no browser goes there: the partner's backend signs who its user is (RFC 7523) */
    UPSTREAM_NONE,      /* nobody logs in there: its applications use our accounts, or need no people */
};

/* Whether a browser can be sent there. */
static inline bool upstream_has_login(enum upstream_kind kind)
{
    return kind == UPSTREAM_OIDC || kind == UPSTREAM_OAUTH;
}

enum upstream_auth {
    UPSTREAM_AUTH_PUBLISHED = 1, /* what the metadata names first, of what we can */
    UPSTREAM_AUTH_BASIC,
    UPSTREAM_AUTH_POST,
    UPSTREAM_AUTH_PRIVATE_KEY,
};

enum upstream_create {
    UPSTREAM_CREATE_ANYONE = 1,
    UPSTREAM_CREATE_DOMAINS, /* people with a verified address in a domain of the partner */
    UPSTREAM_CREATE_INVITED,
};

/* Whether our log-out goes on to the partner's own. */
enum upstream_end {
    UPSTREAM_END_OFFER = 1, /* the person may, where a page of ours is shown anyway */
    UPSTREAM_END_ALWAYS,
    UPSTREAM_END_NEVER,
};

enum upstream_bearer { UPSTREAM_BEARER = 1, UPSTREAM_BEARER_OAUTH, UPSTREAM_BEARER_FORM };

struct upstream_settings {
    enum upstream_kind kind;
    enum upstream_auth auth;
    enum upstream_create create;
    enum upstream_bearer bearer; /* how the document about the person is asked for */
    enum upstream_end end;
    str scope;
    str authorization_endpoint, token_endpoint, userinfo_endpoint;
    str emails_endpoint;             /* a list of addresses, of which the primary one counts; absent: none */
    str callback_parameter;          /* comes with the code and goes with it to the token endpoint; absent: none */
    str acr_values;                  /* the log-in there must be one of these; absent: any */
    str id_token_encryption;         /* alg of RFC 7518 section 4; absent: ID tokens come signed only */
    bool trust_amr;                  /* its word about methods counts for ours */
    bool own_domains_only;           /* its word that an address is verified counts in its own domains only */
    bool keep_tokens;                /* for the partner's own clients: flow/upstream/upstream_keep.h */
    bool home;                       /* a hinted address in its domains sends the browser there at once */
    const struct json_value *claims; /* what is where: domain/upstream_person.h */
    str assertion_alg, assertion_jwks_uri, assertion_jwks; /* all absent: the backend signs nothing */
};

/* false: *param is the wrong member, *explain says what is allowed. document: JSON text; "{}" is OpenID Connect. */
bool upstream_settings_read(struct arena *a, str document, struct upstream_settings *ret, str *param, str *explain);
