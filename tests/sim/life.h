/* What goes on by itself: time, messages of the acquirer, jobs. */
#pragma once

#include "tests/sim/sim.h"

/* Some time passes, and everything that is due happens. */
void life_goes_on(void);
/* A message of the acquirer is on its way; *it becomes true when it was read. */
const bool *message_deliver(str body);
/* One of these begins: a message, a job, what was on its way. Drawn. */
void life_stirs(void);
/* What is left for a job that nobody waits for. */
void life_ends(void);
/* Whether there are disputes, delays and subscriptions: jobs that find nothing cost points. Not, when a world begins.
 */
void life_is_wide(bool is_wide);
