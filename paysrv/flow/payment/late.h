/*
 * What an attempt brings after it was given up (MONEY 6.A 11): another attempt won, the payment was canceled, or its
 * time was over. The buyer owes nothing for it, so it goes back by itself: an authorisation by a void, money by a
 * refund, each an operation of its own by the protocol of all others. Until then, money stands in the account
 * "suspense". What the acquirer refuses is asked for again, for some days (domain/payment/reversal.h), and is a
 * person's then (reversal.h).
 */
#pragma once

#include "paysrv/flow/payment/charge.h"

/* T2 of the attempt: its success is written down together with the intent to reverse it. */
MUST_USE err late_success_take(struct task *t, const struct call_result *in, bool *applied);
/* T2 of the reversal; of one that was refused, or came back after it had succeeded, it writes the next try's intent,
 * or tells a person. */
MUST_USE err late_settle(struct task *t, const struct call_result *in, bool *applied);
