/*
 * Sets of public keys (RFC 7517 section 5). A set comes from a stranger: it is taken whole or refused whole, and
 * only what is plainly meant for something else is passed over.
 */
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include <stdlib.h>

#include "shared/base/panic.h"
#include "shared/jose/key.h"
#include "shared/text/encode.h"

#define SET_MAX_KEYS 16
#define P256_BYTES 32
#define SET_ARENA_BYTES ((size_t)8 << 20)

struct jose_set {
    size_t n;
    const struct jose_key *keys[SET_MAX_KEYS];
    struct jose_key *owned[SET_MAX_KEYS]; /* the same keys where the set frees them, else NULL */
};

enum jwk_verdict { JWK_TAKEN = 1, JWK_SKIPPED, JWK_REFUSED };

static bool has_private_member(const struct json_value *jwk)
{
    static const char *const NAMES[] = { "d", "p", "q", "dp", "dq", "qi", "oth", "k" };
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (json_get(jwk, NAMES[i]))
            return true;
    }
    return false;
}

static bool member_bytes(struct arena *a, const struct json_value *jwk, const char *name, bytes *ret)
{
    str text;
    return json_get_str(jwk, name, &text) && base64url_decode(a, text, ret) && ret->n > 0;
}

static EVP_PKEY *pkey_of_params(const char *type, OSSL_PARAM *params)
{
    EVP_PKEY *pkey = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1)
        panic("the crypto library lacks a key type");
    if (EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
        pkey = NULL;
    EVP_PKEY_CTX_free(ctx);
    return pkey;
}

/* Also proves that the point lies on the curve. */
static EVP_PKEY *ec_pkey(struct arena *a, const struct json_value *jwk)
{
    bytes x, y;
    static char group[] = "P-256";
    unsigned char point[1 + 2 * P256_BYTES] = { 4 };
    if (!member_bytes(a, jwk, "x", &x) || !member_bytes(a, jwk, "y", &y) || x.n != P256_BYTES || y.n != P256_BYTES)
        return NULL;
    memcpy(point + 1, x.p, P256_BYTES);
    memcpy(point + 1 + P256_BYTES, y.p, P256_BYTES);
    OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
                            OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
                            OSSL_PARAM_construct_end() };
    EVP_PKEY *pkey = pkey_of_params("EC", params);
    EVP_PKEY_CTX *check = pkey ? EVP_PKEY_CTX_new(pkey, NULL) : NULL;
    if (check && EVP_PKEY_public_check(check) != 1) {
        EVP_PKEY_free(pkey);
        pkey = NULL;
    }
    EVP_PKEY_CTX_free(check);
    return pkey;
}

/* Size and exponent are judged with every other RSA key, in key.c. */
static EVP_PKEY *rsa_pkey(struct arena *a, const struct json_value *jwk)
{
    bytes n, e;
    if (!member_bytes(a, jwk, "n", &n) || !member_bytes(a, jwk, "e", &e) || n.n > SIGNATURE_MAX_BYTES || e.n > 8 ||
        n.p[0] == 0 || (n.p[n.n - 1] & 1) == 0 || e.p[0] == 0)
        return NULL;
    /* Numbers are given in the byte order of the machine: little-endian here, turned by BN. */
    BIGNUM *modulus = BN_bin2bn(n.p, (int)n.n, NULL), *exponent = BN_bin2bn(e.p, (int)e.n, NULL);
    unsigned char native_n[SIGNATURE_MAX_BYTES], native_e[8];
    if (!modulus || !exponent || BN_bn2nativepad(modulus, native_n, (int)n.n) != (int)n.n ||
        BN_bn2nativepad(exponent, native_e, (int)e.n) != (int)e.n)
        panic("out of memory");
    BN_free(modulus);
    BN_free(exponent);
    OSSL_PARAM params[] = { OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, native_n, n.n),
                            OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, native_e, e.n), OSSL_PARAM_construct_end() };
    return pkey_of_params("RSA", params);
}

static EVP_PKEY *okp_pkey(struct arena *a, const struct json_value *jwk)
{
    bytes x;
    if (!member_bytes(a, jwk, "x", &x))
        return NULL;
    return EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, x.p, x.n);
}

static bool kind_of_jwk(const struct json_value *jwk, str kty, enum key_kind *kind, enum jose_alg *alg)
{
    str crv = STR_NONE;
    json_get_str(jwk, "crv", &crv);
    if (str_eq(kty, STR("RSA"))) {
        *kind = KEY_RSA;
        *alg = ALG_RS256;
    } else if (str_eq(kty, STR("EC")) && str_eq(crv, STR("P-256"))) {
        *kind = KEY_EC;
        *alg = ALG_ES256;
    } else if (str_eq(kty, STR("OKP")) && str_eq(crv, STR("Ed25519"))) {
        *kind = KEY_OKP;
        *alg = ALG_EDDSA;
    } else {
        return false;
    }
    return true;
}

