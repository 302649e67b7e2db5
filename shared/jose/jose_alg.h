/* The names of algorithms (RFC 7518 section 3.1, RFC 8037), and sets of them. */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"

enum jose_alg {
    ALG_ANY = 0, /* not pinned: never the algorithm of a token */
    ALG_ES256 = 1,
    ALG_RS256,
    ALG_PS256,
    ALG_EDDSA,
    ALG_ES384,
    ALG_ES512,
    ALG_RS384,
    ALG_RS512,
    ALG_PS384,
    ALG_PS512,
    ALG_HS256 /* symmetric: no key of a set has it, see jws_sign_hs256 and jws_verify_hs256 */
};

typedef uint32_t jose_alg_set;
#define ALG_BIT(alg) ((jose_alg_set)1 << (alg))
/* What our own keys are made for, and what foreign keys may use besides. */
#define ALGS_OURS (ALG_BIT(ALG_ES256) | ALG_BIT(ALG_RS256) | ALG_BIT(ALG_PS256) | ALG_BIT(ALG_EDDSA))
#define ALGS_ASYMMETRIC                                                                                                \
    (ALGS_OURS | ALG_BIT(ALG_ES384) | ALG_BIT(ALG_ES512) | ALG_BIT(ALG_RS384) | ALG_BIT(ALG_RS512) |                   \
     ALG_BIT(ALG_PS384) | ALG_BIT(ALG_PS512))

/* "ES256"; parse is exact, knows HS256 and Ed25519 (EdDSA, RFC 9864), and never "none". */
str jose_alg_name(enum jose_alg alg);
bool jose_alg_parse(str name, enum jose_alg *ret);

/*
 * The left half of the digest that belongs to the algorithm, base64url: at_hash, c_hash, s_hash (OpenID Connect Core
 * section 3.3.2.11). EdDSA: of SHA-512.
 */
str jose_half_hash(struct arena *a, enum jose_alg alg, str value);
