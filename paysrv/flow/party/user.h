/*
 * A user's life: confirmed at the address that the partner gave, changed to another address, closed. Who pays in or is
 * paid out, and how he is asked, is elsewhere.
 */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/flow/confirmation/confirmation.h"
#include "paysrv/flow/once.h"
#include "paysrv/store/user.rows.h"
#include "shared/base/task.h"

/* One event of a user, with the user as he is now. */
MUST_USE err user_tell(struct task *t, partner_id partner, const struct user_find_row *user, const char *type);

/* A user whom the partner made (flow/confirmation/confirmation.h). */
MUST_USE err user_lines(struct task *t, const struct confirmation_of *of, struct confirmation_lines *ret);
MUST_USE err user_confirmed(struct task *t, const struct confirmation_of *of);
MUST_USE err user_dropped(struct task *t, const struct confirmation_of *of, str why);

/* The change of an address: codes go to the one that there is and to the new one, and both are typed. */
MUST_USE err email_change_request(struct task *t, const struct caller *c, const struct user_find_row *user, str email,
                                  const struct once *once, struct answer *ret);
MUST_USE err email_lines(struct task *t, const struct confirmation_of *of, struct confirmation_lines *ret);
MUST_USE err email_confirmed(struct task *t, const struct confirmation_of *of);
MUST_USE err email_dropped(struct task *t, const struct confirmation_of *of, str why);

/*
 * An address that its issuer has verified, or that the operator gives. Another one in the place of one ends the codes
 * that wait, makes payouts wait, and both are told. *user is what he is then. In a transaction.
 */
MUST_USE err user_email_give(struct task *t, partner_id partner, str email, bool is_verified,
                             struct user_find_row *user);

/* USER_STATE, naming what is still open. May be repeated. */
MUST_USE err users_close(struct task *t, const struct caller *c, const struct user_find_row *user,
                         const struct once *once, struct answer *ret);
/*
 * The job that looks again at who was closed: a payment, a return or a dispute of that moment is seen by nobody then,
 * as it does not see that he is closed (decision 0104). What it has brought is told as the anomaly user_owed.
 */
MUST_USE err users_look(struct task *t);
/* By the operator. USER_STATE: he is not closed, never came to be, or all that was kept of him is gone. */
MUST_USE err users_open_again(struct task *t, partner_id partner, const struct user_find_row *user);
