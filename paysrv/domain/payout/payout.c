/* The payout state machine. See payout.h. */
#include "paysrv/domain/payout/payout.h"

#define BIT(state) (1u << PAYOUT_##state)

static const unsigned followers[PAYOUT_STATE_COUNT] = {
    [PAYOUT_AWAITING_CODE] = BIT(AWAITING_APPROVAL) | BIT(CONFIRMED) | BIT(CANCELED) | BIT(EXPIRED),
    [PAYOUT_AWAITING_APPROVAL] = BIT(CONFIRMED) | BIT(REJECTED) | BIT(CANCELED),
    [PAYOUT_CONFIRMED] = BIT(SENT) | BIT(FAILED) | BIT(CANCELED),
    [PAYOUT_SENT] = BIT(PAID) | BIT(REJECTED) | BIT(UNKNOWN),
    [PAYOUT_UNKNOWN] = BIT(PAID) | BIT(REJECTED),
    [PAYOUT_PAID] = BIT(RETURNED),
    [PAYOUT_RETURNED] = 0,
    [PAYOUT_REJECTED] = 0,
    [PAYOUT_FAILED] = 0,
    [PAYOUT_CANCELED] = 0,
    [PAYOUT_EXPIRED] = 0,
};

#define NAME_ROW(name, text) [PAYOUT_##name] = text,
static const char *const names[PAYOUT_STATE_COUNT] = { PAYOUT_STATES(NAME_ROW) };

str payout_state_name(enum payout_state state)
{
    return str_of(names[state]);
}

bool payout_state_parse(str name, enum payout_state *ret)
{
    for (unsigned i = 0; i < PAYOUT_STATE_COUNT; i++)
        if (str_eq(name, str_of(names[i]))) {
            *ret = (enum payout_state)i;
            return true;
        }
    return false;
}

bool payout_may_become(enum payout_state from, enum payout_state to)
{
    return (followers[from] & (1u << to)) != 0;
}
