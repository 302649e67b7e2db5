/*
 * Confirmed payouts to the bank: a batch with a message id is committed first, then the file is written from what is
 * stored. A file that may have reached the bank is written again byte for byte, never made anew.
 */
#pragma once

#include "shared/base/buf.h"
#include "shared/base/task.h"

struct batch_made {
    str msg_id; /* absent: nothing is confirmed */
    int64_t transfers;
    int64_t total_minor;
    str waits; /* set: it is held until another operator has approved this manual entry */
};

/* BATCH_FOR_TEST: sandbox partners' only, which no bank ever sees. */
enum batch_channel { BATCH_FOR_FILE = 1, BATCH_FOR_CHANNEL, BATCH_FOR_TEST };

/* Takes what is confirmed in this currency, under the task's clock, into a new batch. DEBTOR_MISSING when the
 * configuration names no account of ours for it. by: who makes it. From order_release_from on it is held. */
MUST_USE err batch_collect(struct task *t, enum batch_channel channel, str by, str currency, struct batch_made *ret);
/* One batch for each currency that we have an account for. */
MUST_USE err batches_collect(struct task *t, enum batch_channel channel);
/* The file of a batch. NOT_FOUND, also for one of the test bank. FOUR_EYES: it is held. */
MUST_USE err batch_write(struct task *t, str msg_id, struct buf *out);
/* Asks anew for another operator's approval of what is held, when one has rejected it. NOT_FOUND: nothing is held. */
MUST_USE err batch_release_ask(struct task *t, str msg_id, str by, str reason, str *waits);
/* In the transaction that approves it. PAYOUT_STATE: it is given back. */
MUST_USE err batch_let_go_in_tx(struct task *t, str msg_id);
/*
 * What became of a batch, on an operator's word: the bank has paid it, or does not take it, and what was held is
 * available again, and it is sent no more. It is an entry by hand (manual_entry.h). NOT_FOUND; PAYOUT_STATE: the bank
 * may have what it is said not to take.
 */
struct batch_finding {
    str msg_id;
    bool is_paid;
    str reason, by;
    int64_t booked; /* 0: it was before, or it waits */
    str waits;      /* set: nothing is booked, this manual entry waits for another operator */
};
MUST_USE err batch_resolve(struct task *t, struct batch_finding *f);
/* The two halves of it, once it may be booked: in the transaction that says so, and after it, again when that was
 * interrupted. */
MUST_USE err batch_found_in_tx(struct task *t, const struct batch_finding *f);
MUST_USE err batch_found_book(struct task *t, struct batch_finding *f);
