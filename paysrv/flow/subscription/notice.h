/* The job that tells buyers ahead of charges, ends of trials and cards that expire. See domain/subscription/notice.h.
 */
#pragma once

#include "shared/base/task.h"

MUST_USE err notices_run(struct task *t, size_t *n_looked);
