/*
 * What becomes of a reversal that the acquirer refused (docs/decisions/0096): it is asked for again, later and later,
 * as the reasons of most refusals pass (the merchant's balance there is empty, the buyer's bank has a bad day); in the
 * end, or at once where no time helps, it is a person's.
 */
#pragma once

#include "paysrv/domain/payment/payment.h"

/* n_refused: how often it was, this time included. false: a person's. *delay: until it is asked for again. */
bool reversal_again(int64_t n_refused, str decline_code, duration *delay);

/* "refund" or "void", of a reversal's operation. */
str reversal_kind(str op);

/*
 * How a person ends one: where the money went that came too late. BOOKED: nothing is left to book, as an authorisation
 * never was money, or another entry has taken it out of suspense.
 */
#define REVERSAL_ENDS(X)                                                                                               \
    X(ACQUIRER, "acquirer", "acquirer_receivable")                                                                     \
    X(BANK, "bank", "bank")                                                                                            \
    X(PLATFORM, "platform", "platform")                                                                                \
    X(BOOKED, "booked", "")

#define REVERSAL_END_ROW(name, text, account) REVERSAL_##name,
enum reversal_end { REVERSAL_ENDS(REVERSAL_END_ROW) REVERSAL_END_COUNT };
#undef REVERSAL_END_ROW

str reversal_end_name(enum reversal_end end);
bool reversal_end_parse(str name, enum reversal_end *ret);
/* Of a void, which moved no money, there is nothing to book. */
bool reversal_may_end(enum call_op op, enum reversal_end end);
/* The account that is credited for suspense; empty: none. */
str reversal_end_account(enum reversal_end end);
