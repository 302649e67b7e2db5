/*
 * Steps of a payout after it was confirmed: each is one statement with its entry, its event, the owner's mail, and the
 * bank's line that said so, if one did, or the outcome of its call. *done false: the payout was not in a state for it,
 * or the line is taken.
 */
#pragma once

#include "paysrv/domain/payout/payout.h"
#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

#define PAYOUTS_PUT_OFF HOURS(1) /* those of a suspended partner, until somebody looks whether it is back */

/* Who says so: a line of the bank's, or the connector by its name of the payout. Neither: the operator, the test bank.
 */
struct payout_witness {
    const int64_t *line;
    int64_t kept_minor; /* what the bank kept of a return, which the platform bears */
    str acquirer, acquirer_ref;
};
MUST_USE err payout_step_pay(struct task *t, partner_id partner, payout_id payout, const struct payout_witness *by,
                             bool *done);
MUST_USE err payout_step_return(struct task *t, partner_id partner, payout_id payout, const struct payout_witness *by,
                                str reason, bool *done);
/* due: when the reconciler asks what became of it; NULL: it goes by the bank. */
MUST_USE err payout_step_lose_sight(struct task *t, partner_id partner, payout_id payout, const instant *due,
                                    bool *done);

struct payout_closing {
    enum payout_state to; /* canceled, rejected or failed */
    str from;             /* only out of this state; absent: out of every one that the state machine allows */
    str reason;           /* absent: none */
    bool ends_requisite;
    struct payout_witness by;
};

/* Closes it; *body, if it is not NULL, is the document afterwards. */
MUST_USE err payout_step_close(struct task *t, partner_id partner, payout_id payout,
                               const struct payout_closing *closing, bool *done, str *body);
