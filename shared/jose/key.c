/* Keys: made, read and written (RFC 7517, 7518 section 6, 7638). Parsing is dear, so it happens once per key. */
#include "shared/jose/key.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "shared/base/panic.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

#define KEY_ARENA_BYTES ((size_t)1 << 16)

/* bytes: the width to fill with zeros, or 0 for the shortest form. */
static bool number_member(const struct jose_key *key, const char *param, size_t bytes_wide, str *ret)
{
    BIGNUM *number = NULL;
    unsigned char out[RSA_MAX_BITS / 8];
    if (EVP_PKEY_get_bn_param(key->pkey, param, &number) != 1)
        return false;
    size_t n = bytes_wide ? bytes_wide : (size_t)BN_num_bytes(number);
    bool fits = n <= sizeof out && BN_bn2binpad(number, out, (int)n) == (int)n;
    BN_free(number);
    if (fits)
        *ret = base64url_encode(key->arena, (bytes){ out, n });
    return fits;
}

static bool ec_read(struct jose_key *key)
{
    char group[32];
    const struct key_type *type = key->role.type;
    return EVP_PKEY_is_a(key->pkey, "EC") && EVP_PKEY_get_group_name(key->pkey, group, sizeof group, NULL) == 1 &&
           str_eq(str_of(group), str_of(type->name)) &&
           number_member(key, OSSL_PKEY_PARAM_EC_PUB_X, type->width, &key->members.x) &&
           number_member(key, OSSL_PKEY_PARAM_EC_PUB_Y, type->width, &key->members.y);
}

static bool rsa_read(struct jose_key *key)
{
    int bits = EVP_PKEY_get_bits(key->pkey);
    return EVP_PKEY_is_a(key->pkey, "RSA") && bits >= RSA_MIN_BITS && bits <= RSA_MAX_BITS &&
           number_member(key, OSSL_PKEY_PARAM_RSA_N, 0, &key->members.n) &&
           number_member(key, OSSL_PKEY_PARAM_RSA_E, 0, &key->members.e) && str_eq(key->members.e, STR("AQAB"));
}

static bool okp_read(struct jose_key *key)
{
    unsigned char x[32];
    size_t n = sizeof x;
    if (!EVP_PKEY_is_a(key->pkey, key->role.type->name) || EVP_PKEY_get_raw_public_key(key->pkey, x, &n) != 1)
        return false;
    key->members.x = base64url_encode(key->arena, (bytes){ x, n });
    return true;
}

static bool members_read(struct jose_key *key)
{
    switch (key->role.type->kind) {
    case KEY_EC:
        return ec_read(key);
    case KEY_RSA:
        return rsa_read(key);
    case KEY_OKP:
        return okp_read(key);
    }
    return false;
}

/* The required members in the order of their names, without spaces (RFC 7638 section 3). */
static str thumbprint_of(const struct jose_key *key)
{
    const struct public_members *m = &key->members;
    const struct key_type *type = key->role.type;
    str text;
    if (type->kind == KEY_EC)
        text = arena_printf(key->arena, "{\"crv\":\"%s\",\"kty\":\"EC\",\"x\":\"%.*s\",\"y\":\"%.*s\"}", type->crv,
                            STR_ARG(m->x), STR_ARG(m->y));
    else if (type->kind == KEY_RSA)
        text =
            arena_printf(key->arena, "{\"e\":\"%.*s\",\"kty\":\"RSA\",\"n\":\"%.*s\"}", STR_ARG(m->e), STR_ARG(m->n));
    else
        text = arena_printf(key->arena, "{\"crv\":\"%s\",\"kty\":\"OKP\",\"x\":\"%.*s\"}", type->crv, STR_ARG(m->x));
    digest d = sha256_str(text);
    return base64url_encode(key->arena, digest_bytes(&d));
}

