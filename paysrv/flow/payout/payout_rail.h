/*
 * Payouts that go out by one call of a connector each (docs/decisions/0059-payout-rails.md): to a card, to a wallet. A
 * payout counts as sent, and says so, before the call is made, under its own name, which is the key for ever. What came
 * of it is booked by whoever learns it: the job that calls, the reconciler (call.h), the acquirer's message.
 */
#pragma once

#include "paysrv/flow/payment/charge.h"

/* The job: those that are confirmed. */
MUST_USE err payouts_send(struct task *t);
/*
 * A person knows from the acquirer what nobody answers: paid, under its name there, or rejected. Only where nothing is
 * sent again by itself any more. It is an entry by hand (manual_entry.h). NOT_FOUND; PAYOUT_STATE.
 */
struct payout_finding {
    payout_id payout;
    bool is_paid;
    str acquirer_ref; /* of one that is paid */
    str reason, by;
    int64_t approved_minor; /* what another operator has approved; 0: none has */
    str waits;              /* set: nothing is booked, this manual entry waits for another operator */
};
MUST_USE err payout_resolve(struct task *t, struct payout_finding *finding);
MUST_USE err payout_resolve_in_tx(struct task *t, struct payout_finding *finding);
/* What was asked under the key of this row. */
struct acquirer_ask payout_call_ask(const struct call_find_row *call);
/* T2 of what was said of it: paid, rejected with the money available again, returned, or held as unknown. */
MUST_USE err payout_settle(struct task *t, const struct call_result *in, bool *applied);
