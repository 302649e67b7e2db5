/* AES-GCM and AES-CBC with HMAC (RFC 7518 sections 5.2 and 5.3): authenticated first, decrypted after. */
#include "shared/jose/jwe_key.h"

#include <openssl/err.h>
#include <openssl/hmac.h>

#include "shared/base/panic.h"
#include "shared/crypto/crypto.h"

#define BLOCK_BYTES 16

static EVP_CIPHER_CTX *context_new(void)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    if (!ctx)
        panic("out of memory");
    return ctx;
}

/* EVP counts in int. */
static int int_of(size_t n)
{
    if (n > INT32_MAX - BLOCK_BYTES)
        panic("value too large to be encrypted");
    return (int)n;
}

static bytes gcm_seal(struct arena *a, const struct enc_row *enc, const struct cek *cek, const unsigned char *iv,
                      str aad, str plain, unsigned char *tag)
{
    int n;
    unsigned char *out = arena_alloc(a, plain.n + 1);
    EVP_CIPHER_CTX *ctx = context_new();
    if (EVP_EncryptInit_ex2(ctx, enc->cipher(), cek->b, iv, NULL) != 1 ||
        EVP_EncryptUpdate(ctx, NULL, &n, bytes_of(aad).p, int_of(aad.n)) != 1 ||
        (plain.n && EVP_EncryptUpdate(ctx, out, &n, bytes_of(plain).p, int_of(plain.n)) != 1) ||
        EVP_EncryptFinal_ex(ctx, out, &n) != 1 ||
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, (int)enc->tag_bytes, tag) != 1)
        panic("encryption failed");
    EVP_CIPHER_CTX_free(ctx);
    return (bytes){ out, plain.n };
}

static bool gcm_open(struct arena *a, const struct enc_row *enc, const struct cek *cek, bytes iv, str aad, bytes cipher,
                     bytes tag, str *plain)
{
    int n;
    unsigned char *out = arena_alloc(a, cipher.n + 1), expected[JWE_TAG_MAX_BYTES];
    memcpy(expected, tag.p, tag.n);
    EVP_CIPHER_CTX *ctx = context_new();
    if (EVP_DecryptInit_ex2(ctx, enc->cipher(), cek->b, iv.p, NULL) != 1 ||
        EVP_DecryptUpdate(ctx, NULL, &n, bytes_of(aad).p, int_of(aad.n)) != 1 ||
        (cipher.n && EVP_DecryptUpdate(ctx, out, &n, cipher.p, int_of(cipher.n)) != 1) ||
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, (int)tag.n, expected) != 1)
        panic("decryption failed");
    bool is_genuine = EVP_DecryptFinal_ex(ctx, out, &n) == 1;
    EVP_CIPHER_CTX_free(ctx);
    if (is_genuine)
        *plain = (str){ (const char *)out, cipher.n };
    else
        explicit_bzero(out, cipher.n);
    return is_genuine;
}

/* The left half of the HMAC over aad, iv, ciphertext and the length of aad in bits (RFC 7518 section 5.2.2.1). */
static void cbc_tag(struct arena *a, const struct enc_row *enc, const struct cek *cek, const unsigned char *iv, str aad,
                    bytes cipher, unsigned char *tag)
{
    size_t n = aad.n + enc->iv_bytes + cipher.n + 8;
    unsigned char *text = arena_alloc(a, n), *p = text, mac[EVP_MAX_MD_SIZE];
    uint64_t bits = (uint64_t)aad.n * 8;
    memcpy(p, aad.p, aad.n);
    memcpy(p += aad.n, iv, enc->iv_bytes);
    p += enc->iv_bytes;
    if (cipher.n)
        memcpy(p, cipher.p, cipher.n);
    p += cipher.n;
    for (int i = 0; i < 8; i++)
        p[i] = (unsigned char)(bits >> (56 - 8 * i));
    if (!HMAC(enc->mac(), cek->b, (int)enc->mac_key_bytes, text, n, mac, NULL))
        panic("hmac failed");
    memcpy(tag, mac, enc->tag_bytes);
    explicit_bzero(mac, sizeof mac);
}

static bytes cbc_seal(struct arena *a, const struct enc_row *enc, const struct cek *cek, const unsigned char *iv,
                      str aad, str plain, unsigned char *tag)
{
    int n = 0, last = 0;
    unsigned char *out = arena_alloc(a, plain.n + BLOCK_BYTES);
    EVP_CIPHER_CTX *ctx = context_new();
    if (EVP_EncryptInit_ex2(ctx, enc->cipher(), cek->b + enc->mac_key_bytes, iv, NULL) != 1 ||
        (plain.n && EVP_EncryptUpdate(ctx, out, &n, bytes_of(plain).p, int_of(plain.n)) != 1) ||
        EVP_EncryptFinal_ex(ctx, out + n, &last) != 1)
        panic("encryption failed");
    EVP_CIPHER_CTX_free(ctx);
    bytes cipher = { out, (size_t)(n + last) };
    cbc_tag(a, enc, cek, iv, aad, cipher, tag);
    return cipher;
}

static bool cbc_open(struct arena *a, const struct enc_row *enc, const struct cek *cek, bytes iv, str aad, bytes cipher,
                     bytes tag, str *plain)
{
    int n = 0, last = 0;
    unsigned char expected[JWE_TAG_MAX_BYTES];
    cbc_tag(a, enc, cek, iv.p, aad, cipher, expected);
    if (!equal_bytes((bytes){ expected, enc->tag_bytes }, tag) || cipher.n == 0)
        return false;
    unsigned char *out = arena_alloc(a, cipher.n + BLOCK_BYTES);
    EVP_CIPHER_CTX *ctx = context_new();
    if (EVP_DecryptInit_ex2(ctx, enc->cipher(), cek->b + enc->mac_key_bytes, iv.p, NULL) != 1 ||
        EVP_DecryptUpdate(ctx, out, &n, cipher.p, int_of(cipher.n)) != 1)
        panic("decryption failed");
    /* The padding is under the tag already: a wrong one is the sender's own mistake, and no oracle. */
    bool is_padded = EVP_DecryptFinal_ex(ctx, out + n, &last) == 1;
    EVP_CIPHER_CTX_free(ctx);
    if (is_padded)
        *plain = (str){ (const char *)out, (size_t)(n + last) };
    return is_padded;
}

bytes content_seal(struct arena *a, const struct enc_row *enc, const struct cek *cek, const unsigned char *iv, str aad,
                   str plain, unsigned char *tag)
{
    return enc->mac_key_bytes ? cbc_seal(a, enc, cek, iv, aad, plain, tag) : gcm_seal(a, enc, cek, iv, aad, plain, tag);
}

bool content_open(struct arena *a, const struct enc_row *enc, const struct cek *cek, bytes iv, str aad, bytes cipher,
                  bytes tag, str *plain)
{
    if (iv.n != enc->iv_bytes || tag.n != enc->tag_bytes)
        return false;
    bool is_good = enc->mac_key_bytes ? cbc_open(a, enc, cek, iv, aad, cipher, tag, plain)
                                      : gcm_open(a, enc, cek, iv, aad, cipher, tag, plain);
    ERR_clear_error();
    return is_good;
}
