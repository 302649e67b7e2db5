/* Our own keys: read and unsealed, made, rotated, revoked (domain/key_schedule.h has the rules). */
#pragma once

#include "shared/base/err.h"
#include "shared/base/task.h"
#include "shared/jose/jose.h"

#define KEY_RING_MAX 32

struct key_ring {
    const struct jose_key *signers[ALG_EDDSA + 1]; /* the active ones, by algorithm */
    struct jose_key *keys[KEY_RING_MAX];
    size_t n;
    struct jose_set *verifiers;
    struct jose_set *decrypters; /* what others encrypt to: next, active and retiring */
    str jwks;
};

/* Keys that are in the ring of before (NULL: none) are shared with it. */
MUST_USE err key_ring_read(struct task *t, struct arena *a, const struct key_ring *before, struct key_ring *ret);
void key_ring_free(struct key_ring *ring);

/* Makes what is missing, rotates what is old, forgets what nobody needs. Safe in several processes at once. */
MUST_USE err keys_housekeep(struct task *t);
/* The operator's rotation of one algorithm, or of all (alg absent). CONFLICT explains a refusal. */
MUST_USE err keys_rotate(struct task *t, str actor, str alg, bool emergency);
/*
 * The key leaves the JWKS and what it signed counts no more here at once; where it was the active one, its successor
 * signs from now on. NOT_FOUND: no such key, or it ended before.
 */
MUST_USE err keys_revoke(struct task *t, str actor, str kid);
