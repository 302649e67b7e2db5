/*
 * Refunds that wait until their seller's balance holds them, where that was agreed (dispute_policy.shortfall "queue"):
 * asked for and answered like others, in the order in which they came, for so many days. Nothing is reserved for one;
 * it begins as the refund that it was said to be, or fails.
 */
#pragma once

#include "paysrv/flow/once.h"
#include "paysrv/flow/payment/refund.h"

/* Until when, and for what of whom. */
struct refund_wait {
    user_id seller; /* the first who has not got his part */
    int64_t needs_minor;
    int32_t days;
};
/*
 * In the place of one that could not begin: 202, under its key. REFUND_TOO_LARGE: not so much is left beside what
 * waits.
 */
MUST_USE err refund_enqueue_run(struct task *t, const struct refund_order *order, const struct refund_find_row *refund,
                                const struct refund_wait *wait, struct answer *ret);

/* Takes one back that still waits; partner, subject absent: of any. PAYMENT_STATE: it has begun, or ended before. */
struct refund_cancel_order {
    refund_id refund;
    partner_id partner;
    str subject;
    const struct once *once;
};
MUST_USE err refund_cancel_run(struct task *t, const struct refund_cancel_order *order, struct answer *ret);

/* Those of a payment that wait, were canceled or failed while they did, into an open list. */
MUST_USE err refund_queue_write(struct task *t, struct json *j, payment_id payment);

/* One that waits, or ended while it did, if it is this caller's; subject absent: the partner's. NOT_FOUND. */
MUST_USE err refund_queued_read(struct task *t, refund_id refund, partner_id partner, str subject,
                                struct refund_find_row *ret);

/* Begins those that can, the oldest of each seller first: a job of its own, which waits for acquirers. */
MUST_USE err refund_queue_run(struct task *t);
