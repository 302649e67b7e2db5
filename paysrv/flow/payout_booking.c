/* See payout_booking.h. */
#include "paysrv/flow/payout_booking.h"

#include "paysrv/domain/payout.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payout_fee.h"
#include "paysrv/flow/payout_object.h"
#include "shared/crypto/crypto.h"

err payout_booking_make(struct task *t, partner_id partner, const struct payout_find_row *payout,
                        struct payout_booking *ret)
{
    *ret = (struct payout_booking){ .limits = { partner, payout->user_id, payout->currency, payout->amount } };
    ret->fee_minor = payout->fee;
    TRY(limits_find(t, &ret->limits, &ret->found));
    bool waits = limits_need_approval(&ret->limits, &ret->found);
    struct payout_find_row confirmed = *payout;
    confirmed.status = payout_state_name(waits ? PAYOUT_AWAITING_APPROVAL : PAYOUT_CONFIRMED);
    confirmed.confirmed_at = t->now;
    confirmed.confirmed_at_given = true;
    ret->args = (struct payout_confirm_args){
        .payout = payout->payout_id,
        .partner = partner,
        .status = confirmed.status,
        .event = { random_id(t->arena, "evt_") },
        .body = payout_document(t, &confirmed),
    };
    return OK;
}

err payout_booking_take(struct task *t, struct payout_booking *b)
{
    b->row = NULL;
    TRY(limits_take(t, &b->limits, &b->found));
    TRY(payout_fee_charge(t, b->args.payout, b->fee_minor, b->limits.currency));
    return payout_confirm(t, &b->args, &b->row);
}

void payout_booking_count(struct task *t, const struct payout_booking *b)
{
    bool waits = str_eq(b->args.status, payout_state_name(PAYOUT_AWAITING_APPROVAL));
    pay_metrics_payout(t, waits ? STEP_AWAITING : STEP_CONFIRMED);
}
