/* Zones by their names, from the system's database (docs/decisions/0044). */
#pragma once

#include "shared/base/task.h"
#include "shared/text/zone.h"
#include "web/text.h"

/* INVALID_PARAMETER naming `zone`: there is none of this name. */
MUST_USE err zone_load(struct task *t, str name, const struct zone **ret);
/* A moment by the clocks of a zone, which it names. */
MUST_USE err moment_there(struct task *t, enum language l, instant at, str zone, str *ret);
/* By the clocks of what it is about, such as a subscription; of what has none (zone absent) by UTC, and also where the
 * zone cannot be read, as no booking waits for the words of its mail. Either is named. */
str moment_by(struct task *t, enum language l, instant at, str zone);
