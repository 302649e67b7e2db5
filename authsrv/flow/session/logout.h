/*
 * Back-channel logout (OIDC Back-Channel Logout 1.0): a queue in the database, filled where a session ends, emptied by
 * jobs in every process. Delivery is at least once; each attempt carries a token of its own.
 */
#pragma once

#include "shared/base/err.h"
#include "shared/base/task.h"

/* The jobs: clients that answered last time, and all others, so that a dead one never occupies every thread. */
MUST_USE err logouts_deliver(struct task *t);
MUST_USE err logouts_retry(struct task *t);
/* The job that ends sessions whose time is over. */
MUST_USE err sessions_expire(struct task *t);

/* Looks for work at once, after an event that made some. */
void logouts_wake(struct task *t);
/* The operator's wish: those of this client that did not go through begin anew. *n: how many. */
MUST_USE err logouts_again(struct task *t, str actor, str client, int64_t *n);
