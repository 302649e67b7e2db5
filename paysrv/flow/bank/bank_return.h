/*
 * What came back of a payout or a refund and is another amount than the bank may keep a fee of (a break `amount`): on
 * an operator's word it is that transfer's return, and the platform bears what is missing. It is an entry by hand
 * (manual_entry.h) of all that had left.
 */
#pragma once

#include "paysrv/flow/settlement/settlement_book.h"

/*
 * In the transaction that holds the break's lock. What waits is r->waits, and nothing is booked then. BREAK_STATE: it
 * is no such break, the transfer has not left or has come back, or another message has booked it. INVALID_PARAMETER
 * (as): it is more than had left, or of another currency.
 */
MUST_USE err bank_return_by_hand(struct task *t, struct break_resolution *r);
