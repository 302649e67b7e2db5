/* Forgetting what is over: rows past their end, a thousand at a time. */
#pragma once

#include "shared/base/err.h"
#include "shared/base/task.h"

/* The job. */
MUST_USE err rows_purge(struct task *t);
