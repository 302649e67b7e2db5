/* Limits and shares of captures; ways to cancel. See capture.h. */
#include "paysrv/domain/payment/capture.h"

const char *capture_verdict_name(enum capture_verdict verdict)
{
    switch (verdict) {
    case CAPTURE_GOOD:
        return "good";
    case CAPTURE_NOT_AUTHORIZED:
        return "the payment does not wait for a capture";
    case CAPTURE_OPEN:
        return "another capture, a refund or a void has no outcome yet";
    case CAPTURE_EXPIRED:
        return "the authorization has expired";
    case CAPTURE_TOO_LARGE:
        return "more than is left of the authorization";
    }
    return "unknown";
}

enum capture_verdict capture_judge(const struct capture_basis *basis, int64_t wanted_minor, instant now,
                                   int64_t *amount_minor, int64_t *shares)
{
    if (basis->status != PAYMENT_REQUIRES_CAPTURE)
        return CAPTURE_NOT_AUTHORIZED;
    if (basis->is_busy)
        return CAPTURE_OPEN;
    if (!instant_before(now, basis->authorized_until))
        return CAPTURE_EXPIRED;
    int64_t left = basis->amount_minor - basis->captured_minor;
    int64_t amount = wanted_minor == 0 ? left : wanted_minor;
    if (amount < 1 || amount > left)
        return CAPTURE_TOO_LARGE;
    const struct split_state before = { basis->captured_minor, basis->returned_minor };
    const struct split_state after = { basis->captured_minor + amount, basis->returned_minor };
    if (!split_step(basis->split, before, after, shares))
        return CAPTURE_TOO_LARGE;
    *amount_minor = amount;
    return CAPTURE_GOOD;
}

enum cancel_way cancel_judge(enum payment_status status, bool is_busy)
{
    switch (status) {
    case PAYMENT_REQUIRES_PAYMENT_METHOD:
    case PAYMENT_REQUIRES_ACTION:
        return CANCEL_AT_ONCE;
    case PAYMENT_PROCESSING:
        return CANCEL_WAIT;
    case PAYMENT_REQUIRES_CAPTURE:
        return is_busy ? CANCEL_WAIT : CANCEL_BY_VOID;
    case PAYMENT_SUCCEEDED:
    case PAYMENT_CANCELED:
    case PAYMENT_EXPIRED:
    case PAYMENT_STATUS_COUNT:
        break;
    }
    return CANCEL_NEVER;
}

instant authorization_timer(instant until, duration lead, instant now)
{
    instant warning = { until.us - lead.us };
    return instant_before(now, warning) ? warning : now;
}
