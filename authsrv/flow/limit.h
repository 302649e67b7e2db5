/* What may be done so often a minute, by the key of whoever does it, unless the operator has turned limits off. */
#pragma once

#include "shared/base/err.h"
#include "shared/base/str.h"
#include "shared/base/task.h"

/* Counts one. TOO_MANY_REQUESTS, with the seconds until the next may be done. what: for the log. */
MUST_USE err limit_take(struct task *t, str key, int per_minute, int burst, const char *what);
