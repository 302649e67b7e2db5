/* Signatures over plain text; private to this folder and its tests. */
#pragma once

#include "shared/jose/jose.h"

/* An RSA signature of the largest key that is taken. */
#define SIGNATURE_MAX_BYTES 512

/* The signature over text as JOSE writes it (r||s for ES256). Writes at most SIGNATURE_MAX_BYTES; returns how many. */
size_t key_sign(const struct jose_key *key, str text, unsigned char *out);
bool key_verify(const struct jose_key *key, str text, bytes signature);
