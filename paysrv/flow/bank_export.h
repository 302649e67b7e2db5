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
};

/* BATCH_FOR_TEST: sandbox partners' only, which no bank ever sees. */
enum batch_channel { BATCH_FOR_FILE = 1, BATCH_FOR_CHANNEL, BATCH_FOR_TEST };

/* Takes what is confirmed, under the task's clock, into a new batch. DEBTOR_MISSING when the configuration names no
 * account of ours. */
MUST_USE err batch_collect(struct task *t, enum batch_channel channel, struct batch_made *ret);
/* The file of a batch. NOT_FOUND, also for one of the test bank. */
MUST_USE err batch_write(struct task *t, str msg_id, struct buf *out);
/*
 * The bank does not take the batch, on an operator's word: what was held is available again, and it is sent no more.
 * *given_back 0: it was before. NOT_FOUND; PAYOUT_STATE: the bank may have it.
 */
MUST_USE err batch_book_refused(struct task *t, str msg_id, int64_t *given_back);
/* The bank has paid the batch: books sent -> paid. *settled 0: it was settled before. NOT_FOUND. */
MUST_USE err batch_book_paid(struct task *t, str msg_id, int64_t *settled);
