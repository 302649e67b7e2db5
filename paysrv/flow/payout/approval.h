/*
 * Payouts above a threshold wait, with their money in transit, until two operators have approved the same content; one
 * is enough to reject. Whoever asked for a payout, or gets it, has no say. Decisions are kept and never changed.
 */
#pragma once

#include "paysrv/domain/decision.h"
#include "paysrv/store/approval.rows.h"
#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

/* What somebody is to a payout that waits. */
struct approver {
    bool has_approved, is_own; /* is_own: he asked for it, or gets it */
    bool may_decide;           /* a client's own token, which is nobody, never may */
};
struct approver approver_of(str subject, const struct payout_awaiting_row *payout);

/* What waits, from after position (absent: the first) on; those that nobody can let go yet are last. */
MUST_USE err payouts_awaiting_read(struct task *t, str position, size_t most, const struct payout_awaiting_row **ret,
                                   size_t *n);
str payout_awaiting_position(struct arena *a, const struct payout_awaiting_row *row);
/* *ret NULL: it waits for nobody. */
MUST_USE err payout_awaiting_find(struct task *t, payout_id payout, const struct payout_awaiting_row **ret);

/* *body: the payout afterwards; the same decision of the same operator again changes nothing and gets it too.
 * NOT_FOUND, PAYOUT_STATE, FOUR_EYES. */
MUST_USE err payout_decision_take(struct task *t, payout_id payout, const struct operator_decision *d, str *body);
