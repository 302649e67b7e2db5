/* What a key is inside this folder: the parsed key, its one algorithm, and signing and verifying made ready. */
#pragma once

#include <openssl/evp.h>

#include "shared/jose/jose.h"
#include "shared/jose/signature.h"

#define ES256_BYTES 64
#define KID_MAX_BYTES 128

enum key_kind { KEY_EC = 1, KEY_RSA, KEY_OKP };

struct alg_row {
    enum jose_alg alg;
    const char *name;
    enum key_kind kind;
    int rsa_padding; /* 0 for the others */
};

const struct alg_row *alg_row_of(enum jose_alg alg);

/* The members of the public JWK, base64url: x and y for EC, x for OKP, n and e for RSA. */
struct public_members {
    str x, y, n, e;
};

struct jose_key {
    const struct alg_row *row;
    struct arena *arena; /* of the key's own texts */
    EVP_PKEY *pkey;
    /* Copied for each use: setting one up costs more than a copy, and a copy needs no lock. */
    EVP_PKEY_CTX *signer, *verifier; /* EC and RSA, over a SHA-256 */
    EVP_MD_CTX *eddsa_signer, *eddsa_verifier;
    struct public_members members;
    str thumbprint; /* RFC 7638 */
    str kid;        /* the thumbprint for our own keys; in a foreign set what its owner wrote, or absent */
};

/* Takes pkey over, also on failure; NULL when it is no key for alg. Its kid is the thumbprint. */
struct jose_key *key_of_pkey(EVP_PKEY *pkey, enum jose_alg alg, bool is_private);
const char *key_kty(const struct jose_key *key);

/* The key of that algorithm when the set has exactly one, else NULL. */
const struct jose_key *set_only_key(const struct jose_set *set, enum jose_alg alg);
