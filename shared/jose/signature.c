/*
 * Signatures over a key made ready (RFC 7518 section 3). ES256 is r||s of 64 bytes on the wire and DER in OpenSSL;
 * the change between the two is made here, without big numbers.
 */
#include "shared/jose/signature.h"

#include <openssl/err.h>

#include "shared/base/panic.h"
#include "shared/crypto/crypto.h"
#include "shared/jose/key.h"

#define HALF_BYTES 32
#define DER_MAX_BYTES 72 /* sequence, and twice an integer of at most 33 bytes */

static bool is_zero(const unsigned char *half)
{
    unsigned char all = 0;
    for (size_t i = 0; i < HALF_BYTES; i++)
        all |= half[i];
    return all == 0;
}

/* Appends one DER INTEGER; half is not zero. */
static unsigned char *der_put(unsigned char *out, const unsigned char *half)
{
    size_t skip = 0;
    while (half[skip] == 0)
        skip++;
    size_t sign = half[skip] >= 0x80 ? 1 : 0;
    size_t n = HALF_BYTES - skip;
    *out++ = 0x02;
    *out++ = (unsigned char)(n + sign);
    if (sign)
        *out++ = 0;
    memcpy(out, half + skip, n);
    return out + n;
}

static size_t der_of_raw(const unsigned char raw[ES256_BYTES], unsigned char der[DER_MAX_BYTES])
{
    unsigned char *end = der_put(der_put(der + 2, raw), raw + HALF_BYTES);
    size_t n = (size_t)(end - der);
    der[0] = 0x30;
    der[1] = (unsigned char)(n - 2);
    return n;
}

/* Takes one INTEGER of at most 32 significant bytes off *der. */
static bool der_take(bytes *der, unsigned char half[HALF_BYTES])
{
    if (der->n < 2 || der->p[0] != 0x02 || der->p[1] == 0 || der->p[1] > der->n - 2)
        return false;
    const unsigned char *p = der->p + 2;
    size_t n = der->p[1];
    *der = (bytes){ p + n, der->n - 2 - n };
    if (n == HALF_BYTES + 1 && p[0] == 0) {
        p++;
        n--;
    }
    if (n > HALF_BYTES)
        return false;
    memset(half, 0, HALF_BYTES - n);
    memcpy(half + HALF_BYTES - n, p, n);
    return true;
}

static bool raw_of_der(bytes der, unsigned char raw[ES256_BYTES])
{
    if (der.n < 2 || der.p[0] != 0x30 || der.p[1] != der.n - 2)
        return false;
    bytes rest = { der.p + 2, der.n - 2 };
    return der_take(&rest, raw) && der_take(&rest, raw + HALF_BYTES) && rest.n == 0;
}

static size_t eddsa_sign(const struct jose_key *key, str text, unsigned char *out)
{
    size_t n = SIGNATURE_MAX_BYTES;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (!ctx || EVP_MD_CTX_copy_ex(ctx, key->eddsa_signer) != 1 ||
        EVP_DigestSign(ctx, out, &n, bytes_of(text).p, text.n) != 1)
        panic("signing failed");
    EVP_MD_CTX_free(ctx);
    return n;
}

size_t key_sign(const struct jose_key *key, str text, unsigned char *out)
{
    if (!key->signer && !key->eddsa_signer)
        panic("signing with a public key");
    if (key->row->kind == KEY_OKP)
        return eddsa_sign(key, text, out);
    unsigned char made[SIGNATURE_MAX_BYTES];
    size_t n = sizeof made;
    digest d = sha256_str(text);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_dup(key->signer);
    if (!ctx || EVP_PKEY_sign(ctx, made, &n, d.b, sizeof d.b) != 1)
        panic("signing failed");
    EVP_PKEY_CTX_free(ctx);
    if (key->row->kind == KEY_EC) {
        if (!raw_of_der((bytes){ made, n }, out))
            panic("signing failed");
        return ES256_BYTES;
    }
    memcpy(out, made, n);
    return n;
}

static bool eddsa_verify(const struct jose_key *key, str text, bytes signature)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (!ctx || EVP_MD_CTX_copy_ex(ctx, key->eddsa_verifier) != 1)
        panic("out of memory");
    bool is_good = EVP_DigestVerify(ctx, signature.p, signature.n, bytes_of(text).p, text.n) == 1;
    EVP_MD_CTX_free(ctx);
    return is_good;
}

static bool digest_verify(const struct jose_key *key, str text, bytes signature)
{
    digest d = sha256_str(text);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_dup(key->verifier);
    if (!ctx)
        panic("out of memory");
    bool is_good = EVP_PKEY_verify(ctx, signature.p, signature.n, d.b, sizeof d.b) == 1;
    EVP_PKEY_CTX_free(ctx);
    return is_good;
}

static bool es256_verify(const struct jose_key *key, str text, bytes raw)
{
    unsigned char der[DER_MAX_BYTES];
    if (raw.n != ES256_BYTES || is_zero(raw.p) || is_zero(raw.p + HALF_BYTES))
        return false;
    return digest_verify(key, text, (bytes){ der, der_of_raw(raw.p, der) });
}

static bool kind_verify(const struct jose_key *key, str text, bytes signature)
{
    switch (key->row->kind) {
    case KEY_EC:
        return es256_verify(key, text, signature);
    case KEY_RSA:
        return signature.n == (size_t)EVP_PKEY_get_size(key->pkey) && digest_verify(key, text, signature);
    case KEY_OKP:
        return eddsa_verify(key, text, signature);
    }
    return false;
}

bool key_verify(const struct jose_key *key, str text, bytes signature)
{
    bool is_good = kind_verify(key, text, signature);
    /* What OpenSSL notes about a bad signature must not be found by the next user of this thread's queue. */
    if (!is_good)
        ERR_clear_error();
    return is_good;
}
