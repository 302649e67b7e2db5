/* Limits and shares of refunds. See refund.h. */
#include "paysrv/domain/refund.h"

const char *refund_verdict_name(enum refund_verdict verdict)
{
    switch (verdict) {
    case REFUND_GOOD:
        return "good";
    case REFUND_NOT_PAID:
        return "nothing of it is paid";
    case REFUND_OPEN:
        return "another refund, a capture or a void has no outcome yet";
    case REFUND_TOO_LARGE:
        return "more than is left";
    }
    return "unknown";
}

enum refund_verdict refund_judge(const struct refund_basis *basis, int64_t wanted_minor, int64_t *amount_minor,
                                 int64_t *shares)
{
    if (basis->taken_minor == 0)
        return REFUND_NOT_PAID;
    if (basis->is_busy)
        return REFUND_OPEN;
    int64_t left = basis->taken_minor - basis->returned_minor;
    int64_t amount = wanted_minor == 0 ? left : wanted_minor;
    const struct split_state before = { basis->taken_minor, basis->returned_minor };
    const struct split_state after = { basis->taken_minor, basis->returned_minor + amount };
    if (amount < 1 || amount > left || !split_step(basis->split, after, before, shares))
        return REFUND_TOO_LARGE;
    *amount_minor = amount;
    return REFUND_GOOD;
}
