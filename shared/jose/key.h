/* What a key is inside this folder: the parsed key, what it may be used for, and signing and verifying made ready. */
#pragma once

#include <openssl/evp.h>
#include <stdatomic.h>

#include "shared/jose/jwe.h"
#include "shared/jose/signature.h"

#define KID_MAX_BYTES 128
#define RSA_MIN_BITS 2048
#define RSA_MAX_BITS 4096
#define COORDINATE_MAX_BYTES 66 /* P-521 */

enum key_kind { KEY_EC = 1, KEY_RSA, KEY_OKP };

struct alg_row {
    enum jose_alg alg;
    const char *name;
    int digest_bits;
    int rsa_padding; /* 0 for the others */
};

const struct alg_row *alg_row_of(enum jose_alg alg);
const EVP_MD *alg_digest(const struct alg_row *row);

/* A row for every kind of key that is known: a curve, or RSA. */
struct key_type {
    enum key_kind kind;
    const char *kty, *crv; /* crv is NULL for RSA */
    const char *name;      /* in OpenSSL: the group, or the type of key */
    size_t width;          /* bytes of a coordinate */
    jose_alg_set algs;     /* what such a key can do */
    jwe_set enc_algs;
};

const struct key_type *key_type_of(str kty, str crv);   /* NULL: not known; crv of RSA is not looked at */
const struct key_type *key_type_for(enum jose_alg alg); /* NULL: HS256 */
/* The first kind that can do alg, or the next one after another; NULL: no more. */
const struct key_type *key_type_for_enc(enum jwe_alg alg, const struct key_type *after);

/* The members of the public JWK, base64url: x and y for EC, x for OKP, n and e for RSA. */
struct public_members {
    str x, y, n, e;
};

/* What a key may be used for. */
struct key_role {
    const struct key_type *type;
    jose_alg_set algs;
    jwe_set enc_algs;
    bool is_private;
    bool is_labelled; /* "use" or "key_ops" said what it is for */
};

struct jose_key {
    struct key_role role;
    const struct alg_row *row; /* the one signature algorithm of a key pinned to it, else NULL */
    struct arena *arena;       /* of the key's own texts */
    EVP_PKEY *pkey;
    /* For a pinned key. Copied for each use: setting one up costs more than a copy, and a copy needs no lock. */
    EVP_PKEY_CTX *signer, *verifier; /* EC and RSA, over a digest */
    EVP_MD_CTX *eddsa_signer, *eddsa_verifier;
    struct public_members members;
    str thumbprint;    /* RFC 7638 */
    str kid;           /* the thumbprint for our own keys; in a foreign set what its owner wrote, or absent */
    atomic_int shares; /* beyond the first */
};

/* Takes pkey over, also on failure; NULL when it is no key for the role. Its kid is the thumbprint. */
struct jose_key *key_of_pkey(EVP_PKEY *pkey, const struct key_role *role);
/* Ready to sign or verify (init) with that algorithm; the caller frees it. */
EVP_PKEY_CTX *key_context(const struct jose_key *key, const struct alg_row *row, int (*init)(EVP_PKEY_CTX *));

enum jwk_verdict { JWK_TAKEN = 1, JWK_SKIPPED, JWK_REFUSED };
/* One JWK object of a stranger; *ret is set when taken. a is for the work alone. */
enum jwk_verdict jwk_read(struct arena *a, const struct json_value *jwk, struct jose_key **ret);
/* The public key of type in the members of jwk, which may be an "epk"; NULL: bad members. */
EVP_PKEY *jwk_pkey(struct arena *a, const struct json_value *jwk, const struct key_type *type);
bool jwk_has_private_member(const struct json_value *jwk);

/* A public key from SubjectPublicKeyInfo in DER; NULL: it is none. The caller frees it. */
EVP_PKEY *key_of_spki(bytes spki);

/* The keys of a set in order, for the rest of this folder. */
size_t set_count(const struct jose_set *set);
const struct jose_key *set_key(const struct jose_set *set, size_t i);
