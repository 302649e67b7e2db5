/*
 * Captures of an authorisation, by the protocol of refunds (refund.h): T1 claims the key and reserves the amount on the
 * payment; the call; T2 books each party's share or frees the reservation. Shares are a difference of two states, so
 * any number of captures ends at the units of the whole (decision 0036). One at a time for each payment.
 */
#pragma once

#include "paysrv/domain/stores/split.h"
#include "paysrv/flow/payment/charge.h"

struct capture_order {
    const struct payment_find_row *payment;
    str route, key;
    digest fingerprint;
    int64_t wanted_minor;              /* 0: all that is left */
    bool is_final;                     /* what is left after it is released */
    const struct split_profile *split; /* in place of the payment's, with its first capture only; NULL: none */
    str split_profile_id;
    const struct json_value *receipt; /* its positions; NULL: none */
};

/* The answer that the key has since before, if there is one; asked before what only the first request has to keep to.
 */
MUST_USE err capture_replayed(struct task *t, const struct capture_order *order, struct answer *ret, bool *found);
/* Answers 200, 202 or 402, or what was stored. */
MUST_USE err capture_run(struct task *t, const struct capture_order *order, struct answer *ret);
/* T2: the outcome is final. payment and capture are read when they are NULL; ret may be NULL. */
struct capture_made {
    const struct payment_find_row *payment;
    const struct capture_find_row *capture;
};
MUST_USE err capture_settle(struct task *t, const struct call_result *in, const struct capture_made *made,
                            struct answer *ret, bool *applied);

/* What is asked about a charge that is there: captures, voids, reversals. */
struct acquirer_ask operation_ask(const struct call_find_row *call, enum call_op op);
