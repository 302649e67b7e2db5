/* The table clock_seen: the latest time that a schema's servers have had (shared/server/clock.h). */
#pragma once

#include "shared/base/instant.h"
#include "shared/base/task.h"

struct clock_seen {
    instant database; /* what its clock says now */
    instant latest;   /* 0: none has served yet */
};
MUST_USE err clock_seen_read(struct task *t, struct clock_seen *ret);
/* It never goes back, and is written when it is a few seconds on. was: as it was read; another one has been accepted,
 * or written, if that is no longer so. */
MUST_USE err clock_seen_note(struct task *t, instant at, instant was);
/* Nor but for this: what the database's clock says now is right. */
MUST_USE err clock_seen_accept(struct task *t);
