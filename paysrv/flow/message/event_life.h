/* How long events are kept (event_life): then they and their deliveries go, those to an endpoint that is gone before.
 * The books do not need them. */
#pragma once

#include "shared/base/task.h"

/* The least id of an event that is kept. */
str event_oldest_kept(struct task *t);
/* The job. */
MUST_USE err events_sweep(struct task *t);
