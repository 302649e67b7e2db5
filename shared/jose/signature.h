/* Signatures over plain text; private to this folder and its tests. */
#pragma once

#include "shared/jose/jose.h"

/* An RSA signature of the largest key that is taken. */
#define SIGNATURE_MAX_BYTES 512

/* The signature over text as JOSE writes it (r||s for ECDSA). Writes at most SIGNATURE_MAX_BYTES; returns how many. */
size_t key_sign(const struct jose_key *key, str text, unsigned char *out);
/* False also when the key is not for alg. */
bool key_verify(const struct jose_key *key, enum jose_alg alg, str text, bytes signature);
