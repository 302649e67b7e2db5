/*
 * How many codes are mailed in an hour: for one user, and to one address, where several users may have the same. Of
 * payouts, lists, schedules and confirmations together.
 */
#pragma once

#include "paysrv/store/newtypes.h"
#include "paysrv/store/payout.rows.h"
#include "shared/base/task.h"

struct code_ask {
    partner_id partner;
    user_id user;
    str recipient; /* absent: nobody can be mailed, which is found out elsewhere */
    bool is_confirmation;
    bool is_hidden; /* who asks is not to learn whose address it is */
};

/* TOO_MANY_REQUESTS; of what is hidden nothing is said, the mailbox is spared (*is_spared). *recent: the user's codes
 * of the hour. */
MUST_USE err codes_judge(struct task *t, const struct code_ask *ask, bool *is_spared,
                         const struct payout_recent_row **recent);
