/*
 * Mails to people about their account. They are kept in the database, sealed, and sent by a job: nobody waits for the
 * mail server, and whoever asks for a mail cannot tell by the time whether there is anybody to get it.
 */
#pragma once

#include "authsrv/store/newtypes.h"
#include "shared/base/err.h"
#include "shared/base/task.h"
#include "shared/text/html.h"
#include "web/text.h"

/* user absent: nobody has that address; the same work, and nothing is sent. Not sent within life: never. */
MUST_USE err mail_keep(struct task *t, user_id user, struct letter letter, duration life);
/* To an address, whoever has it: of somebody who has no account yet, or who has to prove that it is his. */
MUST_USE err mail_keep_to(struct task *t, str address, struct letter letter, duration life);
/* What changed: a sentence, with a value for its hole, or in the form for a number that stands there. */
struct notice {
    enum text_key what;
    str value;
    bool counts;
    int64_t count;
};
/* Tells the person, in his language. */
MUST_USE err security_notice(struct task *t, user_id user, const struct notice *notice);
/* Wakes the job after mails were kept. */
void mails_wake(struct task *t);
/* The job. */
MUST_USE err mails_send(struct task *t);
