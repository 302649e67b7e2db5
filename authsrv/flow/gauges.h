/* What is measured by asking the database now and then. */
#pragma once

#include "shared/base/err.h"
#include "shared/base/task.h"

/* The job. */
MUST_USE err gauges_measure(struct task *t);
