/* See payout_booking.h. */
#include "paysrv/flow/payout/payout_booking.h"

#include "paysrv/domain/payout/payout.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payout/payout_fee.h"
#include "paysrv/flow/payout/payout_object.h"
#include "paysrv/flow/payout/screening.h"
#include "paysrv/store/payout_watch.sql.h"
#include "shared/crypto/crypto.h"

err payout_booking_make(struct task *t, partner_id partner, const struct payout_find_row *payout,
                        struct payout_booking *ret)
{
    *ret = (struct payout_booking){ .limits = { partner, payout->user_id, payout->currency, payout->amount } };
    ret->fee_minor = payout->fee;
    ret->requisite = payout->requisite_id;
    ret->args = (struct payout_confirm_args){
        .payout = payout->payout_id,
        .partner = partner,
        .event = { random_id(t->arena, "evt_") },
    };
    TRY(limits_find(t, &ret->limits, &ret->found));
    return payout_booking_look(t, payout, ret);
}

err payout_booking_look(struct task *t, const struct payout_find_row *payout, struct payout_booking *b)
{
    TRY(payout_looks_of(t, b->args.partner, payout, &b->why));
    TRY(limits_need_approval(t, &b->limits, &b->found, &b->why.has[APPROVAL_AMOUNT]));
    b->args.reasons = approval_reasons_list(t->arena, &b->why);
    struct payout_find_row confirmed = *payout;
    confirmed.status = payout_state_name(b->args.reasons.n > 0 ? PAYOUT_AWAITING_APPROVAL : PAYOUT_CONFIRMED);
    confirmed.confirmed_at = t->now;
    confirmed.confirmed_at_given = true;
    b->args.status = confirmed.status;
    b->args.body = payout_document(t, &confirmed);
    return OK;
}

err payout_booking_take(struct task *t, struct payout_booking *b)
{
    b->row = NULL;
    TRY(limits_take(t, &b->limits, &b->found));
    TRY(payout_fee_charge(t, b->args.payout, b->fee_minor, b->limits.currency));
    TRY(payout_confirm(t, &b->args, &b->row));
    int64_t affected;
    if (!b->why.has[APPROVAL_SCREENING] || !b->row->is_confirmed)
        return OK;
    return screening_insert(t, b->args.payout, b->args.partner, b->requisite, approval_is_operators(&b->why),
                            &affected);
}

void payout_booking_count(struct task *t, const struct payout_booking *b)
{
    bool waits = str_eq(b->args.status, payout_state_name(PAYOUT_AWAITING_APPROVAL));
    pay_metrics_payout(t, waits ? STEP_AWAITING : STEP_CONFIRMED);
}
