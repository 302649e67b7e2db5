/*
 * Signatures over a key made ready (RFC 7518 section 3). ECDSA is r||s on the wire and DER in OpenSSL; the change
 * between the two is made here, without big numbers.
 */
#include "shared/jose/signature.h"

#include <openssl/err.h>

#include "shared/base/panic.h"
#include "shared/crypto/crypto.h"
#include "shared/jose/key.h"

#define DER_MAX_BYTES 141 /* sequence of a long length, and twice an integer of at most 67 bytes */

static bool is_zero(const unsigned char *half, size_t width)
{
    unsigned char all = 0;
    for (size_t i = 0; i < width; i++)
        all |= half[i];
    return all == 0;
}

/* Appends one DER INTEGER; half is not zero. */
static unsigned char *der_put(unsigned char *out, const unsigned char *half, size_t width)
{
    size_t skip = 0;
    while (half[skip] == 0)
        skip++;
    size_t sign = half[skip] >= 0x80 ? 1 : 0;
    size_t n = width - skip;
    *out++ = 0x02;
    *out++ = (unsigned char)(n + sign);
    if (sign)
        *out++ = 0;
    memcpy(out, half + skip, n);
    return out + n;
}

static bytes der_of_raw(const unsigned char *raw, size_t width, unsigned char der[DER_MAX_BYTES])
{
    unsigned char *body = der + 3;
    unsigned char *end = der_put(der_put(body, raw, width), raw + width, width);
    size_t n = (size_t)(end - body);
    bool is_long = n > 127;
    unsigned char *start = is_long ? der : der + 1;
    start[0] = 0x30;
    if (is_long)
        start[1] = 0x81;
    body[-1] = (unsigned char)n;
    return (bytes){ start, (size_t)(end - start) };
}

/* Takes one INTEGER of at most width significant bytes off *der. */
static bool der_take(bytes *der, unsigned char *half, size_t width)
{
    if (der->n < 2 || der->p[0] != 0x02 || der->p[1] == 0 || der->p[1] > der->n - 2)
        return false;
    const unsigned char *p = der->p + 2;
    size_t n = der->p[1];
    *der = (bytes){ p + n, der->n - 2 - n };
    if (n == width + 1 && p[0] == 0) {
        p++;
        n--;
    }
    if (n > width)
        return false;
    memset(half, 0, width - n);
    memcpy(half + width - n, p, n);
    return true;
}

static bool raw_of_der(bytes der, unsigned char *raw, size_t width)
{
    size_t head = der.n > 2 && der.p[1] == 0x81 ? 3 : 2;
    if (der.n < head || der.p[0] != 0x30 || der.p[head - 1] != der.n - head)
        return false;
    bytes rest = { der.p + head, der.n - head };
    return der_take(&rest, raw, width) && der_take(&rest, raw + width, width) && rest.n == 0;
}

/* The digest that the algorithm signs. */
static size_t digest_of(const struct alg_row *row, str text, unsigned char md[EVP_MAX_MD_SIZE])
{
    unsigned n;
    if (row->digest_bits == 256) {
        digest d = sha256_str(text);
        memcpy(md, d.b, sizeof d.b);
        return sizeof d.b;
    }
    if (EVP_Digest(bytes_of(text).p, text.n, md, &n, alg_digest(row), NULL) != 1)
        panic("digest failed");
    return n;
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
        panic("signing with a key that is not for it");
    const struct key_type *type = key->role.type;
    if (type->kind == KEY_OKP)
        return eddsa_sign(key, text, out);
    unsigned char made[SIGNATURE_MAX_BYTES], md[EVP_MAX_MD_SIZE];
    size_t n = sizeof made, md_n = digest_of(key->row, text, md);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_dup(key->signer);
    if (!ctx || EVP_PKEY_sign(ctx, made, &n, md, md_n) != 1)
        panic("signing failed");
    EVP_PKEY_CTX_free(ctx);
    if (type->kind == KEY_EC) {
        if (!raw_of_der((bytes){ made, n }, out, type->width))
            panic("signing failed");
        return 2 * type->width;
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

static bool digest_verify(const struct jose_key *key, const struct alg_row *row, str text, bytes signature)
{
    unsigned char md[EVP_MAX_MD_SIZE];
    size_t md_n = digest_of(row, text, md);
    EVP_PKEY_CTX *ctx = key->row == row ? EVP_PKEY_CTX_dup(key->verifier) : key_context(key, row, EVP_PKEY_verify_init);
    if (!ctx)
        panic("out of memory");
    bool is_good = EVP_PKEY_verify(ctx, signature.p, signature.n, md, md_n) == 1;
    EVP_PKEY_CTX_free(ctx);
    return is_good;
}

static bool ecdsa_verify(const struct jose_key *key, const struct alg_row *row, str text, bytes raw)
{
    unsigned char der[DER_MAX_BYTES];
    size_t width = key->role.type->width;
    if (raw.n != 2 * width || is_zero(raw.p, width) || is_zero(raw.p + width, width))
        return false;
    return digest_verify(key, row, text, der_of_raw(raw.p, width, der));
}

static bool kind_verify(const struct jose_key *key, const struct alg_row *row, str text, bytes signature)
{
    switch (key->role.type->kind) {
    case KEY_EC:
        return ecdsa_verify(key, row, text, signature);
    case KEY_RSA:
        return signature.n == (size_t)EVP_PKEY_get_size(key->pkey) && digest_verify(key, row, text, signature);
    case KEY_OKP:
        return eddsa_verify(key, text, signature);
    }
    return false;
}

bool key_verify(const struct jose_key *key, enum jose_alg alg, str text, bytes signature)
{
    if (!jose_key_verifies(key, alg))
        return false;
    bool is_good = kind_verify(key, alg_row_of(alg), text, signature);
    /* What OpenSSL notes about a bad signature must not be found by the next user of this thread's queue. */
    if (!is_good)
        ERR_clear_error();
    return is_good;
}
