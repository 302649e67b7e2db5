/* Forgetting what is over: rows past their end, a thousand at a time. */
#pragma once

#include "shared/base/err.h"
#include "shared/base/task.h"

/* The jobs. */
MUST_USE err rows_purge(struct task *t);
/* What ended with an account, a consent or a session, and was too much for who ended it. */
MUST_USE err grants_end(struct task *t);
