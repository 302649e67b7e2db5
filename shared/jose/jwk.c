/*
 * One JSON Web Key of a stranger (RFC 7517 section 4, 7518 section 6): taken, refused, or passed over because it is
 * plainly meant for something else.
 */
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#include "shared/base/panic.h"
#include "shared/crypto/cert.h"
#include "shared/jose/key.h"
#include "shared/text/encode.h"

bool jwk_has_private_member(const struct json_value *jwk)
{
    static const char *const NAMES[] = { "d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv" };
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
static EVP_PKEY *ec_pkey(struct arena *a, const struct json_value *jwk, const struct key_type *type)
{
    bytes x, y;
    char group[32];
    unsigned char point[1 + 2 * COORDINATE_MAX_BYTES] = { 4 };
    size_t width = type->width;
    if (!member_bytes(a, jwk, "x", &x) || !member_bytes(a, jwk, "y", &y) || x.n != width || y.n != width)
        return NULL;
    memcpy(group, type->name, strlen(type->name) + 1);
    memcpy(point + 1, x.p, width);
    memcpy(point + 1 + width, y.p, width);
    OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
                            OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * width),
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
    if (!member_bytes(a, jwk, "n", &n) || !member_bytes(a, jwk, "e", &e) || n.n > RSA_MAX_BITS / 8 || e.n > 8 ||
        n.p[0] == 0 || (n.p[n.n - 1] & 1) == 0 || e.p[0] == 0)
        return NULL;
    /* Numbers are given in the byte order of the machine: little-endian here, turned by BN. */
    BIGNUM *modulus = BN_bin2bn(n.p, (int)n.n, NULL), *exponent = BN_bin2bn(e.p, (int)e.n, NULL);
    unsigned char native_n[RSA_MAX_BITS / 8], native_e[8];
    if (!modulus || !exponent || BN_bn2nativepad(modulus, native_n, (int)n.n) != (int)n.n ||
        BN_bn2nativepad(exponent, native_e, (int)e.n) != (int)e.n)
        panic("out of memory");
    BN_free(modulus);
    BN_free(exponent);
    OSSL_PARAM params[] = { OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, native_n, n.n),
                            OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, native_e, e.n), OSSL_PARAM_construct_end() };
    return pkey_of_params("RSA", params);
}

static EVP_PKEY *okp_pkey(struct arena *a, const struct json_value *jwk, const struct key_type *type)
{
    bytes x;
    if (!member_bytes(a, jwk, "x", &x))
        return NULL;
    return EVP_PKEY_new_raw_public_key_ex(NULL, type->name, NULL, x.p, x.n);
}

EVP_PKEY *jwk_pkey(struct arena *a, const struct json_value *jwk, const struct key_type *type)
{
    switch (type->kind) {
    case KEY_EC:
        return ec_pkey(a, jwk, type);
    case KEY_RSA:
        return rsa_pkey(a, jwk);
    case KEY_OKP:
        return okp_pkey(a, jwk, type);
    }
    return NULL;
}

/* Takes from the role what "key_ops" does not name; false: no list of texts. */
static bool operations_read(const struct json_value *ops, struct key_role *role)
{
    static const char *const ENCRYPTING[] = { "encrypt", "wrapKey", "deriveKey", "deriveBits" };
    bool verifies = false, encrypts = false;
    if (json_kind(ops) != JSON_ARRAY)
        return false;
    for (size_t i = 0; i < json_size(ops); i++) {
        str each;
        if (!json_is_str(json_item(ops, i), &each))
            return false;
        verifies = verifies || str_eq(each, STR("verify"));
        for (size_t k = 0; k < sizeof ENCRYPTING / sizeof *ENCRYPTING; k++)
            encrypts = encrypts || str_eq(each, str_of(ENCRYPTING[k]));
    }
    if (!verifies)
        role->algs = 0;
    if (!encrypts)
        role->enc_algs = 0;
    return true;
}

