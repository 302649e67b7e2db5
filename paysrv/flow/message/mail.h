/*
 * The outbox of mails. A draft is written in the transaction of what it tells of, sealed, because it may hold a code;
 * the job sends it, retries, and forgets the content.
 */
#pragma once

#include "shared/base/bytes.h"
#include "shared/base/task.h"
#include "shared/text/html.h"
#include "web/text.h"

struct mail_draft {
    str id;
    str recipient;
    bytes content; /* sealed */
};

/* The columns of a row of table mail. Of a sandbox partner it says that it is a test, in the letter's language. */
struct mail_draft mail_draft_make(struct task *t, str recipient, enum language lang, struct letter letter);
/* The same under an id that was drawn before, because the letter itself leads to it. */
struct mail_draft mail_draft_named(struct task *t, str id, str recipient, enum language lang, struct letter letter);
struct mail;
/* What a draft says, and under which id: not to whom. False: it was sealed with another key. */
bool mail_open(struct task *t, bytes content, str id, struct mail *ret);
/* Wakes the job after the commit. */
void mail_wake(struct task *t);
/* The job. */
MUST_USE err mail_send_due(struct task *t);
