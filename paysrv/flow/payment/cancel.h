/*
 * The end of a payment that is not wanted. One that is not paid is canceled here and now; of an authorisation, what is
 * not captured is released by a void, an operation of its own by the protocol of all others: until the acquirer has
 * said that it is done, nothing is free (SECURITY O 368, 369).
 */
#pragma once

#include "paysrv/flow/once.h"
#include "paysrv/flow/payment/charge.h"

#define CANCEL_REQUESTED STR("requested")
#define CANCEL_EXPIRED STR("authorization_expired")

struct cancel_order {
    const struct payment_find_row *payment;
    const struct once *once;
    str reason;
};

/* Answers 200, 202 or 402, or what was stored. PAYMENT_STATE: there is nothing to cancel, or something is on its way.
 */
MUST_USE err cancel_run(struct task *t, const struct cancel_order *order, struct answer *ret);
/* T1 of a void that no request asked for; the reconciler makes the call. *begun is false when the payment is not ready.
 */
MUST_USE err void_plan(struct task *t, const struct payment_find_row *payment, str reason, bool *begun);
/* Cancels a payment that is not paid. *done is false when it is not in such a state any more. */
MUST_USE err cancel_unpaid(struct task *t, const struct payment_find_row *payment, str reason, struct answer *ret,
                           bool *done);
/* T2: the outcome is final. payment is read when it is NULL. */
MUST_USE err void_settle(struct task *t, const struct call_result *in, const struct payment_find_row *payment,
                         bool *applied);
