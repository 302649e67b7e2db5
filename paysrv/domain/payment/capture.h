/*
 * Whether an authorised payment can take money, how much, and who gets what of it (MONEY 6.A 3 and 12, SECURITY J 268);
 * and what canceling a payment means. Captures, refunds and the void of one payment are made one after the other:
 * shares are cumulative, and what is released must be known.
 */
#pragma once

#include "paysrv/domain/payment/payment.h"
#include "paysrv/domain/stores/split.h"

enum capture_verdict {
    CAPTURE_GOOD = 1,
    CAPTURE_NOT_AUTHORIZED, /* the payment does not wait for a capture */
    CAPTURE_OPEN,           /* a capture, a refund or the void of it has no outcome yet */
    CAPTURE_EXPIRED,        /* the authorisation is over */
    CAPTURE_TOO_LARGE,      /* more than is left of it */
};
const char *capture_verdict_name(enum capture_verdict verdict);

struct capture_basis {
    enum payment_status status;
    int64_t amount_minor, captured_minor, returned_minor;
    bool is_busy; /* a capture, a refund or a void has no outcome yet */
    instant authorized_until;
    const struct split_profile *split;
};

/* wanted_minor 0: all that is left. On CAPTURE_GOOD the amount and what each receiver gets of it, shares[split->n]. */
enum capture_verdict capture_judge(const struct capture_basis *basis, int64_t wanted_minor, instant now,
                                   int64_t *amount_minor, int64_t *shares);

/* What canceling a payment in this status takes. */
enum cancel_way {
    CANCEL_AT_ONCE = 1, /* nothing is asked of the acquirer */
    CANCEL_BY_VOID,     /* what is left of the authorisation is released */
    CANCEL_WAIT,        /* something of it has no outcome yet */
    CANCEL_NEVER,       /* it is over */
};
enum cancel_way cancel_judge(enum payment_status status, bool is_busy);

/* When the job looks at an authorisation first: the lead before its end, or at once. */
instant authorization_timer(instant until, duration lead, instant now);
