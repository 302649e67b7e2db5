/* SHA-256, HMAC-SHA-256 and comparison in constant time. */
#include "shared/crypto/crypto.h"

#include <openssl/crypto.h>
#include <openssl/params.h>
#include <pthread.h>

#include "shared/base/panic.h"
#include "shared/crypto/state.h"

digest sha256(bytes b)
{
    digest d;
    if (EVP_Digest(b.p ? b.p : (const unsigned char *)"", b.n, d.b, NULL, crypto_state()->sha256, NULL) != 1)
        panic("sha-256 failed");
    return d;
}

digest sha256_str(str s)
{
    return sha256(bytes_of(s));
}

digest typed_digest(const char *type, str value)
{
    digest d;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    /* The zero byte after the type goes in with it. */
    if (!ctx || EVP_DigestInit_ex2(ctx, crypto_state()->sha256, NULL) != 1 ||
        EVP_DigestUpdate(ctx, type, strlen(type) + 1) != 1 || EVP_DigestUpdate(ctx, value.p, value.n) != 1 ||
        EVP_DigestFinal_ex(ctx, d.b, NULL) != 1)
        panic("sha-256 failed");
    EVP_MD_CTX_free(ctx);
    return d;
}

/* One for each thread, which knows its digest: looking that up costs more than a short message. */
static EVP_MAC_CTX *hmac_context(void)
{
    static char digest_name[] = "SHA256";
    const OSSL_PARAM params[] = { OSSL_PARAM_construct_utf8_string("digest", digest_name, 0),
                                  OSSL_PARAM_construct_end() };
    const struct crypto_state *state = crypto_state();
    EVP_MAC_CTX *ctx = pthread_getspecific(state->hmac_of_thread);
    if (ctx)
        return ctx;
    ctx = EVP_MAC_CTX_new(state->hmac);
    if (!ctx || EVP_MAC_CTX_set_params(ctx, params) != 1 || pthread_setspecific(state->hmac_of_thread, ctx) != 0)
        panic("hmac cannot be made");
    return ctx;
}

/* A NULL key would mean "the key of before" to OpenSSL. */
static bool hmac_key(EVP_MAC_CTX *ctx, bytes key)
{
    return EVP_MAC_init(ctx, key.p ? key.p : (const unsigned char *)"", key.n, NULL) == 1;
}

digest hmac_sha256(bytes key, bytes message)
{
    EVP_MAC_CTX *ctx = hmac_context();
    digest d;
    size_t n;
    if (!hmac_key(ctx, key) || EVP_MAC_update(ctx, message.p, message.n) != 1 ||
        EVP_MAC_final(ctx, d.b, &n, sizeof d.b) != 1 || !hmac_key(ctx, (bytes){ NULL, 0 })) /* which forgets the key */
        panic("hmac failed");
    return d;
}

bool equal_bytes(bytes a, bytes b)
{
    return a.n == b.n && CRYPTO_memcmp(a.p, b.p, a.n) == 0;
}

bool equal_digest(const digest *a, const digest *b)
{
    return CRYPTO_memcmp(a->b, b->b, sizeof a->b) == 0;
}
