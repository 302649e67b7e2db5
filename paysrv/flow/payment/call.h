/*
 * Any operation at the acquirer, by what its row says that it is: for those who find a row and not a request, the
 * reconciler and the acquirer's messages.
 */
#pragma once

#include "paysrv/flow/payment/charge.h"

/* What was asked under the key of this row. */
MUST_USE err call_ask(struct task *t, const struct call_find_row *call, struct acquirer_ask *ret);
/* T2 or T2' of it. *applied is false when it had its outcome before, or has none now; another one is told a person. */
MUST_USE err call_settle(struct task *t, const struct call_result *in, bool *applied);
/* Whether its money was away, and is said to have come back since: no other outcome, but one more thing to book. */
bool call_comes_back(const struct call_find_row *call, const struct acquirer_said *said);
/* Whether what is said is another outcome than it has, or of another object there. */
bool call_is_against(const struct call_find_row *call, const struct acquirer_said *said);
/* For whoever has sent it: that the books cannot hold it does not mean that nothing has happened. */
MUST_USE err call_unbooked(struct task *t, err e);
/* T2': held as unknown until the acquirer says something final about our key. */
MUST_USE err call_hold_unknown(struct task *t, const struct call_result *in);
/* It was taken, and takes its time: what came of it is said later. */
MUST_USE err call_hold_waiting(struct task *t, const struct call_result *in);
/* When the reconciler asks for an operation that starts now. */
instant call_due(struct task *t);
