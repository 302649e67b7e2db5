/* Sealing: AES-256-GCM (NIST SP 800-38D) with a random nonce of 96 bits; the context is the additional data. */
#include "shared/crypto/crypto.h"

#include "shared/base/panic.h"
#include "shared/crypto/state.h"

#define NONCE_BYTES 12
#define TAG_BYTES 16

/* EVP counts in int. */
static int int_of(size_t n)
{
    if (n > INT32_MAX - NONCE_BYTES - TAG_BYTES)
        panic("value too large to be sealed");
    return (int)n;
}

bytes seal(struct arena *a, const digest *key, bytes plain, str context)
{
    int plain_n = int_of(plain.n), context_n = int_of(context.n), n;
    unsigned char *out = arena_alloc(a, NONCE_BYTES + plain.n + TAG_BYTES);
    unsigned char *cipher = out + NONCE_BYTES, *tag = cipher + plain.n;
    random_bytes(out, NONCE_BYTES);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    if (!ctx || EVP_EncryptInit_ex2(ctx, crypto_state()->aes_256_gcm, key->b, out, NULL) != 1 ||
        (context_n && EVP_EncryptUpdate(ctx, NULL, &n, bytes_of(context).p, context_n) != 1) ||
        (plain_n && EVP_EncryptUpdate(ctx, cipher, &n, plain.p, plain_n) != 1) ||
        EVP_EncryptFinal_ex(ctx, tag, &n) != 1 || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, tag) != 1)
        panic("aes-256-gcm failed");
    EVP_CIPHER_CTX_free(ctx);
    return (bytes){ out, NONCE_BYTES + plain.n + TAG_BYTES };
}

bool unseal(struct arena *a, const digest *key, bytes sealed, str context, bytes *ret)
{
    if (sealed.n < NONCE_BYTES + TAG_BYTES)
        return false;
    size_t plain_n = sealed.n - NONCE_BYTES - TAG_BYTES;
    int cipher_n = int_of(plain_n), context_n = int_of(context.n), n;
    const unsigned char *cipher = sealed.p + NONCE_BYTES;
    unsigned char *plain = arena_alloc(a, plain_n), tag[TAG_BYTES];
    memcpy(tag, cipher + plain_n, TAG_BYTES);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    if (!ctx || EVP_DecryptInit_ex2(ctx, crypto_state()->aes_256_gcm, key->b, sealed.p, NULL) != 1 ||
        (context_n && EVP_DecryptUpdate(ctx, NULL, &n, bytes_of(context).p, context_n) != 1) ||
        (cipher_n && EVP_DecryptUpdate(ctx, plain, &n, cipher, cipher_n) != 1) ||
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, tag) != 1)
        panic("aes-256-gcm failed");
    bool is_genuine = EVP_DecryptFinal_ex(ctx, tag, &n) == 1;
    EVP_CIPHER_CTX_free(ctx);
    if (is_genuine)
        *ret = (bytes){ plain, plain_n };
    else
        explicit_bzero(plain, plain_n);
    return is_genuine;
}
