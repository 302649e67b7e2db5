/* What a key that was used before means for the request that came with it. Shared by charges and refunds. */
#pragma once

#include "paysrv/domain/idempotency.h"
#include "paysrv/flow/answer.h"
#include "paysrv/flow/env.h"

struct stored_question {
    partner_id partner;
    str route, key;
    digest fingerprint;
};

/*
 * *found tells whether the key holds anything. When it does: the stored answer, waited for a moment when the first
 * request is still at work; 422 for another request's key; 409 while there is no answer. is_unknown: the first
 * request's operation waits for its outcome, and the caller says so in its own words.
 */
MUST_USE err stored_answer(struct task *t, const struct stored_question *q, struct answer *ret, bool *found,
                           bool *is_unknown);
/* The answer that T2 stored, for the one who made the call; found false: none yet. */
MUST_USE err stored_own(struct task *t, const struct stored_question *q, struct answer *ret, bool *found);
