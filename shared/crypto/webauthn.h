/*
 * Passkeys: what an authenticator signed (WebAuthn level 2, sections 7.1 and 7.2), by libfido2. The caller judges the
 * client data (type, challenge, origin); here it is only hashed. User presence and verification are always wanted.
 */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/base/bytes.h"

#define WEBAUTHN_ES256 (-7)
#define WEBAUTHN_EDDSA (-8)
#define WEBAUTHN_RS256 (-257)

struct webauthn_key {
    int64_t alg; /* of COSE */
    bytes id, public_key;
    int64_t sign_count;
    bool is_synced; /* may leave the device that made it */
};

/*
 * A new credential from its authenticator data. Nothing attests who made the device (attestation "none"), so there is
 * no signature to check: the key is proved by its first log-in. false: malformed, for another site, or without the
 * user.
 */
bool webauthn_key_read(struct arena *a, str rp_id, bytes client_data, bytes authenticator_data,
                       struct webauthn_key *ret);
/* A log-in with the key. *sign_count is what the authenticator counts now. */
bool webauthn_verify(struct arena *a, str rp_id, bytes client_data, bytes authenticator_data, bytes signature,
                     const struct webauthn_key *key, int64_t *sign_count);
