/*
 * States of a payout and what may follow what: one table, read by the SQL's callers and by the tests.
 * awaiting_code -> confirmed (the queue for the bank) -> sent -> paid -> returned, as the bank says days later.
 * rejected: refused by the bank, or by operators (out of awaiting_approval). unknown: sent, and the bank's answer is
 * not there in time; it is never sent again under another name. failed: its account ended before it was sent.
 * canceled before sent; expired when the code was never typed.
 */
#pragma once

#include <stdbool.h>

#include "shared/base/str.h"

#define PAYOUT_STATES(X)                                                                                               \
    X(AWAITING_CODE, "awaiting_code")                                                                                  \
    X(AWAITING_APPROVAL, "awaiting_approval")                                                                          \
    X(CONFIRMED, "confirmed")                                                                                          \
    X(SENT, "sent")                                                                                                    \
    X(UNKNOWN, "unknown")                                                                                              \
    X(PAID, "paid")                                                                                                    \
    X(RETURNED, "returned")                                                                                            \
    X(REJECTED, "rejected")                                                                                            \
    X(FAILED, "failed")                                                                                                \
    X(CANCELED, "canceled")                                                                                            \
    X(EXPIRED, "expired")

#define PAYOUT_STATE_ROW(name, text) PAYOUT_##name,
enum payout_state { PAYOUT_STATES(PAYOUT_STATE_ROW) PAYOUT_STATE_COUNT };
#undef PAYOUT_STATE_ROW

str payout_state_name(enum payout_state state);
bool payout_state_parse(str name, enum payout_state *ret);
/* True when the state machine has that step. */
bool payout_may_become(enum payout_state from, enum payout_state to);

#define PAYOUT_MAX_MINOR 100000000000LL /* of one payout: 1 000 000 000.00 */
#define PAYOUT_RESEND_PAUSE_S 30
#define PAYOUT_RESENDS 3
#define PAYOUT_CODE_ATTEMPTS 5
