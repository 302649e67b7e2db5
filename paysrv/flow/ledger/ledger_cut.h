/* Where a point in time lies in the ledger: the last entry of what was before it. */
#pragma once

#include "shared/base/task.h"

#define LEDGER_SETTLES_AFTER MINUTES(15) /* longer than any statement may take: what was begun before is committed */

/* *is_final: the place will never be another one. A time that has not come yet is the end of the ledger. */
MUST_USE err ledger_cut_at(struct task *t, instant at, int64_t *entry, bool *is_final);
/* Returns when all that is numbered before an entry of that time is committed. */
MUST_USE err ledger_settle(struct task *t, instant at);
