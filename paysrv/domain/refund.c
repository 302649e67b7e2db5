/* Limits and shares of refunds. See refund.h. */
#include "paysrv/domain/refund.h"

#include "paysrv/domain/split.h"

const char *refund_verdict_name(enum refund_verdict verdict)
{
    switch (verdict) {
    case REFUND_GOOD:
        return "good";
    case REFUND_NOT_PAID:
        return "the payment has not succeeded";
    case REFUND_OPEN:
        return "another refund has no outcome yet";
    case REFUND_TOO_LARGE:
        return "more than is left";
    }
    return "unknown";
}

static bool profile(int32_t platform_bp, int32_t partner_bp, int32_t weights[3])
{
    if (platform_bp < 0 || partner_bp < 0 || platform_bp > SPLIT_BP || partner_bp > SPLIT_BP - platform_bp)
        return false;
    weights[0] = platform_bp;
    weights[1] = partner_bp;
    weights[2] = SPLIT_BP - platform_bp - partner_bp;
    return true;
}

bool shares_of(int64_t amount_minor, int32_t platform_bp, int32_t partner_bp, struct shares *ret)
{
    int32_t weights[3];
    int64_t parts[3];
    if (!profile(platform_bp, partner_bp, weights) || !split_allocate(amount_minor, weights, 3, parts))
        return false;
    *ret = (struct shares){ parts[0], parts[1], parts[2] };
    return true;
}

enum refund_verdict refund_judge(const struct refund_basis *basis, int64_t wanted_minor, int64_t *amount_minor,
                                 struct shares *shares)
{
    if (basis->status != PAYMENT_SUCCEEDED)
        return REFUND_NOT_PAID;
    if (basis->refunding_minor > 0)
        return REFUND_OPEN;
    int64_t left = basis->amount_minor - basis->refunded_minor;
    int64_t amount = wanted_minor == 0 ? left : wanted_minor;
    int32_t weights[3];
    int64_t parts[3];
    if (amount < 1 || amount > left || !profile(basis->platform_bp, basis->partner_bp, weights) ||
        !split_part(basis->amount_minor, weights, 3, basis->refunded_minor, amount, parts))
        return REFUND_TOO_LARGE;
    *amount_minor = amount;
    *shares = (struct shares){ parts[0], parts[1], parts[2] };
    return REFUND_GOOD;
}
