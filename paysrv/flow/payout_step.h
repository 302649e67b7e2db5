/*
 * Steps of a payout after it was confirmed: each is one statement with its entry, its event, the owner's mail, and the
 * bank's line that said so, if one did. *done false: the payout was not in a state for it, or the line is taken.
 */
#pragma once

#include "paysrv/domain/payout.h"
#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

MUST_USE err payout_step_pay(struct task *t, partner_id partner, payout_id payout, const int64_t *line, bool *done);
MUST_USE err payout_step_return(struct task *t, partner_id partner, payout_id payout, const int64_t *line, str reason,
                                bool *done);
MUST_USE err payout_step_lose_sight(struct task *t, partner_id partner, payout_id payout, bool *done);

struct payout_closing {
    enum payout_state to; /* canceled, rejected or failed */
    str reason;           /* absent: none */
    bool ends_requisite;
    const int64_t *line;
};

/* Closes it out of every state that the state machine allows; *body, if it is not NULL, is the document afterwards. */
MUST_USE err payout_step_close(struct task *t, partner_id partner, payout_id payout,
                               const struct payout_closing *closing, bool *done, str *body);