EVP_PKEY_CTX *key_context(const struct jose_key *key, const struct alg_row *row, int (*init)(EVP_PKEY_CTX *))
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key->pkey, NULL);
    bool is_ready = ctx && init(ctx) == 1 && EVP_PKEY_CTX_set_signature_md(ctx, alg_digest(row)) == 1;
    int padding = row->rsa_padding;
    if (padding)
        is_ready = is_ready && EVP_PKEY_CTX_set_rsa_padding(ctx, padding) == 1;
    if (padding == RSA_PKCS1_PSS_PADDING)
        is_ready = is_ready && EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
    if (!is_ready)
        panic("signature algorithm cannot be set up");
    return ctx;
}

static void eddsa_ready(struct jose_key *key)
{
    bool is_private = key->role.is_private;
    key->eddsa_verifier = EVP_MD_CTX_new();
    key->eddsa_signer = is_private ? EVP_MD_CTX_new() : NULL;
    if (!key->eddsa_verifier || EVP_DigestVerifyInit(key->eddsa_verifier, NULL, NULL, NULL, key->pkey) != 1 ||
        (is_private && EVP_DigestSignInit(key->eddsa_signer, NULL, NULL, NULL, key->pkey) != 1))
        panic("signature algorithm cannot be set up");
}

/* A key for one algorithm is made ready for it; one for several is made ready at each use. */
static void key_ready(struct jose_key *key)
{
    jose_alg_set algs = key->role.algs;
    if (algs == 0 || (algs & (algs - 1)) != 0)
        return;
    key->row = alg_row_of((enum jose_alg)__builtin_ctz(algs));
    if (key->role.type->kind == KEY_OKP) {
        eddsa_ready(key);
        return;
    }
    key->verifier = key_context(key, key->row, EVP_PKEY_verify_init);
    key->signer = key->role.is_private ? key_context(key, key->row, EVP_PKEY_sign_init) : NULL;
}

struct jose_key *key_of_pkey(EVP_PKEY *pkey, const struct key_role *role)
{
    if (!pkey) {
        ERR_clear_error();
        return NULL;
    }
    struct arena *arena = arena_create(1024, KEY_ARENA_BYTES);
    struct jose_key *key = arena_new(arena, struct jose_key);
    *key = (struct jose_key){ .role = *role, .arena = arena, .pkey = pkey };
    if (!members_read(key)) {
        ERR_clear_error();
        jose_key_free(key);
        return NULL;
    }
    key->thumbprint = thumbprint_of(key);
    key->kid = key->thumbprint;
    key_ready(key);
    return key;
}

static struct jose_key *key_generate(const struct key_role *role)
{
    EVP_PKEY *pkey = NULL;
    switch (role->type->kind) {
    case KEY_EC:
        pkey = EVP_EC_gen(role->type->name);
        break;
    case KEY_RSA:
        pkey = EVP_RSA_gen(RSA_MIN_BITS);
        break;
    case KEY_OKP:
        pkey = EVP_PKEY_Q_keygen(NULL, NULL, role->type->name);
        break;
    }
    struct jose_key *key = key_of_pkey(pkey, role);
    if (!key)
        panic("key cannot be generated");
    return key;
}

static struct key_role role_signing(enum jose_alg alg)
{
    return (
        struct key_role){ .type = key_type_for(alg), .algs = ALG_BIT(alg), .is_private = true, .is_labelled = true };
}

static struct key_role role_decrypting(const struct key_type *type)
{
    return (struct key_role){ .type = type, .enc_algs = type->enc_algs, .is_private = true, .is_labelled = true };
}

struct jose_key *jose_key_generate(enum jose_alg alg)
{
    struct key_role role = role_signing(alg);
    if (!role.type)
        panic("no key pair for a symmetric algorithm");
    return key_generate(&role);
}

struct jose_key *jwe_key_generate(enum jwe_alg alg)
{
    struct key_role role = role_decrypting(key_type_for_enc(alg, NULL));
    return key_generate(&role);
}

