/*
 * Verification of payee: when a requisite of the bank becomes usable the bank is asked, by a job, whether it knows the
 * holder by that name (domain/verification.h). Until it has said so nothing is sent there, and after it has said that
 * it is somebody else until the owner, with a mailed code, or an operator agrees.
 */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/flow/confirmation/confirmation.h"
#include "paysrv/flow/once.h"
#include "paysrv/store/requisite.rows.h"
#include "paysrv/store/user.rows.h"
#include "shared/base/task.h"

/* In the transaction that makes it usable. Nothing of cards and wallets, and where no bank can be asked. The test bank,
 * which is none that could be slow, has answered then. */
MUST_USE err payee_verify_later(struct task *t, partner_id partner, struct requisite_find_row *row);
/* After its own event in that transaction: the event of an answer that is there already. */
MUST_USE err payee_tell(struct task *t, partner_id partner, const struct requisite_find_row *row);
/* The job. */
MUST_USE err verifications_run(struct task *t);

/* The owner is mailed a code, if requisites need one. NOT_FOUND; REQUISITE_STATE: the bank has not said another name.
 */
MUST_USE err payee_accept(struct task *t, const struct caller *c, const struct user_find_row *user, str requisite,
                          const struct once *once, struct answer *ret);
/* An operator knows better, or does not wait any longer. NOT_FOUND; REQUISITE_STATE: nothing holds it. The
 * same again is the same answer. */
MUST_USE err payee_release(struct task *t, str requisite, str by, str note);

/* Of an acceptance that waits for its owner (flow/confirmation/confirmation.h). */
MUST_USE err payee_lines(struct task *t, const struct confirmation_of *of, struct confirmation_lines *ret);
MUST_USE err payee_confirmed(struct task *t, const struct confirmation_of *of);
MUST_USE err payee_dropped(struct task *t, const struct confirmation_of *of, str why);
