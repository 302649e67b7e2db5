/*
 * Money that goes back to a buyer's account: an order in the next file to the bank, beside the payouts, and what the
 * bank says of it. A repayment has one EndToEndId for ever and is never ordered anew; what is not answered is held. A
 * refund has the outcome of its repayment; all else leaves the account that holds what pays nothing.
 */
#pragma once

#include "paysrv/domain/transfer/transfer.h"
#include "paysrv/store/repayment.rows.h"
#include "shared/base/task.h"

struct repayment_order {
    str credit; /* whose payer gets it */
    str refund; /* absent: none */
    enum repayment_reason reason;
    int64_t amount_minor;
    str iban, holder_name; /* the name may be absent */
    str by;
    bool is_offset; /* a refund whose payer has his money already: there is nothing to order */
};
/* To be in the next order. A second one for the same refund is nothing. */
MUST_USE err repayment_new(struct task *t, const struct repayment_order *order);

/* Steps. *done false: it is not in a state for it. */
MUST_USE err repayment_step_pay(struct task *t, const struct repayment_find_row *r, bool *done);
MUST_USE err repayment_step_reject(struct task *t, const struct repayment_find_row *r, str reason, bool *done);
/* kept: what the bank kept of it, which the platform bears. */
MUST_USE err repayment_step_return(struct task *t, const struct repayment_find_row *r, str reason, int64_t kept_minor,
                                   bool *done);
/* The same in a transaction of the caller's. */
MUST_USE err repayment_reject_in_tx(struct task *t, const struct repayment_find_row *r, str reason, bool *done);
MUST_USE err repayment_return_in_tx(struct task *t, const struct repayment_find_row *r, str reason, int64_t kept_minor,
                                    bool *done);

/* All repayments of an order that was paid, is not taken, or whose arrival nobody knows; *n: how many there were. */
MUST_USE err batch_repayments_pay(struct task *t, str msg_id, int64_t *n);
MUST_USE err batch_repayments_reject(struct task *t, str msg_id, str reason, int64_t *n);
MUST_USE err batch_repayments_lose_sight(struct task *t, str msg_id);

/* A refund became one that needs no order: its outcome is told. */
MUST_USE err repayment_offset_tell(struct task *t, str refund);

/* What the bank took back of this credit is made good, unless something is left: its break has its end. */
MUST_USE err credit_made_good(struct task *t, str credit, str note);
/* A person has to say where what is held of this credit goes. */
MUST_USE err unreturnable_open(struct task *t, str credit, int64_t amount_minor, str currency, str why);

/* The test bank: what it says next of sandbox partners' repayments, by the names of its payers. */
MUST_USE err test_repayments_run(struct task *t);
