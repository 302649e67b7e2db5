/*
 * JSON Web Keys and Signatures over EVP with keys parsed once (RFC 7515, 7517, 7518, 7638, 8037). A key knows which
 * algorithms it may be used with, the caller says which ones it allows; a token's header is compared with both, and
 * never asked. Encryption is in jwe.h.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/bytes.h"
#include "shared/base/instant.h"
#include "shared/jose/jose_alg.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"

/* ---- Keys ---- */

/* A parsed key with what it may do and its kid. Immutable; may be shared by threads. */
struct jose_key;

/* Our own keys: for exactly one signature algorithm (any but HS256), kid is the thumbprint. Free with jose_key_free. */
struct jose_key *jose_key_generate(enum jose_alg alg);
/* PKCS#8 PEM. NULL: the text is no key for that algorithm (RSA: 2048 to 4096 bits, e = 65537). */
struct jose_key *jose_key_of_pem(str pem, enum jose_alg alg);
str jose_key_pem(struct arena *a, const struct jose_key *key); /* of a private key */
/* The same key for one more owner: reading a PEM costs as much as several signatures. Each of them frees it. */
struct jose_key *jose_key_share(struct jose_key *key);
void jose_key_free(struct jose_key *key);

/*
 * A stranger's public key from one JWK object, freed with the arena. NULL: refused (private or symmetric members, a
 * kind that is not known, a bad point or size, an "x5c" whose first certificate has another key).
 */
const struct jose_key *jose_key_of_jwk(struct arena *a, const struct json_value *jwk);

/* The one algorithm the key is pinned to, or ALG_ANY: a foreign key without "alg", or one for encryption. */
enum jose_alg jose_key_alg(const struct jose_key *key);
/* May the key verify signatures of that algorithm? */
bool jose_key_verifies(const struct jose_key *key, enum jose_alg alg);
/* Our own keys: the thumbprint. Foreign keys: what their owner wrote, absent when nothing. */
str jose_key_kid(const struct jose_key *key);
str jose_key_thumbprint(const struct jose_key *key); /* RFC 7638, SHA-256, base64url; of any key ("jkt") */
/* The public JWK as one object: kty, use, alg (when pinned), kid and the public members. */
void jose_key_write_jwk(struct json *j, const char *member, const struct jose_key *key);

/* ---- Sets ---- */

#define JOSE_SET_MAX_KEYS 100

/*
 * Public keys of a stranger (RFC 7517 section 5). A document is refused whole for: private or symmetric members,
 * duplicate kids, bad points or sizes, an "alg" that does not fit the key, wrong JSON types, more keys than the
 * maximum. Passed over: kinds, curves and algorithms that are not known here. A key with "alg" is for that one only, a
 * key without it for each that fits its kind; "use" and "key_ops" keep keys for encryption apart from those for
 * signatures.
 */
struct jose_set;
struct jose_set *jose_set_parse(str document, size_t max_bytes); /* NULL: refused. Free with jose_set_free. */
void jose_set_free(struct jose_set *set);
/* The set over keys owned elsewhere (our own keys, for signatures or for encryption). */
struct jose_set *jose_set_of(const struct jose_key *const *keys, size_t n);
/* How many keys verify signatures, and the one of that name, or NULL. Keys only for encryption are not seen here. */
size_t jose_set_size(const struct jose_set *set);
/* About what all of them take of memory outside of arenas. */
size_t jose_set_bytes(const struct jose_set *set);
const struct jose_key *jose_set_find(const struct jose_set *set, str kid);
/* The key of the set with that public key (SubjectPublicKeyInfo in DER, cert_public_key()), whatever its use; or NULL.
 * For self_signed_tls_client_auth (RFC 8705 section 2.2). */
const struct jose_key *jose_set_find_public(const struct jose_set *set, bytes spki);

/* ---- Signatures ---- */

#define JWS_MAX_BYTES 8192
#define HS256_MIN_SECRET_BYTES 32 /* RFC 7518 section 3.2 */

