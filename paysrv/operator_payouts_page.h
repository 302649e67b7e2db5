/*
 * The page /operator/payouts: what waits for operators, accounts that are held, and all payouts; and the same after one
 * of its forms was refused, with what was typed.
 */
#pragma once

#include "paysrv/operator_page.h"
#include "paysrv/store/approval.rows.h"
#include "paysrv/store/payout.rows.h"
#include "shared/http/endpoint.h"
#include "web/operator/pages.h"

struct payouts_refused {
    struct operator_refusal said;
    str id; /* of the payout or the account that it is about */
    str note;
    bool is_shown; /* out: beside that; else above all */
};

/* Where its two lists go on. */
struct payouts_wish {
    str before, waiting;
};

/* wish NULL: both begin. refused NULL: none. */
MUST_USE err operator_payouts_show(struct task *t, const struct operator_session *who, const struct payouts_wish *wish,
                                   struct payouts_refused *refused, struct response *rs);
/* What waits, with the form of each that who may decide on. */
MUST_USE err operator_waiting_rows(struct task *t, const struct operator_session *who,
                                   const struct payout_awaiting_row *rows, size_t n, struct payouts_refused *refused,
                                   const struct operator_waiting_row **ret);
const struct operator_payout_row *operator_payout_rows(struct task *t, const struct payout_of_any_partner_row *rows,
                                                       size_t n);
