/* Our signing keys: read and unsealed, made, rotated (domain/key_schedule.h has the rules). */
#pragma once

#include "shared/base/err.h"
#include "shared/base/task.h"
#include "shared/jose/jose.h"

#define KEY_RING_MAX 16

struct key_ring {
    const struct jose_key *es256, *rs256; /* active */
    struct jose_key *keys[KEY_RING_MAX];
    size_t n;
    struct jose_set *verifiers;
    str jwks;
};

MUST_USE err key_ring_read(struct task *t, struct arena *a, struct key_ring *ret);
void key_ring_free(struct key_ring *ring);

/* Makes what is missing, rotates what is old, forgets what nobody needs. Safe in several processes at once. */
MUST_USE err keys_housekeep(struct task *t);
/* The operator's rotation of both algorithms; *say explains a refusal. */
MUST_USE err keys_rotate(struct task *t, bool emergency, bool *done, str *say);
