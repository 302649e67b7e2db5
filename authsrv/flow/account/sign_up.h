/* An account that a person opens by himself (setting self_registration): address, mailed code, password. */
#pragma once

#include "authsrv/domain/client/client.h"
#include "authsrv/flow/session/session.h"

/*
 * client: on the way to which. Mails a code to the address, or, when it has an account, a word about that; the answer
 * is the same. The code works once, for ten minutes, in this browser, together with *ticket. TOO_MANY_REQUESTS: the
 * address had enough mails.
 */
MUST_USE err sign_up_begin(struct task *t, const struct client *client, digest browser, str address, str name,
                           str *ticket);

struct sign_up {
    digest browser;
    str ticket, code, password;
};
enum sign_up_verdict { SIGN_UP_DONE = 1, SIGN_UP_WRONG_CODE, SIGN_UP_BAD_PASSWORD };
/* The password is judged first, so that a bad one costs no attempt. *problem: as password_examine. The same once more
 * is answered as the first time. */
MUST_USE err sign_up_finish(struct task *t, const struct sign_up *s, enum sign_up_verdict *verdict, str *problem,
                            struct proven *who);
