/*
 * How the content key travels (RFC 7518 sections 4.3 to 4.6): RSA-OAEP, or agreed by ECDH-ES with a key pair made for
 * one message, used as it is or to wrap. What fails with our private key fails silently (RFC 7516 section 11.5).
 */
#include "shared/jose/jwe_key.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>

#include "shared/base/panic.h"
#include "shared/crypto/crypto.h"
#include "shared/jose/key.h"
#include "shared/text/encode.h"

#define PARTY_MAX_BYTES 256
#define WRAPPED_MAX_BYTES (CEK_MAX_BYTES + 8)

static EVP_PKEY_CTX *oaep_context(const struct jose_key *key, const struct jwe_alg_row *alg,
                                  int (*init)(EVP_PKEY_CTX *))
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key->pkey, NULL);
    if (!ctx || init(ctx) != 1 || EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_OAEP_PADDING) != 1 ||
        EVP_PKEY_CTX_set_rsa_oaep_md(ctx, alg->oaep()) != 1 || EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, alg->oaep()) != 1)
        panic("encryption algorithm cannot be set up");
    return ctx;
}

static bytes oaep_encrypt(struct arena *a, const struct jose_key *to, const struct jwe_alg_row *alg, bytes cek)
{
    size_t n = RSA_MAX_BITS / 8;
    unsigned char *out = arena_alloc(a, n);
    EVP_PKEY_CTX *ctx = oaep_context(to, alg, EVP_PKEY_encrypt_init);
    if (EVP_PKEY_encrypt(ctx, out, &n, cek.p, cek.n) != 1)
        panic("encryption failed");
    EVP_PKEY_CTX_free(ctx);
    return (bytes){ out, n };
}

static bool oaep_decrypt(const struct jose_key *ours, const struct jwe_alg_row *alg, bytes encrypted, size_t cek_bytes,
                         struct cek *cek)
{
    unsigned char out[RSA_MAX_BITS / 8];
    size_t n = sizeof out;
    EVP_PKEY_CTX *ctx = oaep_context(ours, alg, EVP_PKEY_decrypt_init);
    bool is_good = EVP_PKEY_decrypt(ctx, out, &n, encrypted.p, encrypted.n) == 1 && n == cek_bytes;
    EVP_PKEY_CTX_free(ctx);
    if (is_good)
        memcpy(cek->b, out, cek_bytes);
    explicit_bzero(out, sizeof out);
    return is_good;
}

/* RFC 3394; returns the number of bytes written, 0 when what was wrapped is not genuine. */
static size_t key_wrap(const struct jwe_alg_row *alg, const unsigned char *kek, bytes in, unsigned char *out,
                       int encrypt)
{
    int n = 0, last = 0;
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    if (!ctx)
        panic("out of memory");
    EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
    if (EVP_CipherInit_ex2(ctx, alg->wrap(), kek, NULL, encrypt, NULL) != 1)
        panic("key wrap cannot be set up");
    bool is_good = EVP_CipherUpdate(ctx, out, &n, in.p, (int)in.n) == 1 && EVP_CipherFinal_ex(ctx, out + n, &last) == 1;
    EVP_CIPHER_CTX_free(ctx);
    return is_good ? (size_t)(n + last) : 0;
}

static bytes shared_secret(EVP_PKEY *own, EVP_PKEY *peer, unsigned char out[COORDINATE_MAX_BYTES])
{
    size_t n = COORDINATE_MAX_BYTES;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(own, NULL);
    if (!ctx || EVP_PKEY_derive_init(ctx) != 1 || EVP_PKEY_derive_set_peer(ctx, peer) != 1 ||
        EVP_PKEY_derive(ctx, out, &n) != 1)
        panic("key agreement failed");
    EVP_PKEY_CTX_free(ctx);
    return (bytes){ out, n };
}

static void put_u32(EVP_MD_CTX *ctx, size_t v)
{
    const unsigned char b[4] = { (unsigned char)(v >> 24), (unsigned char)(v >> 16), (unsigned char)(v >> 8),
                                 (unsigned char)v };
    if (EVP_DigestUpdate(ctx, b, sizeof b) != 1)
        panic("sha-256 failed");
}

static void put_counted(EVP_MD_CTX *ctx, bytes b)
{
    put_u32(ctx, b.n);
    if (b.n && EVP_DigestUpdate(ctx, b.p, b.n) != 1)
        panic("sha-256 failed");
}

void concat_kdf(bytes z, str algorithm, bytes apu, bytes apv, unsigned char *out, size_t n)
{
    unsigned char round[sizeof(digest)];
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    for (size_t done = 0, counter = 1; done < n; counter++) {
        if (!ctx || EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1)
            panic("sha-256 failed");
        put_u32(ctx, counter);
        if (EVP_DigestUpdate(ctx, z.p, z.n) != 1)
            panic("sha-256 failed");
        put_counted(ctx, bytes_of(algorithm));
        put_counted(ctx, apu);
        put_counted(ctx, apv);
        put_u32(ctx, n * 8);
        if (EVP_DigestFinal_ex(ctx, round, NULL) != 1)
            panic("sha-256 failed");
        size_t take = n - done < sizeof round ? n - done : sizeof round;
        memcpy(out + done, round, take);
        done += take;
    }
    explicit_bzero(round, sizeof round);
    EVP_MD_CTX_free(ctx);
}

