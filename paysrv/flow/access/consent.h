/*
 * What users take back at the issuer (decision 0072): authsrv tells it by its feed, and what paysrv does by itself in
 * the name of that consent stops. It goes on when the user has come back and agreed again.
 */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/store/user.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_in.h"

/* The reason that schedules and payouts then have. */
#define CONSENT_WITHDRAWN STR("consent_withdrawn")

/* An entry of the feed that has a "withdrawal". Nothing, if it is known. */
MUST_USE err consent_withdrawal_note(struct task *t, const struct json_value *item);
/* Takes up what was noted: one that fails keeps no other waiting. */
MUST_USE err consent_withdrawals_apply(struct task *t);
/*
 * Before something standing is begun. CONSENT_IS_WITHDRAWN: he took it back, and this is not a token that he was given
 * later; with such a one he has come back.
 */
MUST_USE err consent_judge(struct task *t, const struct caller *c, const struct user_find_row *user);
