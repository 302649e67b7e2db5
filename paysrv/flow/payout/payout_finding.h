/*
 * What became of a payout, or of a refund that goes out by the bank, on an operator's word: of one by card or wallet he
 * knows from the acquirer what nobody answers, where nothing is sent again by itself any more; of one by the bank,
 * which is unknown, from the bank, when its order has gone. That is one of its order's, which is sent no more; the
 * others stay where they are. It is an entry by hand (manual_entry.h).
 */
#pragma once

#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

struct payout_finding {
    str transfer; /* the payout or the repayment */
    bool is_paid;
    str acquirer_ref; /* the acquirer's name of what is paid; absent: it is the bank's */
    str reason, by, by_name;
    int64_t approved_minor; /* what another operator has approved; 0: none has */
    str waits;              /* set: nothing is booked, this manual entry waits for another operator */
};
/* NOT_FOUND; PAYOUT_STATE: its outcome is known, or may still be told; INVALID_PARAMETER (ref). */
MUST_USE err payout_resolve(struct task *t, struct payout_finding *finding);
MUST_USE err payout_resolve_in_tx(struct task *t, struct payout_finding *finding);
