/* Whether what paysrv has in its books is what happened. */
#pragma once

#include "tests/sim/sim.h"

/* Works off all that is open: messages, jobs, time. */
void judge_settle(void);
/*
 * This operation has been given up by whatever ends one by itself: until a person says how it ended it is open, and
 * that it is open is right. Not at the end of the world, by when somebody has said it. Absent: there is none.
 */
void judge_leaves(str call);
/*
 * The end of a world: nothing is left in it that time could move, since the next one has the same database and a clock
 * of its own. Fails the test unless the books say what the acquirer's say.
 */
void judge_end(void);
/* Fails the test unless `paysrv ledger check` would find nothing, in all worlds so far: the dearest of these. */
void judge_invariants(void);
