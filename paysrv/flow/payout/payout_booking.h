/* The step in which a payout's money is held: limits are counted, the balance is taken, the entry is made. */
#pragma once

#include "paysrv/flow/payout/limits.h"
#include "paysrv/store/payout.sql.h"

struct payout_booking {
    struct limits_case limits;
    struct limits_found found;
    struct payout_confirm_args args; /* the caller adds the code and the key, where the payout has them by itself */
    int64_t fee_minor;               /* 0: none */
    struct approval_reasons why;     /* it waits, if any: for who is asked about its payee first, for operators */
    requisite_id requisite;
    const struct payout_confirm_row *row;
};

MUST_USE err payout_booking_make(struct task *t, partner_id partner, const struct payout_find_row *payout,
                                 struct payout_booking *ret);
/* Who looks at it first, and so what it becomes; as often as it is asked. */
MUST_USE err payout_booking_look(struct task *t, const struct payout_find_row *payout, struct payout_booking *b);
/* In a transaction when something is counted, or there is a fee or a payee to be asked about. b->row says whether it
 * is confirmed, and if not, why. */
MUST_USE err payout_booking_take(struct task *t, struct payout_booking *b);
/* For the metrics, after the commit. */
void payout_booking_count(struct task *t, const struct payout_booking *b);
