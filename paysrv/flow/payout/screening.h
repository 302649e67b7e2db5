/*
 * The operator's own service is asked about a payee before the first money goes to him (domain/screening.h;
 * configuration screening_url). The payout waits in the state in which operators approve: allowed, it goes on; denied,
 * it is rejected; else two operators decide.
 */
#pragma once

#include "paysrv/domain/payout/payout_limit.h"
#include "paysrv/store/payout.rows.h"
#include "shared/base/task.h"

/* Whether it is asked first, and whether operators are: too many in an hour, or much to a new account. */
MUST_USE err payout_looks_of(struct task *t, partner_id partner, const struct payout_find_row *payout,
                             struct approval_reasons *ret);
/* The job. */
MUST_USE err screenings_run(struct task *t);
