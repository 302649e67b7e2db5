/*
 * What comes due on a payment by itself: the warning before an authorisation ends, the void when it has ended, a
 * challenge that nobody answered in the payment's time, and the end of that time, which is told. Each is one statement
 * that looks at the payment again, so any number of servers may do it.
 */
#pragma once

#include "shared/base/task.h"

/* Job payments.timers. */
MUST_USE err payment_timers_run(struct task *t);
/*
 * Job payments.wind: gives those that are as old as most become, and were not paid, the timer of their end. Under all
 * clocks; a sandbox's have had it from the beginning.
 */
MUST_USE err payment_timers_wind(struct task *t);
