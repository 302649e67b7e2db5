/* Whether what paysrv has in its books is what happened. */
#pragma once

#include "tests/sim/sim.h"

/* Works off all that is open: messages, jobs, time. */
void judge_settle(void);
/* Fails the test unless the books of this world say what the acquirer's and the bank's say. */
void judge_check(void);
/* Fails the test unless `paysrv ledger check` would find nothing, in all worlds so far: the dearest of these. */
void judge_invariants(void);
