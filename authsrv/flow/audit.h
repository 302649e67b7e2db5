/* The audit log: what was done by whom to what. Rows are appended here and chained by a job. */
#pragma once

#include "shared/base/err.h"
#include "shared/base/task.h"

MUST_USE err audit_write(struct task *t, str actor, str action, str object, str detail);
/* The job. */
MUST_USE err audit_chain(struct task *t);
