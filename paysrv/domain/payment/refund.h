/*
 * Whether a payment can give money back, how much, and from whose share (MONEY 6.A 3 and 5, SECURITY J 266-273).
 * A refund without an outcome blocks the next one of that payment: shares are cumulative, so their order is one.
 */
#pragma once

#include "paysrv/domain/ledger/posting.h"
#include "paysrv/domain/payment/payment.h"
#include "paysrv/domain/stores/split.h"

enum refund_verdict {
    REFUND_GOOD = 1,
    REFUND_NOT_PAID,  /* nothing was paid, or nothing captured yet */
    REFUND_OPEN,      /* another refund or a capture of it has no outcome yet */
    REFUND_TOO_LARGE, /* more than is left, or nothing is left */
};
const char *refund_verdict_name(enum refund_verdict verdict);

struct refund_basis {
    int64_t taken_minor; /* paid or captured until now */
    int64_t returned_minor;
    bool is_busy; /* a refund, a capture or a void has no outcome yet */
    const struct split_profile *split;
    int64_t platform_gave_minor, partner_gave_minor; /* of its share, in the refunds of before */
};

/* wanted_minor 0: all that is left. On REFUND_GOOD the amount and what each receiver gives of it, shares[split->n]. */
enum refund_verdict refund_judge(const struct refund_basis *basis, int64_t wanted_minor, int64_t *amount_minor,
                                 int64_t *shares);

/* Why, in a word that programs understand. */
#define REFUND_REASONS(X)                                                                                              \
    X(REQUESTED, "requested_by_customer")                                                                              \
    X(DUPLICATE, "duplicate")                                                                                          \
    X(FRAUDULENT, "fraudulent")                                                                                        \
    X(NOT_DELIVERED, "not_delivered")                                                                                  \
    X(DEFECTIVE, "defective")                                                                                          \
    X(OTHER, "other")
#define REFUND_REASONS_ALLOWED "must be requested_by_customer, duplicate, fraudulent, not_delivered, defective or other"
bool refund_reason_is_known(str code);

/* What of a fee goes back with one refund: as its rule says, nothing, or its part of it, though its rule keeps it. */
enum refund_fee { FEE_AGREED, FEE_KEPT, FEE_RETURNED };
struct refund_fees {
    enum refund_fee platform, partner;
};
/* "agreed", "keep", "return" */
str refund_fee_name(enum refund_fee fee);
bool refund_fee_parse(str name, enum refund_fee *ret);
/*
 * The shares of a refund of amount_minor (by refund_judge) with such fees: what is kept the rest bears, what is
 * returned it is spared, and that is never more than the refunds of before have left of it. A fee whose rule does not
 * keep it goes back by itself. The rules' own cumulative shares, and so those of later refunds, stay what they are.
 * false: the rest is nobody's who sells.
 */
bool refund_fees_apply(const struct refund_basis *basis, const struct refund_fees *fees, int64_t amount_minor,
                       int64_t *shares);

/* Who gave, or gets, what of a refund. */
struct refund_parts {
    struct shares shares;
    struct sellers sellers; /* in the order of the rules */
};

/* A refund that had succeeded, and whose money the acquirer has sent back. */
struct refund_return_basis {
    int64_t amount_minor;
    struct split_state at;           /* the payment now, this refund included */
    struct split_state began;        /* what its shares were computed from; nothing captured: not known */
    const struct refund_parts *gave; /* looked at when that is known */
    const struct split_profile *split;
    str seller;
};
/*
 * Who gets what of it: as the rules have it for the state without this refund, whichever came before or after it, so
 * that what is returned in the end is exact; and what fees of its own (refund_fees_apply) had moved moves back. false:
 * these are no shares of it.
 */
bool refund_return_plan(const struct refund_return_basis *basis, struct refund_parts *ret);
