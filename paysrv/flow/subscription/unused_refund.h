/*
 * What a buyer paid for and does not use, when his subscription ends at once and that was asked for (MONEY 6.C 22):
 * given back of the payments of the period, by seconds, with what was kept as balance.
 */
#pragma once

#include "paysrv/store/subscription.rows.h"
#include "shared/base/task.h"

/* What it would be, for one that ends at that moment. */
MUST_USE err unused_refund_preview(struct task *t, const struct subscription_find_row *s, instant at, int64_t *ret);
/* One round. */
MUST_USE err unused_refunds_run(struct task *t);
