/* Credits of the bank's that name a payment, by the reference that their payers gave, and credits that it takes back.
 */
#pragma once

#include "paysrv/flow/bank_line.h"

/* *known false: it names no transfer that we asked for. */
MUST_USE err transfer_line_take(struct task *t, bank_row *line, bool *known);
MUST_USE err transfer_reversal_take(struct task *t, bank_row *line);
