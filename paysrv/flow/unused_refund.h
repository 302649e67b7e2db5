/*
 * What a buyer paid for and does not use, when his subscription ends at once and that was asked for (MONEY 6.C 22):
 * given back of the payments of the period, by seconds, with what was kept as balance.
 */
#pragma once

#include "shared/base/task.h"

/* One round. */
MUST_USE err unused_refunds_run(struct task *t);
