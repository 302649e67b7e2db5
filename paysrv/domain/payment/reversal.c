/* See reversal.h. */
#include "paysrv/domain/payment/reversal.h"

#include "paysrv/domain/acquirer/decline.h"

static const duration delays[] = { HOURS(1), HOURS(6), DAYS(1), DAYS(3) };
#define DELAYS ((int64_t)(sizeof delays / sizeof delays[0]))

/* Besides those of cards: there is nothing at the acquirer that could go back, or nowhere for it to go. */
static bool is_for_good(str decline_code)
{
    static const char *const codes[] = {
        "charge_not_succeeded", "charge_not_authorized",    "authorization_released", "amount_too_large",
        "amount_differs",       "charge_already_refunded",  "account_closed",         "amount_not_representable",
        "lost_or_stolen_card",  "expired_or_canceled_card", "charge_not_refundable",
    };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (str_eq(decline_code, str_of(codes[i])))
            return true;
    return decline_class_of(decline_code) == DECLINE_HARD;
}

bool reversal_again(int64_t n_refused, str decline_code, duration *delay)
{
    if (n_refused < 1 || n_refused > DELAYS || is_for_good(decline_code))
        return false;
    *delay = delays[n_refused - 1];
    return true;
}

str reversal_kind(str op)
{
    return str_eq(op, call_op_name(OP_LATE_VOID)) ? STR("void") : STR("refund");
}

static const struct {
    const char *name, *account;
} ends[] = {
#define REVERSAL_END_TEXT(name, text, account) { text, account },
    REVERSAL_ENDS(REVERSAL_END_TEXT)
};

str reversal_end_name(enum reversal_end end)
{
    return str_of(ends[end].name);
}

bool reversal_end_parse(str name, enum reversal_end *ret)
{
    for (unsigned i = 0; i < REVERSAL_END_COUNT; i++)
        if (str_eq(name, str_of(ends[i].name))) {
            *ret = (enum reversal_end)i;
            return true;
        }
    return false;
}

bool reversal_may_end(enum call_op op, enum reversal_end end)
{
    return op == OP_LATE_REFUND || (op == OP_LATE_VOID && end == REVERSAL_BOOKED);
}

str reversal_end_account(enum reversal_end end)
{
    return str_of(ends[end].account);
}