/* The key that both sides derive: the content key itself, or the one that wraps it. */
static void agreed_key(EVP_PKEY *own, EVP_PKEY *peer, const struct jwe_alg_row *alg, const struct enc_row *enc,
                       const bytes parties[2], struct cek *ret)
{
    unsigned char z[COORDINATE_MAX_BYTES];
    bytes secret_bytes = shared_secret(own, peer, z);
    if (alg->wrap_bytes)
        concat_kdf(secret_bytes, str_of(alg->name), parties[0], parties[1], ret->b, alg->wrap_bytes);
    else
        concat_kdf(secret_bytes, str_of(enc->name), parties[0], parties[1], ret->b, enc->cek_bytes);
    explicit_bzero(z, sizeof z);
}

static str epk_member(struct arena *a, const struct jose_key *key)
{
    return arena_printf(a, "{\"kty\":\"EC\",\"crv\":\"%s\",\"x\":\"%.*s\",\"y\":\"%.*s\"}", key->role.type->crv,
                        STR_ARG(key->members.x), STR_ARG(key->members.y));
}

static void ecdh_make(struct arena *a, const struct jose_key *to, const struct jwe_alg_row *alg,
                      const struct enc_row *enc, struct cek *cek, bytes *encrypted_key, str *epk)
{
    struct cek agreed;
    const bytes nobody[2] = { { NULL, 0 }, { NULL, 0 } };
    struct key_role role = { .type = to->role.type, .enc_algs = to->role.enc_algs, .is_private = true };
    struct jose_key *ephemeral = key_of_pkey(EVP_EC_gen(role.type->name), &role);
    if (!ephemeral)
        panic("key cannot be generated");
    agreed_key(ephemeral->pkey, to->pkey, alg, enc, nobody, &agreed);
    *epk = epk_member(a, ephemeral);
    jose_key_free(ephemeral);
    if (!alg->wrap_bytes) {
        *cek = agreed;
        *encrypted_key = (bytes){ (const unsigned char *)"", 0 };
        return;
    }
    unsigned char *out = arena_alloc(a, WRAPPED_MAX_BYTES);
    size_t n = key_wrap(alg, agreed.b, (bytes){ cek->b, enc->cek_bytes }, out, 1);
    explicit_bzero(&agreed, sizeof agreed);
    if (n == 0)
        panic("key wrap failed");
    *encrypted_key = (bytes){ out, n };
}

void cek_make(struct arena *a, const struct jose_key *to, const struct jwe_alg_row *alg, const struct enc_row *enc,
              struct cek *cek, bytes *encrypted_key, str *epk)
{
    random_bytes(cek->b, enc->cek_bytes);
    *epk = STR_NONE;
    if (alg->oaep)
        *encrypted_key = oaep_encrypt(a, to, alg, (bytes){ cek->b, enc->cek_bytes });
    else
        ecdh_make(a, to, alg, enc, cek, encrypted_key, epk);
}

/* "apu" and "apv": absent is empty. */
static bool party_read(struct arena *a, const struct json_value *header, const char *name, bytes *ret)
{
    str text;
    *ret = (bytes){ NULL, 0 };
    if (!json_get(header, name))
        return true;
    return json_get_str(header, name, &text) && base64url_decode(a, text, ret) && ret->n <= PARTY_MAX_BYTES;
}

/* The sender's public key: of our curve, on it, and without a private part. */
static EVP_PKEY *epk_read(struct arena *a, const struct jose_key *ours, const struct json_value *header)
{
    const struct json_value *epk = json_get(header, "epk");
    str kty, crv;
    if (!json_get_str(epk, "kty", &kty) || !json_get_str(epk, "crv", &crv) || jwk_has_private_member(epk) ||
        key_type_of(kty, crv) != ours->role.type)
        return NULL;
    return jwk_pkey(a, epk, ours->role.type);
}

static bool ecdh_read(struct arena *a, const struct jose_key *ours, const struct jwe_alg_row *alg,
                      const struct enc_row *enc, const struct json_value *header, bytes encrypted_key, struct cek *cek)
{
    bytes parties[2];
    struct cek agreed;
    unsigned char out[WRAPPED_MAX_BYTES];
    if (!party_read(a, header, "apu", &parties[0]) || !party_read(a, header, "apv", &parties[1]) ||
        encrypted_key.n != (alg->wrap_bytes ? enc->cek_bytes + 8 : 0))
        return false;
    EVP_PKEY *epk = epk_read(a, ours, header);
    if (!epk) {
        ERR_clear_error();
        return false;
    }
    agreed_key(ours->pkey, epk, alg, enc, parties, &agreed);
    EVP_PKEY_free(epk);
    if (!alg->wrap_bytes)
        *cek = agreed;
    else if (key_wrap(alg, agreed.b, encrypted_key, out, 0) == enc->cek_bytes)
        memcpy(cek->b, out, enc->cek_bytes);
    explicit_bzero(&agreed, sizeof agreed);
    explicit_bzero(out, sizeof out);
    return true;
}

bool cek_read(struct arena *a, const struct jose_key *ours, const struct jwe_alg_row *alg, const struct enc_row *enc,
              const struct json_value *header, bytes encrypted_key, struct cek *cek)
{
    /* First the random key, so that failure below costs no other step than success. */
    random_bytes(cek->b, sizeof cek->b);
    bool is_readable = true;
    if (alg->oaep)
        oaep_decrypt(ours, alg, encrypted_key, enc->cek_bytes, cek);
    else
        is_readable = ecdh_read(a, ours, alg, enc, header, encrypted_key, cek);
    ERR_clear_error();
    return is_readable;
}
