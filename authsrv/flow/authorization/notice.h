/*
 * Telling about authorizations between two devices: a mail to the person, a ping or a push to the client (CIBA section
 * 10). Rows are written with what they tell of; the job sends at least once, with retries.
 */
#pragma once

#include "shared/base/err.h"
#include "shared/base/task.h"

/* Wakes the jobs after a statement that may have made work for them. */
void notices_wake(struct task *t);
/* The jobs: clients that answer, clients to which something could not be told, people. None holds up another. */
MUST_USE err notices_send(struct task *t);
MUST_USE err notices_retry(struct task *t);
MUST_USE err notices_mail(struct task *t);
