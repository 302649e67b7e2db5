/* The table of signature algorithms and the table of the kinds of keys: all that differs between them stands here. */
#include "shared/jose/jose_alg.h"

#include <openssl/rsa.h>

#include "shared/base/panic.h"
#include "shared/jose/key.h"
#include "shared/text/encode.h"

static const struct alg_row ROWS[] = {
    { ALG_ES256, "ES256", 256, 0 },
    { ALG_RS256, "RS256", 256, RSA_PKCS1_PADDING },
    { ALG_PS256, "PS256", 256, RSA_PKCS1_PSS_PADDING },
    { ALG_EDDSA, "EdDSA", 512, 0 },
    { ALG_ES384, "ES384", 384, 0 },
    { ALG_ES512, "ES512", 512, 0 },
    { ALG_RS384, "RS384", 384, RSA_PKCS1_PADDING },
    { ALG_RS512, "RS512", 512, RSA_PKCS1_PADDING },
    { ALG_PS384, "PS384", 384, RSA_PKCS1_PSS_PADDING },
    { ALG_PS512, "PS512", 512, RSA_PKCS1_PSS_PADDING },
    { ALG_HS256, "HS256", 256, 0 },
};

#define ECDH (JWE_BIT(JWE_ECDH_ES) | JWE_BIT(JWE_ECDH_ES_A128KW) | JWE_BIT(JWE_ECDH_ES_A256KW))
#define OAEP (JWE_BIT(JWE_RSA_OAEP) | JWE_BIT(JWE_RSA_OAEP_256))
#define RSA_ALGS                                                                                                       \
    (ALG_BIT(ALG_RS256) | ALG_BIT(ALG_RS384) | ALG_BIT(ALG_RS512) | ALG_BIT(ALG_PS256) | ALG_BIT(ALG_PS384) |          \
     ALG_BIT(ALG_PS512))

static const struct key_type TYPES[] = {
    { KEY_EC, "EC", "P-256", "prime256v1", 32, ALG_BIT(ALG_ES256), ECDH },
    { KEY_EC, "EC", "P-384", "secp384r1", 48, ALG_BIT(ALG_ES384), ECDH },
    { KEY_EC, "EC", "P-521", "secp521r1", 66, ALG_BIT(ALG_ES512), ECDH },
    { KEY_RSA, "RSA", NULL, "RSA", 0, RSA_ALGS, OAEP },
    { KEY_OKP, "OKP", "Ed25519", "ED25519", 32, ALG_BIT(ALG_EDDSA), 0 },
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

const struct alg_row *alg_row_of(enum jose_alg alg)
{
    if (alg < 1 || alg > COUNT(ROWS))
        panic("no such signature algorithm");
    return &ROWS[alg - 1];
}

const EVP_MD *alg_digest(const struct alg_row *row)
{
    return row->digest_bits == 256 ? EVP_sha256() : row->digest_bits == 384 ? EVP_sha384() : EVP_sha512();
}

str jose_alg_name(enum jose_alg alg)
{
    return str_of(alg_row_of(alg)->name);
}

bool jose_alg_parse(str name, enum jose_alg *ret)
{
    /* RFC 9864 gives the one curve of EdDSA that is known here a name of its own. */
    if (str_eq(name, STR("Ed25519")))
        name = STR("EdDSA");
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        if (str_eq(name, str_of(ROWS[i].name))) {
            *ret = ROWS[i].alg;
            return true;
        }
    }
    return false;
}

const struct key_type *key_type_of(str kty, str crv)
{
    for (size_t i = 0; i < COUNT(TYPES); i++) {
        if (str_eq(kty, str_of(TYPES[i].kty)) && (!TYPES[i].crv || str_eq(crv, str_of(TYPES[i].crv))))
            return &TYPES[i];
    }
    return NULL;
}

const struct key_type *key_type_for(enum jose_alg alg)
{
    for (size_t i = 0; i < COUNT(TYPES); i++) {
        if (TYPES[i].algs & ALG_BIT(alg))
            return &TYPES[i];
    }
    return NULL;
}

const struct key_type *key_type_for_enc(enum jwe_alg alg, const struct key_type *after)
{
    for (const struct key_type *type = after ? after + 1 : TYPES; type < TYPES + COUNT(TYPES); type++) {
        if (type->enc_algs & JWE_BIT(alg))
            return type;
    }
    return NULL;
}

str jose_half_hash(struct arena *a, enum jose_alg alg, str value)
{
    unsigned char md[EVP_MAX_MD_SIZE];
    unsigned n;
    bytes text = bytes_of(value);
    if (EVP_Digest(text.p ? text.p : (const unsigned char *)"", text.n, md, &n, alg_digest(alg_row_of(alg)), NULL) != 1)
        panic("digest failed");
    return base64url_encode(a, (bytes){ md, n / 2 });
}
