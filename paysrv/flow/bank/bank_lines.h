/*
 * Lines of the bank's, each taken up in one statement together with what it does. What was begun is gone on with after
 * any end of the process: a line without an outcome is taken up again.
 */
#pragma once

#include "shared/base/task.h"

/* All lines of open files, in order; files without open lines are done. A line that fails stays open, and the first
 * such failure is returned when all others are taken up. */
MUST_USE err bank_lines_work(struct task *t);
