/* The newest statements of our accounts in each currency beside the books (domain/bank/bank_apart.h). */
#pragma once

#include "paysrv/store/bank.rows.h"
#include "shared/base/task.h"

struct bank_balance {
    const struct bank_balance_list_row *of;
    int64_t unbooked_minor; /* what lines have moved that nobody has booked */
    int64_t apart_minor;    /* what neither the books nor a break explain */
};

/* Of one moment, however many breaks there are; UNAVAILABLE: more than can be read in a minute. */
MUST_USE err bank_balances_read(struct task *t, struct bank_balance **ret, size_t *n);
/* The job: notes and shows it, and tells when it is not what it was. */
MUST_USE err bank_compare(struct task *t);
