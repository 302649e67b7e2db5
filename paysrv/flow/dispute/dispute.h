/*
 * Disputes (docs/decisions/0043). What the acquirer says is kept as its state, newest sequence first; the ledger then
 * follows that state step by step, each step one statement, whenever the payment is free for it. So a message that
 * comes twice, late or out of order, and one that comes before its charge is booked, end the same.
 */
#pragma once

#include "paysrv/domain/dispute/dispute.h"
#include "paysrv/flow/acquirer/acquirer_dispute.h"
#include "paysrv/flow/payment/charge.h"
#include "paysrv/store/dispute.sql.h"

struct dispute_told {
    const struct acquirer_dispute *dispute;
    partner_id partner; /* of the payment */
    payment_id payment;
    struct acquirer_note note; /* id absent: an answer, not a message */
};
/* *verdict: DISPUTE_TAKE, it is kept, and the note with it; else nothing has changed. *id is absent then, if unknown.
 */
MUST_USE err dispute_take(struct task *t, const struct dispute_told *told, enum dispute_verdict *verdict,
                          dispute_id *id);

/* Does what is to be done about it now: steps in the ledger, what has to be told to the acquirer, the reminder. */
MUST_USE err dispute_look(struct task *t, dispute_id id);

/* *removed false: there is none, or no evidence is taken any more. */
MUST_USE err dispute_file_drop(struct task *t, dispute_id dispute, str file, bool *removed);
/* *added false: it is there already, there are as many as may be, or no evidence is taken. */
MUST_USE err dispute_file_keep(struct task *t, const struct dispute_file_add_args *args, bool *added);

/*
 * The owner's, the partner's, the operator's or the policy's word. Told to the acquirer by dispute_look, or by the job
 * from due on. *asked false: it waits for no such word.
 */
struct dispute_response {
    bool accepts; /* else: the evidence is submitted */
    str by;
    instant due; /* by the wall clock */
};
MUST_USE err dispute_respond(struct task *t, const struct dispute_find_row *row, const struct dispute_response *what,
                             bool *asked);
/* The same in the caller's transaction, and what is logged once that is done. */
MUST_USE err dispute_respond_within(struct task *t, const struct dispute_find_row *row,
                                    const struct dispute_response *what, bool *asked);
void dispute_responded(struct task *t, const struct dispute_find_row *row, const struct dispute_response *what);

/* What is due, and sellers' balances that somebody covers, under the task's clock. */
MUST_USE err disputes_follow(struct task *t);
/* The job. */
MUST_USE err disputes_run(struct task *t);
