/*
 * What is owed when a subscription changes within a period (MONEY 6.C 22): by seconds, in exact integers. What a part
 * of a period costs is the difference of two amounts that are counted from its start, so that any number of changes
 * sums to what the periods cost, and the preview is the charge.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "paysrv/domain/money.h"
#include "paysrv/domain/subscription/recurrence.h"

/* What of a period's price is for the time before that moment; fractions of a minor unit fall to the time after it. */
int64_t proration_used(int64_t price_minor, const struct period *period, instant at);
/* What of it is for the time from one moment to another. */
int64_t proration_between(int64_t price_minor, const struct period *period, instant from, instant to);

/* The lines of a change: what was paid and will not be used, and what the new price is for the rest, which is until the
 * end of the period or before. Both 0 or more. */
struct proration {
    int64_t credit_minor, charge_minor;
};
struct proration proration_of(int64_t old_minor, int64_t new_minor, const struct period *period, instant at,
                              instant until);

/* Lines against the balance of a subscription: due is never negative, and what can be charged. */
struct settlement {
    int64_t due_minor;     /* to be charged */
    int64_t balance_minor; /* kept for later invoices; below 0: charged with them */
};
/* false: the sum does not fit. */
bool settlement_of(int64_t lines_minor, int64_t balance_minor, const struct charge_grain *grain,
                   struct settlement *ret);
