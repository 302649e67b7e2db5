/*
 * JSON Web Keys and Signatures over EVP with keys parsed once (RFC 7515, 7517, 7518, 7638).
 * The key carries its one algorithm; a token's header is compared with it, never asked.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/bytes.h"
#include "shared/base/instant.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"

#define JWS_MAX_BYTES 8192

enum jose_alg { ALG_ES256 = 1, ALG_RS256, ALG_PS256, ALG_EDDSA };

/* "ES256"; parse is exact. */
str jose_alg_name(enum jose_alg alg);
bool jose_alg_parse(str name, enum jose_alg *ret);

struct jose_key; /* an EVP_PKEY with alg and kid; immutable, may be shared by threads */

struct jose_key *jose_key_generate(enum jose_alg alg);
/* PKCS#8 PEM. NULL when the text is no key of that algorithm (RSA 2048..4096, e = 65537; P-256). */
struct jose_key *jose_key_of_pem(str pem, enum jose_alg alg);
str jose_key_pem(struct arena *a, const struct jose_key *key);
void jose_key_free(struct jose_key *key);
enum jose_alg jose_key_alg(const struct jose_key *key);
/* Our own keys: the thumbprint. Keys of a parsed set: what the set says, absent when it says nothing. */
str jose_key_kid(const struct jose_key *key);
str jose_key_thumbprint(const struct jose_key *key); /* RFC 7638, SHA-256, base64url */
/* Writes the public JWK as one object (kty, use, alg, kid and the public members). */
void jose_key_write_jwk(struct json *j, const char *member, const struct jose_key *key);

/*
 * A set of public keys, at most 16. Refused whole: private or symmetric members, duplicate kids, bad points or sizes.
 * A key without "alg" is taken as ES256 for P-256 and RS256 for RSA; keys of other kinds or uses are skipped.
 */
struct jose_set;
struct jose_set *jose_set_parse(str document, size_t max_bytes); /* NULL: refused. Free with jose_set_free. */
void jose_set_free(struct jose_set *set);
size_t jose_set_size(const struct jose_set *set);
const struct jose_key *jose_set_find(const struct jose_set *set, str kid);
/* The set over keys owned elsewhere (our own signing keys). */
struct jose_set *jose_set_of(const struct jose_key *const *keys, size_t n);

/* Compact serialization of claims (a whole JSON object) with header {alg, kid, typ}. */
str jws_sign(struct arena *a, const struct jose_key *key, const char *typ, str claims);

enum jws_verdict { JWS_GOOD = 1, JWS_MALFORMED, JWS_WRONG_TYPE, JWS_UNKNOWN_KEY, JWS_WRONG_ALG, JWS_BAD_SIGNATURE };
const char *jws_verdict_name(enum jws_verdict v);
/*
 * Splits strictly (<= JWS_MAX_BYTES, canonical base64url, strict JSON), refuses crit, jku, x5u, jwk, x5c in the header,
 * compares typ (case-insensitive, "application/" optional; typ NULL: "JWT" or absent), finds the key by kid
 * (a token without kid: only when the set has one key of that alg), then verifies. *claims is set only on JWS_GOOD.
 */
enum jws_verdict jws_verify(struct arena *a, const struct jose_set *set, const char *typ, str token,
                            const struct json_value **claims);
/* Kid of a token that has not been verified, to decide about refetching keys. */
bool jws_peek_kid(struct arena *a, str token, str *kid);

struct claims_want {
    str issuer;   /* byte-exact */
    str audience; /* must be the string or one of the array */
    duration leeway;
};

enum claims_verdict {
    CLAIMS_GOOD = 1,
    CLAIMS_MALFORMED,
    CLAIMS_WRONG_ISSUER,
    CLAIMS_WRONG_AUDIENCE,
    CLAIMS_EXPIRED,
    CLAIMS_NOT_YET
};
const char *claims_verdict_name(enum claims_verdict v);
/* iss, aud, exp (required), nbf and iat (if present): integers in [0, 2^53). */
enum claims_verdict claims_judge(const struct json_value *claims, const struct claims_want *want, instant now);
