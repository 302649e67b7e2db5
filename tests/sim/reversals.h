/*
 * Reversals of what came too late (paysrv/flow/payment/late.h): which of them the acquirer and the wallet refuse, and
 * the operator who decides about those that are refused to the end.
 */
#pragma once

#include "tests/sim/sim.h"

void reversals_begin(void); /* with a world: none is refused */
/* From now on, so often per mille, the reversals of a charge are refused some times, and sometimes for good. */
void reversals_rate(unsigned per_mille);
/* Those of the charge that is asked about next: so often. */
void reversals_refuse(int times);
/* Whether this order is a reversal that is refused now. */
bool reversal_is_refused(str key, str charge);

/* How many are to be asked for again another time. */
int64_t reversals_scheduled(void);
/* An operator decides about one of this world's that waits for him. False: none does. */
bool reversal_decide_one(void);
/* Time passes until none is asked for any more, and the operator decides about what is left: nothing is in suspense. */
void reversals_end(void);
/* What the acquirer has kept of a payment, as the operator has sent it back otherwise, or not at all. */
struct reversals_kept {
    int64_t amount;
    int attempts;
};
struct reversals_kept reversals_kept_of(str payment);
