/*
 * Payouts that go out by one call of a connector each (docs/decisions/0059-payout-rails.md): to a card, to a wallet. A
 * payout counts as sent, and says so, before the call is made, under its own name, which is the key for ever. What came
 * of it is booked by whoever learns it: the job that calls, the reconciler (call.h), the acquirer's message.
 */
#pragma once

#include "paysrv/flow/payment/charge.h"

/* The job: those that are confirmed. */
MUST_USE err payouts_send(struct task *t);
/* What was asked under the key of this row. */
struct acquirer_ask payout_call_ask(const struct call_find_row *call);
/* T2 of what was said of it: paid, rejected with the money available again, returned, or held as unknown. */
MUST_USE err payout_settle(struct task *t, const struct call_result *in, bool *applied);
