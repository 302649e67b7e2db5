/*
 * Payouts above a threshold wait, with their money in transit, until two operators have approved the same content; one
 * is enough to reject. Whoever asked for a payout, or gets it, has no say. Decisions are kept and never changed.
 */
#pragma once

#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

struct operator_decision {
    payout_id payout;
    str subject; /* at the issuer, or the account of the system on the command line */
    str name;
    str note; /* may be absent */
    bool is_approval;
};

/* *body: the payout afterwards; the same decision of the same operator again changes nothing and gets it too.
 * NOT_FOUND, PAYOUT_STATE, FOUR_EYES. */
MUST_USE err payout_decision_take(struct task *t, const struct operator_decision *d, str *body);