/* "use" and "key_ops", where given, must allow to verify signatures. */
static bool is_for_signatures(const struct json_value *jwk)
{
    const struct json_value *ops = json_get(jwk, "key_ops");
    str text;
    if (json_get(jwk, "use") && !(json_get_str(jwk, "use", &text) && str_eq(text, STR("sig"))))
        return false;
    if (!ops)
        return true;
    for (size_t i = 0; i < json_size(ops); i++) {
        if (json_is_str(json_item(ops, i), &text) && str_eq(text, STR("verify")))
            return true;
    }
    return false;
}

static EVP_PKEY *pkey_of_jwk(struct arena *a, const struct json_value *jwk, enum key_kind kind)
{
    switch (kind) {
    case KEY_EC:
        return ec_pkey(a, jwk);
    case KEY_RSA:
        return rsa_pkey(a, jwk);
    case KEY_OKP:
        return okp_pkey(a, jwk);
    }
    return NULL;
}

static enum jwk_verdict jwk_read(struct arena *a, const struct json_value *jwk, struct jose_key **ret)
{
    str kty, kid = STR_NONE, name;
    enum key_kind kind;
    enum jose_alg alg;
    if (!json_get_str(jwk, "kty", &kty) || str_eq(kty, STR("oct")) || has_private_member(jwk))
        return JWK_REFUSED;
    if (json_get(jwk, "kid") && (!json_get_str(jwk, "kid", &kid) || kid.n == 0 || kid.n > KID_MAX_BYTES))
        return JWK_REFUSED;
    if (!kind_of_jwk(jwk, kty, &kind, &alg) || !is_for_signatures(jwk))
        return JWK_SKIPPED;
    if (json_get(jwk, "alg")) {
        if (!json_get_str(jwk, "alg", &name))
            return JWK_REFUSED;
        if (!jose_alg_parse(name, &alg))
            return JWK_SKIPPED;
        if (alg_row_of(alg)->kind != kind)
            return JWK_REFUSED;
    }
    struct jose_key *key = key_of_pkey(pkey_of_jwk(a, jwk, kind), alg, false);
    if (!key)
        return JWK_REFUSED;
    key->kid = arena_str(key->arena, kid);
    *ret = key;
    return JWK_TAKEN;
}

static bool kids_differ(const struct json_value *keys)
{
    for (size_t i = 0; i < json_size(keys); i++) {
        str left, right;
        if (!json_get_str(json_item(keys, i), "kid", &left))
            continue;
        for (size_t k = 0; k < i; k++) {
            if (json_get_str(json_item(keys, k), "kid", &right) && str_eq(left, right))
                return false;
        }
    }
    return true;
}

static bool set_fill(struct arena *a, str document, struct jose_set *set)
{
    const struct json_value *top;
    if (!json_parse(a, document, &top))
        return false;
    const struct json_value *keys = json_get(top, "keys");
    size_t n = json_size(keys);
    if (!keys || json_kind(keys) != JSON_ARRAY || n > SET_MAX_KEYS || !kids_differ(keys))
        return false;
    for (size_t i = 0; i < n; i++) {
        struct jose_key *key;
        enum jwk_verdict v = jwk_read(a, json_item(keys, i), &key);
        if (v == JWK_REFUSED)
            return false;
        if (v == JWK_TAKEN) {
            set->owned[set->n] = key;
            set->keys[set->n++] = key;
        }
    }
    return true;
}

static struct jose_set *set_new(void)
{
    struct jose_set *set = calloc(1, sizeof *set);
    if (!set)
        panic("out of memory");
    return set;
}

struct jose_set *jose_set_parse(str document, size_t max_bytes)
{
    if (document.n > max_bytes)
        return NULL;
    struct jose_set *set = set_new();
    struct arena *a = arena_create(4096, SET_ARENA_BYTES);
    bool is_good = set_fill(a, document, set);
    arena_destroy(a);
    if (is_good)
        return set;
    ERR_clear_error();
    jose_set_free(set);
    return NULL;
}

void jose_set_free(struct jose_set *set)
{
    for (size_t i = 0; set && i < set->n; i++)
        jose_key_free(set->owned[i]);
    free(set);
}

size_t jose_set_size(const struct jose_set *set)
{
    return set->n;
}

const struct jose_key *jose_set_find(const struct jose_set *set, str kid)
{
    for (size_t i = 0; i < set->n; i++) {
        if (str_given(set->keys[i]->kid) && str_eq(set->keys[i]->kid, kid))
            return set->keys[i];
    }
    return NULL;
}

const struct jose_key *set_only_key(const struct jose_set *set, enum jose_alg alg)
{
    const struct jose_key *found = NULL;
    for (size_t i = 0; i < set->n; i++) {
        if (set->keys[i]->row->alg != alg)
            continue;
        if (found)
            return NULL;
        found = set->keys[i];
    }
    return found;
}

struct jose_set *jose_set_of(const struct jose_key *const *keys, size_t n)
{
    if (n > SET_MAX_KEYS)
        panic("too many signing keys");
    struct jose_set *set = set_new();
    for (size_t i = 0; i < n; i++)
        set->keys[i] = keys[i];
    set->n = n;
    return set;
}