/* "use" and "key_ops" (RFC 7517 sections 4.2 and 4.3); a use that is not known leaves nothing. */
static bool use_read(const struct json_value *jwk, struct key_role *role)
{
    str use;
    const struct json_value *ops = json_get(jwk, "key_ops");
    role->is_labelled = ops || json_get(jwk, "use");
    if (json_get(jwk, "use")) {
        if (!json_get_str(jwk, "use", &use))
            return false;
        if (!str_eq(use, STR("sig")))
            role->algs = 0;
        if (!str_eq(use, STR("enc")))
            role->enc_algs = 0;
    }
    return !ops || operations_read(ops, role);
}

static enum jwk_verdict alg_read(const struct json_value *jwk, struct key_role *role)
{
    str name;
    enum jose_alg alg;
    enum jwe_alg enc_alg;
    jose_alg_set algs = 0;
    jwe_set enc_algs = 0;
    if (!json_get(jwk, "alg"))
        return JWK_TAKEN;
    if (!json_get_str(jwk, "alg", &name))
        return JWK_REFUSED;
    if (jose_alg_parse(name, &alg))
        algs = ALG_BIT(alg);
    else if (jwe_alg_parse(name, &enc_alg))
        enc_algs = JWE_BIT(enc_alg);
    else
        return JWK_SKIPPED;
    if (!(algs & role->type->algs) && !(enc_algs & role->type->enc_algs))
        return JWK_REFUSED;
    role->algs &= algs;
    role->enc_algs &= enc_algs;
    role->is_labelled = true;
    return JWK_TAKEN;
}

static enum jwk_verdict role_read(const struct json_value *jwk, struct key_role *role)
{
    str kty, crv = STR_NONE;
    if (!json_get_str(jwk, "kty", &kty) || str_eq(kty, STR("oct")) || jwk_has_private_member(jwk))
        return JWK_REFUSED;
    if (json_get(jwk, "crv") && !json_get_str(jwk, "crv", &crv))
        return JWK_REFUSED;
    const struct key_type *type = key_type_of(kty, crv);
    if (!type)
        return JWK_SKIPPED;
    *role = (struct key_role){ .type = type, .algs = type->algs, .enc_algs = type->enc_algs };
    if (!use_read(jwk, role))
        return JWK_REFUSED;
    enum jwk_verdict v = alg_read(jwk, role);
    return v == JWK_TAKEN && !role->algs && !role->enc_algs ? JWK_SKIPPED : v;
}

/* The first certificate of "x5c" has to hold the same key (RFC 7517 section 4.7). */
static bool certificate_fits(struct arena *a, const struct json_value *jwk, const struct jose_key *key)
{
    const struct json_value *chain = json_get(jwk, "x5c");
    str text;
    bytes der;
    if (!chain)
        return true;
    if (json_kind(chain) != JSON_ARRAY || !json_is_str(json_item(chain, 0), &text) || !base64_decode(a, text, &der))
        return false;
    const struct cert *cert = cert_of_der(a, der);
    EVP_PKEY *certified = cert ? key_of_spki(cert_public_key(cert)) : NULL;
    bool fits = certified && EVP_PKEY_eq(certified, key->pkey) == 1;
    EVP_PKEY_free(certified);
    return fits;
}

enum jwk_verdict jwk_read(struct arena *a, const struct json_value *jwk, struct jose_key **ret)
{
    str kid = STR_NONE;
    struct key_role role;
    if (json_get(jwk, "kid") && (!json_get_str(jwk, "kid", &kid) || kid.n == 0 || kid.n > KID_MAX_BYTES))
        return JWK_REFUSED;
    enum jwk_verdict v = role_read(jwk, &role);
    if (v != JWK_TAKEN)
        return v;
    struct jose_key *key = key_of_pkey(jwk_pkey(a, jwk, role.type), &role);
    if (!key)
        return JWK_REFUSED;
    if (!certificate_fits(a, jwk, key)) {
        jose_key_free(key);
        return JWK_REFUSED;
    }
    key->kid = arena_str(key->arena, kid);
    *ret = key;
    return JWK_TAKEN;
}

static void key_release(void *key)
{
    jose_key_free(key);
}

const struct jose_key *jose_key_of_jwk(struct arena *a, const struct json_value *jwk)
{
    struct jose_key *key;
    if (!jwk || jwk_read(a, jwk, &key) != JWK_TAKEN) {
        ERR_clear_error();
        return NULL;
    }
    arena_defer(a, key_release, key);
    return key;
}
