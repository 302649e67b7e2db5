/*
 * Refunds by the same protocol as charges: T1 claims the key, reserves the amount on the payment and each seller's part
 * on his balance; the call; T2 books the reversal or frees the reservation. Policy: a refund that a seller's balance
 * does not hold is refused (409 insufficient_funds), waits (flow/payment/refund_queue.h), or brings it below zero, as
 * was agreed.
 */
#pragma once

#include "paysrv/domain/payment/refund.h"
#include "paysrv/flow/payment/charge.h"

struct refund_order {
    const struct payment_find_row *payment;
    str route, key;
    digest fingerprint;
    int64_t wanted_minor; /* 0: all that is left */
    str external_id;      /* what the partner calls it; absent: nothing */
    str reason;           /* absent: none */
    str reason_code;      /* the same */
    str by, initiator;    /* "partner", "user" or "system"; the client or the user */
    struct refund_fees fees;
    bool is_late_too;                 /* not asked for by anybody: no window, and it waits for no funds */
    str queued;                       /* the refund as which it waited for funds; absent: it is new */
    const int64_t *version;           /* of the payment, with which it is still the right amount; NULL: any */
    const struct json_value *receipt; /* which positions it is of (domain/receipt.h); NULL: not said */
};

/* Answers 200, 202 (also of one that waits for funds) or 402, or what was stored. */
MUST_USE err refund_run(struct task *t, const struct refund_order *order, struct answer *ret);

struct refund_result {
    const struct call_find_row *call;
    const struct refund_find_row *refund; /* NULL: is read */
    const struct acquirer_said *said;
    struct acquirer_note note;
};
MUST_USE err refund_settle(struct task *t, const struct refund_result *in, struct answer *ret, bool *applied);

struct acquirer_ask refund_ask(const struct call_find_row *call, str charge_ref);
