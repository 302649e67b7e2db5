/*
 * Telling about authorizations between two devices: a mail to the person, a ping or a push to the client (CIBA section
 * 10). Rows are written with what they tell of; the job sends at least once, with retries.
 */
#pragma once

#include "shared/base/err.h"
#include "shared/base/task.h"

/* Wakes the job after a statement that may have made work for it. */
void notices_wake(struct task *t);
/* The job. */
MUST_USE err notices_send(struct task *t);