/* Compact serialization of claims (a whole JSON object) with header {alg, kid, typ}. */
str jws_sign(struct arena *a, const struct jose_key *key, const char *typ, str claims);
/* HS256 with header {alg, typ}: for clients registered for it. A secret under HS256_MIN_SECRET_BYTES is a bug: abort.
 */
str jws_sign_hs256(struct arena *a, secret key, const char *typ, str claims);
/* Not signed: "alg":"none" (RFC 7515 section 6), only where a client is registered for exactly that. */
str jws_unsecured(struct arena *a, const char *typ, str claims);

enum jws_verdict { JWS_GOOD = 1, JWS_MALFORMED, JWS_WRONG_TYPE, JWS_UNKNOWN_KEY, JWS_WRONG_ALG, JWS_BAD_SIGNATURE };
const char *jws_verdict_name(enum jws_verdict v);

/* What the caller asks of a token. */
struct jws_want {
    const char *typ;   /* case-insensitive, "application/" optional; NULL: "JWT" or absent */
    bool or_untyped;   /* "JWT" and an absent typ will do as well: for peers that do not set the type yet */
    jose_alg_set algs; /* ALG_BIT(...)s the caller allows; 0: each that the key allows */
};

/* What a verified token says. Lives in the arena, key in the set (or in the arena, jws_verify_embedded). */
struct jws_read {
    enum jose_alg alg;
    const struct jose_key *key; /* NULL: HS256 or unsecured */
    const struct json_value *header, *claims;
};

/*
 * Splits strictly (<= JWS_MAX_BYTES, canonical base64url, strict JSON), refuses crit, b64, jku, x5u, jwk, x5c in the
 * header, compares typ, finds the key by kid (a token without kid: only when one key of the set fits its alg), then
 * verifies. *ret is set on JWS_GOOD only, and claims are an object.
 */
enum jws_verdict jws_verify_with(struct arena *a, const struct jose_set *set, const struct jws_want *want, str token,
                                 struct jws_read *ret);
/* The same with typ alone, and claims alone as the answer. */
enum jws_verdict jws_verify(struct arena *a, const struct jose_set *set, const char *typ, str token,
                            const struct json_value **claims);
/*
 * A token that proves possession of the key in its own header "jwk" (DPoP, RFC 9449 section 4.2): the key is read as
 * jose_key_of_jwk does, and JWS_UNKNOWN_KEY tells that it is refused. Says nothing about whose key it is.
 */
enum jws_verdict jws_verify_embedded(struct arena *a, const struct jws_want *want, str token, struct jws_read *ret);
/*
 * HS256 under a client's secret (client_secret_jwt). The MAC is judged by libjwt after the checks above. An empty or
 * short secret verifies nothing. libjwt wants typ to be absent or "JWT", so no other type can be asked for.
 */
enum jws_verdict jws_verify_hs256(struct arena *a, secret key, str token, struct jws_read *ret);
/* alg is exactly "none" and the signature empty; every other check as above. want->algs is not looked at. Nothing is
 * proved: only for request objects of clients that need not sign them. */
enum jws_verdict jws_read_unsecured(struct arena *a, const struct jws_want *want, str token, struct jws_read *ret);

/* What a token says of itself before anything is verified, to choose the client and its keys. Absent: not a string. */
struct jws_peek {
    str alg, kid, typ;            /* of the header; kid is 1 to 128 bytes or absent */
    str iss, sub, client_id, jti; /* of the claims */
    bool is_encrypted;            /* five parts: a JWE, of which only the header can be seen */
};
bool jws_peek(struct arena *a, str token, struct jws_peek *ret);

/* ---- Claims ---- */

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
/* A text, or a list of texts that holds it: what "aud" may look like. NULL: false. */
bool claim_holds(const struct json_value *claim, str text);
/* nbf or iat: absent, or a number at most a minute ahead, which is how far clocks differ. */
bool claim_has_begun(const struct json_value *claims, const char *name, instant now);
/* iss, aud, exp (required), nbf and iat (if present): integers in [0, 2^53). */
enum claims_verdict claims_judge(const struct json_value *claims, const struct claims_want *want, instant now);
