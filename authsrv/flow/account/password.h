/* Passwords of accounts: proving one, choosing another, and getting back in with a mailed code. */
#pragma once

#include "authsrv/domain/client/client.h"
#include "authsrv/flow/session/session.h"

enum password_verdict {
    PASSWORD_GOOD = 1,
    PASSWORD_WRONG,
    PASSWORD_EXPIRED /* right, but an operator wants another */
};
/*
 * Same work for known, unknown and disabled accounts. *who is set only when good; then a hash made with other
 * parameters than those of today is replaced.
 */
MUST_USE err password_sign_in(struct task *t, str login, str password, enum password_verdict *verdict,
                              struct proven *who);
/* The same of an account that is known; also PASSWORD_WRONG when it has none. */
MUST_USE err password_prove(struct task *t, user_id user, str password, enum password_verdict *verdict);

/* Judges a new password: *problem is a sentence for the person, absent when it will do. */
MUST_USE err password_examine(struct task *t, str password, str login, str *problem);
/* Keeps it. by: the session that chose it, the only one that goes on; the person is told by mail. */
MUST_USE err password_set(struct task *t, const struct session *by, str password, str action);

/* ---- forgotten ---- */

/*
 * Mails a code to the account of that log-in name, if there is one; the answer is the same for all. The code works
 * once, for ten minutes, in this browser, together with *ticket. On the way to an application (NULL: none) the mail
 * looks as its pages do.
 */
MUST_USE err reset_begin(struct task *t, digest browser, str login, const struct client *client, str *ticket);
struct reset {
    digest browser;
    str ticket, code, password;
};
enum reset_verdict { RESET_DONE = 1, RESET_WRONG_CODE, RESET_BAD_PASSWORD };
/* The password is judged first, so that a bad one costs no attempt. *problem: as password_examine. The same once more
 * is answered as the first time. */
MUST_USE err reset_finish(struct task *t, const struct reset *r, enum reset_verdict *verdict, str *problem);
