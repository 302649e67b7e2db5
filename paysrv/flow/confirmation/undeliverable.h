/*
 * A mail with a code that nobody takes: what waits for the code ends at once, instead of when the code expires, and
 * says why. See docs/decisions/0072-when-the-owner-is-gone.md; MONEY 6.B16.
 */
#pragma once

#include "shared/base/task.h"

/* The reason that payouts, lists, schedules, confirmations and what these are for then have. */
#define CODE_UNDELIVERABLE STR("code_undeliverable")

/*
 * In the transaction that gives this mail up. Nothing, if it carries no code, or one that was used, replaced or ended.
 * Leaves the task under the clock of whose code it was.
 */
MUST_USE err undeliverable_end(struct task *t, str mail);
