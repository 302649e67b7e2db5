/*
 * Payouts by schedule: the owner agrees once, by a mailed code, to account, times and least amount; at each time what
 * is available then is paid out, within the limits. Terms never change: another schedule takes the place of the one in
 * force.
 */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/domain/payout/payout_schedule.h"
#include "paysrv/flow/once.h"
#include "shared/base/task.h"

struct schedule_order {
    str user; /* absent with a user's token */
    str requisite, currency, zone;
    struct payout_schedule when; /* without its zone */
    int64_t minimum_minor;
};

MUST_USE err schedules_request(struct task *t, const struct caller *c, const struct schedule_order *order,
                               const struct once *once, struct answer *ret);
MUST_USE err schedules_confirm(struct task *t, const struct caller *c, str schedule, str typed, const struct once *once,
                               struct answer *ret);
/* to: "active" (out of paused), "paused" or "ended". */
MUST_USE err schedules_set(struct task *t, const struct caller *c, str schedule, str to, const struct once *once,
                           struct answer *ret);
/*
 * In a transaction, without anybody's asking: before it was confirmed, and afterwards. PAYOUT_STATE.
 */
MUST_USE err schedule_end(struct task *t, partner_id partner, str schedule, str reason);
/* All of a user; with a currency: the one that is in force in it. */
MUST_USE err user_schedules_end(struct task *t, partner_id partner, user_id user, str currency, const char *reason);
/* To which nobody has agreed in time: in a transaction of its own. */
MUST_USE err schedule_expire(struct task *t, partner_id partner, str schedule);
MUST_USE err schedule_pause(struct task *t, partner_id partner, str schedule, str reason);
/* All that wait for a code of him who stops his payouts. */
MUST_USE err schedules_end_waiting(struct task *t, partner_id partner, user_id user);
/* With its last twenty times. */
MUST_USE err schedules_read(struct task *t, const struct caller *c, str schedule, str *document);
/* The job: once for each time of each schedule, however many servers there are and however late it is. */
MUST_USE err schedules_run(struct task *t);
