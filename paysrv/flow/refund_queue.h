/*
 * Refunds that wait until their seller's balance holds them, where that was agreed (dispute_policy.shortfall "queue"):
 * asked for and answered like others, in the order in which they came, for so many days. Nothing is reserved for one;
 * it begins as the refund that it was said to be, or fails.
 */
#pragma once

#include "paysrv/flow/refund.h"

/* In the place of one that could not begin: 202, under its key. */
MUST_USE err refund_enqueue_run(struct task *t, const struct refund_order *order, const struct refund_find_row *refund,
                                int32_t days, struct answer *ret);

/* Those of a payment that wait or failed while they did, into an open list. */
MUST_USE err refund_queue_write(struct task *t, struct json *j, payment_id payment);

/* Begins those that can, the oldest of each seller first: a part of the job of holdbacks. */
MUST_USE err refund_queue_run(struct task *t);
