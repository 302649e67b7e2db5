/*
 * What comes due on a payment by itself: the warning before an authorisation ends, the void when it has ended, and a
 * challenge that nobody answered in the payment's time. Each is one statement that looks at the payment again, so any
 * number of servers may do it.
 */
#pragma once

#include "shared/base/task.h"

/* Job payments.timers. */
MUST_USE err payment_timers_run(struct task *t);
