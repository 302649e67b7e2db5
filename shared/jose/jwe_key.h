/* The two halves of a JWE (RFC 7518 sections 4 and 5). Private to this folder and its tests. */
#pragma once

#include <openssl/evp.h>

#include "shared/jose/jwe.h"

#define CEK_MAX_BYTES 64
#define IV_MAX_BYTES 16
#define JWE_TAG_MAX_BYTES 32

struct enc_row {
    enum jwe_enc enc;
    const char *name;
    size_t cek_bytes, iv_bytes, tag_bytes;
    size_t mac_key_bytes; /* 0: GCM */
    const EVP_CIPHER *(*cipher)(void);
    const EVP_MD *(*mac)(void);
};

struct jwe_alg_row {
    enum jwe_alg alg;
    const char *name;
    const EVP_MD *(*oaep)(void); /* NULL: ECDH-ES */
    size_t wrap_bytes;           /* of the wrapping key; 0: the agreed key is the content key */
    const EVP_CIPHER *(*wrap)(void);
};

const struct jwe_alg_row *jwe_alg_row_of(enum jwe_alg alg);
const struct enc_row *enc_row_of(enum jwe_enc enc);

struct cek {
    unsigned char b[CEK_MAX_BYTES];
};

/* ---- How the content key travels (jwe_key.c) ---- */

/* A content key for the receiver: *encrypted_key as it travels, and for ECDH-ES the member "epk" in *epk. */
void cek_make(struct arena *a, const struct jose_key *to, const struct jwe_alg_row *alg, const struct enc_row *enc,
              struct cek *cek, bytes *encrypted_key, str *epk);
/*
 * The content key out of a header and the encrypted key. False: the header's parameters (epk, apu, apv) are bad, which
 * anybody can see. A key that does not come out is not told: *cek is random then.
 */
bool cek_read(struct arena *a, const struct jose_key *ours, const struct jwe_alg_row *alg, const struct enc_row *enc,
              const struct json_value *header, bytes encrypted_key, struct cek *cek);

/* Concat KDF with SHA-256 (NIST SP 800-56A, RFC 7518 section 4.6.2); n is at most CEK_MAX_BYTES. */
void concat_kdf(bytes z, str algorithm, bytes apu, bytes apv, unsigned char *out, size_t n);

/* ---- How the content is sealed (jwe_content.c) ---- */

/* iv and tag as long as the row says; the ciphertext is in the arena. */
bytes content_seal(struct arena *a, const struct enc_row *enc, const struct cek *cek, const unsigned char *iv, str aad,
                   str plain, unsigned char *tag);
/* False: the tag is wrong (constant time), or iv or tag have another length. */
bool content_open(struct arena *a, const struct enc_row *enc, const struct cek *cek, bytes iv, str aad, bytes cipher,
                  bytes tag, str *plain);
