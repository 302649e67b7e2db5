/* Keys: made, read and written (RFC 7517, 7518 section 6, 7638). Parsing is dear, so it happens once per key. */
#include "shared/jose/key.h"

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdlib.h>

#include "shared/base/panic.h"
#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

#define RSA_MIN_BITS 2048
#define RSA_MAX_BITS 4096
#define P256_BYTES 32
#define KEY_ARENA_BYTES ((size_t)1 << 16)

static const struct alg_row ROWS[] = {
    { ALG_ES256, "ES256", KEY_EC, 0 },
    { ALG_RS256, "RS256", KEY_RSA, RSA_PKCS1_PADDING },
    { ALG_PS256, "PS256", KEY_RSA, RSA_PKCS1_PSS_PADDING },
    { ALG_EDDSA, "EdDSA", KEY_OKP, 0 },
};

const struct alg_row *alg_row_of(enum jose_alg alg)
{
    return &ROWS[alg - 1];
}

str jose_alg_name(enum jose_alg alg)
{
    return str_of(alg_row_of(alg)->name);
}

bool jose_alg_parse(str name, enum jose_alg *ret)
{
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        if (str_eq(name, str_of(ROWS[i].name))) {
            *ret = ROWS[i].alg;
            return true;
        }
    }
    return false;
}

const char *key_kty(const struct jose_key *key)
{
    switch (key->row->kind) {
    case KEY_EC:
        return "EC";
    case KEY_RSA:
        return "RSA";
    case KEY_OKP:
        return "OKP";
    }
    panic("key without a kind");
}

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
    return EVP_PKEY_is_a(key->pkey, "EC") && EVP_PKEY_get_group_name(key->pkey, group, sizeof group, NULL) == 1 &&
           str_eq(str_of(group), STR("prime256v1")) &&
           number_member(key, OSSL_PKEY_PARAM_EC_PUB_X, P256_BYTES, &key->members.x) &&
           number_member(key, OSSL_PKEY_PARAM_EC_PUB_Y, P256_BYTES, &key->members.y);
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
    if (!EVP_PKEY_is_a(key->pkey, "ED25519") || EVP_PKEY_get_raw_public_key(key->pkey, x, &n) != 1)
        return false;
    key->members.x = base64url_encode(key->arena, (bytes){ x, n });
    return true;
}

static bool members_read(struct jose_key *key)
{
    switch (key->row->kind) {
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
    str text;
    if (key->row->kind == KEY_EC)
        text = arena_printf(key->arena, "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"%.*s\",\"y\":\"%.*s\"}",
                            STR_ARG(m->x), STR_ARG(m->y));
    else if (key->row->kind == KEY_RSA)
        text =
            arena_printf(key->arena, "{\"e\":\"%.*s\",\"kty\":\"RSA\",\"n\":\"%.*s\"}", STR_ARG(m->e), STR_ARG(m->n));
    else
        text = arena_printf(key->arena, "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"%.*s\"}", STR_ARG(m->x));
    digest d = sha256_str(text);
    return base64url_encode(key->arena, digest_bytes(&d));
}

static EVP_PKEY_CTX *context_make(const struct jose_key *key, int (*init)(EVP_PKEY_CTX *))
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key->pkey, NULL);
    bool is_ready = ctx && init(ctx) == 1 && EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1;
    int padding = key->row->rsa_padding;
    if (padding)
        is_ready = is_ready && EVP_PKEY_CTX_set_rsa_padding(ctx, padding) == 1;
    if (padding == RSA_PKCS1_PSS_PADDING)
        is_ready = is_ready && EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
    if (!is_ready)
        panic("signature algorithm cannot be set up");
    return ctx;
}

static void eddsa_ready(struct jose_key *key, bool is_private)
{
    key->eddsa_verifier = EVP_MD_CTX_new();
    key->eddsa_signer = is_private ? EVP_MD_CTX_new() : NULL;
    if (!key->eddsa_verifier || EVP_DigestVerifyInit(key->eddsa_verifier, NULL, NULL, NULL, key->pkey) != 1 ||
        (is_private && EVP_DigestSignInit(key->eddsa_signer, NULL, NULL, NULL, key->pkey) != 1))
        panic("signature algorithm cannot be set up");
}

struct jose_key *key_of_pkey(EVP_PKEY *pkey, enum jose_alg alg, bool is_private)
{
    if (!pkey) {
        ERR_clear_error();
        return NULL;
    }
    struct arena *arena = arena_create(1024, KEY_ARENA_BYTES);
    struct jose_key *key = arena_new(arena, struct jose_key);
    *key = (struct jose_key){ .row = alg_row_of(alg), .arena = arena, .pkey = pkey };
    if (!members_read(key)) {
        ERR_clear_error();
        jose_key_free(key);
        return NULL;
    }
    key->thumbprint = thumbprint_of(key);
    key->kid = key->thumbprint;
    if (key->row->kind == KEY_OKP) {
        eddsa_ready(key, is_private);
    } else {
        key->verifier = context_make(key, EVP_PKEY_verify_init);
        key->signer = is_private ? context_make(key, EVP_PKEY_sign_init) : NULL;
    }
    return key;
}

struct jose_key *jose_key_generate(enum jose_alg alg)
{
    EVP_PKEY *pkey = NULL;
    switch (alg_row_of(alg)->kind) {
    case KEY_EC:
        pkey = EVP_EC_gen("P-256");
        break;
    case KEY_RSA:
        pkey = EVP_RSA_gen(RSA_MIN_BITS);
        break;
    case KEY_OKP:
        pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
        break;
    }
    struct jose_key *key = key_of_pkey(pkey, alg, true);
    if (!key)
        panic("key cannot be generated");
    return key;
}

/* Encrypted PEM is not taken; without this OpenSSL would ask at the terminal. */
static int no_passphrase(char *buf, int size, int for_writing, void *arg)
{
    (void)buf, (void)size, (void)for_writing, (void)arg;
    return -1;
}

struct jose_key *jose_key_of_pem(str pem, enum jose_alg alg)
{
    if (!str_starts(pem, STR("-----BEGIN PRIVATE KEY-----")) || pem.n > KEY_ARENA_BYTES)
        return NULL;
    BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
    if (!bio)
        panic("out of memory");
    EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
    BIO_free(bio);
    return key_of_pkey(pkey, alg, true);
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

void jose_key_free(struct jose_key *key)
{
    if (!key)
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
    return key->row->alg;
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
    json_object(j, member);
    json_str(j, "kty", str_of(key_kty(key)));
    json_str(j, "use", STR("sig"));
    json_str(j, "alg", str_of(key->row->name));
    json_str(j, "kid", key->kid);
    if (key->row->kind == KEY_EC)
        json_str(j, "crv", STR("P-256"));
    if (key->row->kind == KEY_OKP)
        json_str(j, "crv", STR("Ed25519"));
    json_str(j, "x", key->members.x);
    json_str(j, "y", key->members.y);
    json_str(j, "n", key->members.n);
    json_str(j, "e", key->members.e);
    json_close(j);
}
