/*
 * Payments by bank transfer between the instruction and the end: credits are taken into the books as they come, pay the
 * charge when they are enough, and what pays nothing goes back to who sent it (docs/decisions/0058). A credit is taken
 * once, by whichever message it is shown; what became of an attempt is said by its call alone.
 */
#pragma once

#include "paysrv/domain/transfer/transfer.h"
#include "paysrv/store/payment.rows.h"
#include "paysrv/store/transfer.rows.h"
#include "shared/base/task.h"

/* What came in under the reference of an attempt. */
struct incoming {
    const int64_t *line; /* the bank's; NULL: the test bank has none */
    str message;         /* the kind of message that shows it */
    int64_t amount_minor;
    str payer_name, payer_iban; /* absent: not said */
    str reference, booked_on;   /* the bank's name of the booking, and its day; absent: not said */
    int64_t file;               /* that shows it */
};

enum transfer_state transfer_state_at(const struct transfer_find_row *x);

/* *taken false: it was shown by another message before, or the line is taken. *credit is its id, absent for a taken
 * line. */
MUST_USE err transfer_credit(struct task *t, const struct transfer_find_row *x, const struct incoming *in, bool *taken,
                             str *credit);
/* The test bank's, within a transaction of the caller's; *document is what its event tells. */
MUST_USE err transfer_credit_in_tx(struct task *t, const struct transfer_find_row *x, const struct incoming *in,
                                   str *document);
/* The bank takes a credit back. REVERSAL_UNKNOWN: none such is known; REVERSAL_LATER: it is complete and being paid. */
enum transfer_reversal { REVERSAL_UNKNOWN = 1, REVERSAL_KNOWN, REVERSAL_TAKEN, REVERSAL_BREAK, REVERSAL_LATER };
MUST_USE err transfer_take_back(struct task *t, const struct transfer_find_row *x, const struct incoming *in,
                                enum transfer_reversal *ret);

/* Pays the charge if it is complete, and sends back what pays nothing if the attempt has its end. */
MUST_USE err transfer_advance(struct task *t, str call);
/* All of them that it is time for, under the task's clock. */
MUST_USE err transfers_run(struct task *t);
/* The time of a payment that waits for a transfer is over: what is complete is paid, all other are given up. */
MUST_USE err transfer_expired(struct task *t, const struct payment_find_row *p);

/* An operator sends what is held of a credit to an account that he names. NOT_FOUND; INVALID_PARAMETER (iban);
 * BREAK_STATE: nothing of it is held. From an amount on it waits for a second operator (manual_entry.h). */
struct transfer_sending {
    str credit, iban, holder_name, by, by_name, note;
    int64_t approved_minor; /* 0: nobody has approved it */
    str waits;              /* out: what waits for another operator; absent: it is ordered */
};
MUST_USE err transfer_send(struct task *t, struct transfer_sending *in);
/* The same of the credit that a break `unreturnable` is about. BREAK_STATE: it is about none, or closed. */
MUST_USE err break_send(struct task *t, int64_t break_id, struct transfer_sending *in);
/* The same, approved, in a transaction of the caller's. MANUAL_ENTRY_STATE: something else is held of it now. */
MUST_USE err transfer_send_in_tx(struct task *t, struct transfer_sending *in);
