/*
 * Idempotency (docs/protocol/pay-api.md): the key, the effect and the answer commit together, so that the same key
 * gives the same answer for 30 days (flow/upkeep.c). The scope of a key is partner and route; the fingerprint covers
 * method, path and body.
 */
#pragma once

#include "paysrv/flow/answer.h"
#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

struct once {
    bool given; /* false: no key was sent, nothing is kept */
    str key;
    str route;
    digest fingerprint;
};

/* What the key holds: *found false when nothing. IDEMPOTENCY_MISMATCH, IDEMPOTENCY_IN_PROGRESS. */
MUST_USE err once_stored(struct task *t, partner_id partner, const struct once *once, bool *found, struct answer *ret);

/* What was refused after the key held nothing: its twin with the same key may have been done between the two, and is
 * why. Then the twin's answer is ours; else refused, as it is. */
MUST_USE err once_instead(struct task *t, partner_id partner, const struct once *once, err refused, struct answer *ret);

/* Does SQL only and fills *ret; runs in the transaction that keeps the answer. */
typedef err (*once_effect)(struct task *t, void *context, struct answer *ret);
/* Runs the effect unless the key was used before; then the stored answer. op: id of what the effect makes or changes.
 */
MUST_USE err once_run(struct task *t, partner_id partner, const struct once *once, str op, once_effect effect,
                      void *context, struct answer *ret);
/* Of what goes on after the effect: this is what came of it, and is answered from now on. */
MUST_USE err once_correct(struct task *t, partner_id partner, const struct once *once, const struct answer *answer);
