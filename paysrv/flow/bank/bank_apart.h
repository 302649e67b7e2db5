/* The newest statements of our accounts in each currency beside the books (domain/bank/bank_apart.h). */
#pragma once

#include "paysrv/store/bank.rows.h"
#include "shared/base/task.h"

/* What neither the books nor a break explain, in minor units. */
int64_t bank_apart_of(const struct bank_balance_list_row *row);
/* The job: notes and shows it, and tells when it is not what it was. */
MUST_USE err bank_compare(struct task *t);
