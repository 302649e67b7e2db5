/* A confirmation code on its way: made, bound to its payout, put into a mail. The digits leave only in the mail. */
#pragma once

#include "paysrv/domain/caller.h"
#include "paysrv/flow/mail.h"
#include "paysrv/store/payout.rows.h"
#include "paysrv/store/user.rows.h"
#include "shared/base/task.h"

struct issued_code {
    digest code_key;
    digest mac;
    digest bind_hash;
    struct mail_draft mail;
};

/* The owner's address is the user's; NO_VERIFIED_EMAIL when there is none. */
MUST_USE err code_issue(struct task *t, const struct caller *c, const struct user_find_row *user,
                        const struct payout_find_row *payout, struct issued_code *ret);
/* Compares in constant time; the guess has been counted before. */
bool code_matches(struct task *t, const struct payout_find_row *payout, const struct code_attempt_row *code,
                  str digits);
