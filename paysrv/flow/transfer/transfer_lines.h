/* Credits of the bank's that name a payment, by the reference that their payers gave, and credits that it takes back.
 */
#pragma once

#include "paysrv/flow/bank/bank_line.h"
#include "paysrv/store/bank.rows.h"
#include "paysrv/store/transfer.rows.h"

/* By the reference that its payer gave; *ret NULL: none of ours. */
MUST_USE err transfer_of_line(struct task *t, bank_row *line, const struct transfer_find_row **ret);
/* *known false: it names no transfer that we asked for. */
MUST_USE err transfer_line_take(struct task *t, bank_row *line, bool *known);
MUST_USE err transfer_reversal_take(struct task *t, bank_row *line);

/*
 * An operator gives what came in and named nothing (a break `unmatched`) to the payment that it is for: it is that
 * payment's credit from then on. BREAK_STATE (break); INVALID_PARAMETER (payment). From an amount on it waits for a
 * second operator (manual_entry.h).
 */
struct transfer_assigning {
    int64_t break_id;
    payment_id payment;
    str by, by_name, note;
    int64_t approved_minor; /* 0: nobody has approved it */
    str waits;              /* out: what waits for another operator; absent: it is done */
    str call;               /* out: the attempt that it is a credit of */
};
MUST_USE err transfer_assign(struct task *t, struct transfer_assigning *in);
/* The same, approved, in a transaction of the caller's; the job pays what is complete. */
MUST_USE err transfer_assign_in_tx(struct task *t, struct transfer_assigning *in);

/* Payments that the money of these breaks may be for, those of one break beside each other (transfers_like). */
MUST_USE err transfer_suggestions(struct task *t, const struct bank_break_list_row *breaks, size_t n,
                                  const struct transfers_like_row **ret, size_t *n_ret);