/* Encrypted PEM is not taken; without this OpenSSL would ask at the terminal. */
static int no_passphrase(char *buf, int size, int for_writing, void *arg)
{
    (void)buf, (void)size, (void)for_writing, (void)arg;
    return -1;
}

static struct jose_key *key_of_pem(str pem, const struct key_role *role)
{
    if (!str_starts(pem, STR("-----BEGIN PRIVATE KEY-----")) || pem.n > KEY_ARENA_BYTES)
        return NULL;
    BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
    if (!bio)
        panic("out of memory");
    EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
    BIO_free(bio);
    return key_of_pkey(pkey, role);
}

struct jose_key *jose_key_of_pem(str pem, enum jose_alg alg)
{
    struct key_role role = role_signing(alg);
    return role.type ? key_of_pem(pem, &role) : NULL;
}

struct jose_key *jwe_key_of_pem(str pem, enum jwe_alg alg)
{
    struct jose_key *key = NULL;
    const struct key_type *type = NULL;
    while (!key && (type = key_type_for_enc(alg, type)) != NULL) {
        struct key_role role = role_decrypting(type);
        key = key_of_pem(pem, &role);
    }
    return key;
}

str jose_key_pem(struct arena *a, const struct jose_key *key)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *p;
    if (!bio || PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, NULL, NULL, 0, NULL, NULL) != 1)
        panic("key cannot be written");
    long n = BIO_get_mem_data(bio, &p);
    str pem = arena_str(a, (str){ p, (size_t)n });
    BIO_free(bio);
    return pem;
}

struct jose_key *jose_key_share(struct jose_key *key)
{
    atomic_fetch_add(&key->shares, 1);
    return key;
}

void jose_key_free(struct jose_key *key)
{
    if (!key || atomic_fetch_sub(&key->shares, 1) > 0)
        return;
    EVP_PKEY_CTX_free(key->signer);
    EVP_PKEY_CTX_free(key->verifier);
    EVP_MD_CTX_free(key->eddsa_signer);
    EVP_MD_CTX_free(key->eddsa_verifier);
    EVP_PKEY_free(key->pkey);
    arena_destroy(key->arena);
}

enum jose_alg jose_key_alg(const struct jose_key *key)
{
    return key->row ? key->row->alg : ALG_ANY;
}

bool jose_key_verifies(const struct jose_key *key, enum jose_alg alg)
{
    return (key->role.algs & ALG_BIT(alg)) != 0;
}

bool jwe_key_takes(const struct jose_key *key, enum jwe_alg alg)
{
    return (key->role.enc_algs & JWE_BIT(alg)) != 0;
}

EVP_PKEY *key_of_spki(bytes spki)
{
    const unsigned char *p = spki.p;
    EVP_PKEY *pkey = spki.n <= KEY_ARENA_BYTES ? d2i_PUBKEY(NULL, &p, (long)spki.n) : NULL;
    if (pkey && p == spki.p + spki.n)
        return pkey;
    ERR_clear_error();
    EVP_PKEY_free(pkey);
    return NULL;
}

str jose_key_kid(const struct jose_key *key)
{
    return key->kid;
}

str jose_key_thumbprint(const struct jose_key *key)
{
    return key->thumbprint;
}

void jose_key_write_jwk(struct json *j, const char *member, const struct jose_key *key)
{
    const struct key_role *role = &key->role;
    json_object(j, member);
    json_str(j, "kty", str_of(role->type->kty));
    if (!role->algs || !role->enc_algs)
        json_str(j, "use", role->algs ? STR("sig") : STR("enc"));
    if (key->row && !role->enc_algs)
        json_str(j, "alg", str_of(key->row->name));
    json_str(j, "kid", key->kid);
    json_str(j, "crv", str_of(role->type->crv));
    json_str(j, "x", key->members.x);
    json_str(j, "y", key->members.y);
    json_str(j, "n", key->members.n);
    json_str(j, "e", key->members.e);
    json_close(j);
}
