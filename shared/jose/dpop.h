/*
 * DPoP proofs (RFC 9449): whether one request proves possession of a key. Pure: that a proof comes only once is for
 * the caller to remember (`once`), whose key it has to be is for the caller to compare (`jkt`).
 */
#pragma once

#include "shared/jose/jose.h"

#define DPOP_ALGS (ALG_BIT(ALG_PS256) | ALG_BIT(ALG_ES256) | ALG_BIT(ALG_EDDSA))
#define DPOP_ALG_NAMES "PS256 ES256 EdDSA Ed25519"
/* A proof cannot be accepted for longer than this, whatever its time and its nonce say. */
#define DPOP_LIFE MINUTES(3)

#define DPOP_VERDICTS(X)                                                                                               \
    X(DPOP_GOOD, "good")                                                                                               \
    X(DPOP_MALFORMED, "it is no JWT of the form that RFC 9449 gives")                                                  \
    X(DPOP_TYPE, "typ must be dpop+jwt")                                                                               \
    X(DPOP_ALG, "alg must be one of " DPOP_ALG_NAMES)                                                                  \
    X(DPOP_KEY, "jwk must be a public key")                                                                            \
    X(DPOP_SIGNATURE, "the signature is not of the key in jwk")                                                        \
    X(DPOP_CLAIMS, "jti, htm, htu and iat are required")                                                               \
    X(DPOP_METHOD, "htm is another method than that of the request")                                                   \
    X(DPOP_URI, "htu is another address than that of the request")                                                     \
    X(DPOP_TIME, "iat is not within 60 seconds before and 10 seconds after now")                                       \
    X(DPOP_TOKEN, "ath is not the hash of the access token")                                                           \
    X(DPOP_NONCE, "a nonce from DPoP-Nonce is required")

enum dpop_verdict {
#define X(name, say) name,
    DPOP_UNJUDGED = 0,
    DPOP_VERDICTS(X)
#undef X
};
/* A sentence without its end, for whoever made the proof. */
const char *dpop_verdict_say(enum dpop_verdict v);

/* Nonces that a server gives without remembering them: the MAC of a minute. The one of the last minute still counts. */
struct dpop_nonces {
    str current, previous;
};
struct dpop_nonces dpop_nonces_at(struct arena *a, const digest *key, instant now);

struct dpop_want {
    str method;                /* "POST" */
    str url;                   /* under which the server is known, never what the request says of itself */
    str alias;                 /* a second address of the same (RFC 8705 section 5); absent: none */
    str access_token;          /* presented with the proof; absent: none, at the token endpoint */
    struct dpop_nonces nonces; /* absent: the server gives none, and a proof's is not looked at */
    bool nonce_required;
};

struct dpop_proof {
    str jkt;     /* RFC 7638 thumbprint of the key */
    digest once; /* of key, jti and address: two proofs with the same are one that was replayed */
};

/* A proof with a nonce of ours is as fresh as the nonce, one without as its iat. *ret is set on DPOP_GOOD only. */
enum dpop_verdict dpop_judge(struct arena *a, str header, const struct dpop_want *want, instant now,
                             struct dpop_proof *ret);

/*
 * Whether htu names that http(s) address: query and fragment do not count, nor does how scheme, host, port and escapes
 * are written (RFC 3986 section 6.2.2 and 6.2.3).
 */
bool dpop_address_is(struct arena *a, str htu, str url);

/* Is text a SHA-256 in base64url, as dpop_jkt and cnf have it? */
bool dpop_thumbprint_valid(struct arena *a, str text);
