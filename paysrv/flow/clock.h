/*
 * Under whose time a task works. A live partner's is the wall clock; a sandbox partner's is his test clock
 * (docs/decisions/0051-test-clocks.md): t->now, and :now in SQL. Leases, retries and whatever else waits for machines
 * stay with the wall clock: task_wall(t), :wall. Whoever learns whose work it is enters his clock; the rows of a
 * sandbox partner have its name in them (:clock).
 */
#pragma once

#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

/* The partners that are known to be live: they stay so, and nothing is asked for them again. */
struct live_partners;
struct live_partners *live_partners_create(struct arena *process);

/* From here on the task is this partner's; whose it was before is forgotten. */
MUST_USE err clock_enter(struct task *t, partner_id partner);
/* The same for a sandbox partner whose clock stands there. */
void clock_set(struct task *t, partner_id partner, instant stands_at);
void clock_leave(struct task *t);
/* Whose and when it was, as it was kept before another was entered; asks nobody, so that it can be done after a
 * failure. */
void clock_back(struct task *t, const struct task *kept);

static inline bool clock_is_live(const struct task *t)
{
    return task_clock(t).n == 0;
}

/* Before a lease is taken: it ends by the time of now, however long ago its job began. A test clock stands meanwhile.
 */
void clock_catch_up(struct task *t);

/* A moment that others tell by the wall clock, as the task tells it. */
static inline instant clock_of_wall(const struct task *t, instant wall)
{
    return instant_add(wall, t->ahead);
}

/* There is work for this job; a sandbox partner's is done by the job of test clocks. */
void clock_wake(struct task *t, const char *job);
