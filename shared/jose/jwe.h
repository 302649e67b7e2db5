/*
 * JSON Web Encryption in compact serialization (RFC 7516, 7518 sections 4 and 5): to a peer's public key, and with our
 * own private keys. Two parts only: how the content key travels (alg) and how the content is sealed (enc). There is no
 * compression, no password and no RSA1_5.
 */
#pragma once

#include "shared/jose/jose.h"

enum jwe_alg { JWE_RSA_OAEP = 1, JWE_RSA_OAEP_256, JWE_ECDH_ES, JWE_ECDH_ES_A128KW, JWE_ECDH_ES_A256KW };
enum jwe_enc { JWE_A128GCM = 1, JWE_A256GCM, JWE_A128CBC_HS256, JWE_A256CBC_HS512 };

/* Sets of either, JWE_BIT(JWE_RSA_OAEP) | ... */
typedef uint32_t jwe_set;
#define JWE_BIT(value) ((jwe_set)1 << (value))

/* "RSA-OAEP-256", "A128CBC-HS256"; parse is exact. */
str jwe_alg_name(enum jwe_alg alg);
bool jwe_alg_parse(str name, enum jwe_alg *ret);
str jwe_enc_name(enum jwe_enc enc);
bool jwe_enc_parse(str name, enum jwe_enc *ret);

/*
 * Our own keys for encryption: a key made for alg (P-256 or RSA 2048) decrypts for every alg of its kind; its JWK has
 * "use":"enc" and no "alg". From PEM each curve is taken, for any alg of the kind. jose_key_pem, jose_key_free and
 * jose_set_of work on it; signatures do not.
 */
struct jose_key *jwe_key_generate(enum jwe_alg alg);
struct jose_key *jwe_key_of_pem(str pem, enum jwe_alg alg); /* NULL: no such key */

/* May the key be used with alg? */
bool jwe_key_takes(const struct jose_key *key, enum jwe_alg alg);
/* The peer's key to encrypt to: one with that "alg" before one with "use":"enc" before one that says nothing; of equals
 * the first. NULL: none. */
const struct jose_key *jose_set_find_enc(const struct jose_set *set, enum jwe_alg alg);

#define JWE_MAX_BYTES 16384

/* Header {alg, enc, kid, cty, epk}. cty is "JWT" for a nested token, NULL: left out. A key that does not take alg is a
 * bug of the caller: abort. */
str jwe_encrypt(struct arena *a, const struct jose_key *to, enum jwe_alg alg, enum jwe_enc enc, const char *cty,
                str plain);

enum jwe_verdict { JWE_GOOD = 1, JWE_MALFORMED, JWE_WRONG_ALG, JWE_UNKNOWN_KEY, JWE_BAD_TAG };
const char *jwe_verdict_name(enum jwe_verdict v);

struct jwe_want {
    jwe_set algs, encs; /* what the caller allows; 0: all */
};

struct jwe_read {
    enum jwe_alg alg;
    enum jwe_enc enc;
    const struct json_value *header;
    bool is_nested; /* cty is "JWT": plain is a token of its own, to be verified next */
    str plain;
};

/*
 * Splits strictly (<= JWE_MAX_BYTES, canonical base64url, strict JSON), refuses crit, zip, p2s, p2c, jku, x5u, jwk,
 * x5c, finds our key by kid (without kid: only when one key of the set takes its alg), decrypts. A key that cannot be
 * unwrapped and a wrong tag are one verdict, reached by the same work: the content is then tried with a random key.
 * *ret is set on JWE_GOOD only. Decrypting proves nothing about the sender.
 */
enum jwe_verdict jwe_decrypt(struct arena *a, const struct jose_set *ours, const struct jwe_want *want, str token,
                             struct jwe_read *ret);
