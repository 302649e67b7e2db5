/*
 * One time for all nodes of a deployment: that of its database, carried on by the monotonic clock in between, so that a
 * clock which is set moves nothing (docs/decisions/0107-one-clock.md). Pure; what reads the clocks is
 * shared/server/clock.c. SECURITY F-A13, F-P19, F-H11.
 */
#pragma once

#include "shared/base/instant.h"

#define CLOCK_APART_MOST SECONDS(10) /* between a machine and its database */
#define CLOCK_STEP_MOST SECONDS(5)   /* more at once is told */

struct clock_reading {
    instant ours;     /* as this process has carried it on */
    instant machine;  /* as its machine says */
    instant database; /* as its database said, which is not longer ago than asking took */
    duration took;
    duration was_ahead; /* the verdict of before, or what it began with */
};

struct clock_verdict {
    duration forward; /* to the database's time, if that is ahead */
    duration ahead;   /* of the database, more than asking took: what is carried on has to wait for it */
    bool are_apart;   /* machine and database: one of them is wrong, nobody knows which, and neither is believed */
    bool has_stepped; /* since the verdict of before both say another time than was to come, forward or back */
};

/* `clock accept` said that the database's time is right, and a server that runs is far ahead of it: going back is for
 * its next start. It must not write its time down any more, or nobody could start. */
struct clock_override {
    instant known; /* the latest time that its database had seen, and this server had reached */
    bool is;
};
/* latest: what the database has seen, as it was read with these. */
void clock_override_judge(struct clock_override *o, const struct clock_reading *reading, instant latest);

bool clocks_are_apart(instant machine, instant database);
struct clock_verdict clock_judge(const struct clock_reading *reading);
