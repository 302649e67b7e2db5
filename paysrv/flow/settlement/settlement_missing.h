/*
 * What we have booked and no registry has after its time: each entry that the acquirer owes us for is looked at once,
 * when it is old enough, in the order of the ledger.
 */
#pragma once

#include "shared/base/task.h"

/* From where on; when the first registry comes. */
MUST_USE err reconcile_begin(struct task *t);
MUST_USE err reconcile_missing(struct task *t, duration within);
