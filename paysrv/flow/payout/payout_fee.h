/*
 * Fees of payouts (domain/payout_fee.h): agreed with a partner, fixed with the request, taken in the transaction that
 * holds the payout, given back when it comes to nothing. Payouts of schedules have none: their owners agreed to no fee.
 */
#pragma once

#include "paysrv/store/payout.rows.h"
#include "shared/base/task.h"
#include "web/text.h"

/* What of a wanted amount would go out: what limits count. */
MUST_USE err payout_fee_net(struct task *t, partner_id partner, str currency, int64_t wanted_minor, int64_t *net_minor);
/* The payout as it was asked for, with its fee: in its amount (inside), and in what the code is bound to. */
MUST_USE err payout_fee_apply(struct task *t, partner_id partner, struct payout_find_row *payout);
/* What its seller's balance gives for it. */
static inline int64_t payout_total(const struct payout_find_row *payout)
{
    return payout->amount + payout->fee;
}
/* "100.00 EUR", "100.00 EUR (fee 1.50 EUR)" */
str payout_fee_text(struct task *t, enum language lang, const struct payout_find_row *payout);

/* In the transaction that holds it, before it: INSUFFICIENT_FUNDS. Nothing when it does not wait any more. */
MUST_USE err payout_fee_charge(struct task *t, payout_id payout, int64_t fee_minor, str currency);

/* Gives back those of payouts that came to nothing: a part of the job of holdbacks. */
MUST_USE err payout_fees_run(struct task *t);
