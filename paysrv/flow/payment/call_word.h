/*
 * How an operation ended that its acquirer says nothing about any more: an operator has asked there, and says it. It
 * is booked as the acquirer's own word would be, and what the acquirer says against it later is an anomaly.
 */
#pragma once

#include "paysrv/domain/anomaly.h"
#include "shared/base/task.h"

struct call_word {
    str call;
    str as;           /* "succeeded" or "failed" */
    str acquirer_ref; /* what the acquirer calls one that succeeded; else absent or empty */
    str note, by, by_name;
    int64_t approved_minor; /* not 0: another operator has approved it */
    str waits;              /* out: the entry that another operator has to approve; absent: it is booked */
};

/*
 * Of the operation that this anomaly is about; its anomalies are closed with the note. The same word again is the same
 * answer, also when the acquirer has said it meanwhile. NOT_FOUND; INVALID_PARAMETER names as, acquirer_ref or note;
 * CALL_STATE: it has another outcome, is still asked for, is a payout, which has a verb of its own, or a bank transfer;
 * MANUAL_ENTRY_STATE: another word about it waits.
 */
MUST_USE err call_word_take(struct task *t, int64_t anomaly, struct call_word *w);
/* In the transaction of whoever approved it. */
MUST_USE err call_word_in_tx(struct task *t, struct call_word *w);
/* Whether an anomaly of this kind is about an operation without an outcome. */
bool call_word_may_end(enum anomaly kind);
