/* Whether what paysrv has in its books is what happened. */
#pragma once

#include "tests/sim/sim.h"

/* Works off all that is open: messages, jobs, time. */
void judge_settle(void);
/*
 * The end of a world: nothing is left in it that time could move, since the next one has the same database and a clock
 * of its own. Fails the test unless the books say what the acquirer's say.
 */
void judge_end(void);
/* Fails the test unless `paysrv ledger check` would find nothing, in all worlds so far: the dearest of these. */
void judge_invariants(void);
