/* A confirmation code on its way: made, bound to its payout or list, put into a mail. The digits leave only in the
 * mail. */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/store/payout.rows.h"
#include "paysrv/store/payout_schedule.rows.h"
#include "paysrv/store/user.rows.h"
#include "shared/base/task.h"

struct issued_code {
    digest code_key;
    digest mac;
    digest bind_hash;
    struct mail_draft mail;
};

/* A new code for what is hashed, and the id of its mail; its digits are for the mail, and nowhere else. */
str code_draw(struct task *t, digest bind, struct issued_code *ret);
MUST_USE err code_partner_name(struct task *t, partner_id partner, str *ret);
/* Where the mail says that it is to be typed. */
struct code_place {
    str partner_name;
    bool is_sealed; /* not in the partner's pages */
    str url;        /* code_link.h */
};
MUST_USE err code_place_of(struct task *t, partner_id partner, const struct issued_code *code, struct code_place *ret);
/* How long a code lives. */
int64_t code_minutes(struct task *t);

/* The owner's address is the user's; NO_VERIFIED_EMAIL when there is none. */
MUST_USE err code_issue(struct task *t, const struct caller *c, const struct user_find_row *user,
                        const struct payout_find_row *payout, struct issued_code *ret);
struct listed_payouts {
    str id, label;
    const struct payout_find_row *payouts;
    size_t n;
    str totals_text; /* per currency, in the owner's language */
};
/* One code for all of it. */
MUST_USE err code_issue_list(struct task *t, const struct caller *c, const struct user_find_row *user,
                             const struct listed_payouts *list, struct issued_code *ret);
MUST_USE err code_issue_schedule(struct task *t, const struct caller *c, const struct user_find_row *user,
                                 const struct payout_schedule_find_row *s, struct issued_code *ret);
/* What a code is bound to. */
digest payout_bind(struct task *t, const struct payout_find_row *payout);
digest payout_list_bind(struct task *t, str list, const struct payout_find_row *payouts, size_t n);
struct code_question {
    str subject;       /* what the code is for */
    digest bind;       /* what it is bound to, as it is now */
    int attempts_left; /* when this guess is none: not 8 digits */
    str typed;
    /* The event of the wrong guess after which no other counts, and what it tells. That it is told is not sure: it
     * cannot be in the transaction that counts the guess, which has to be over before the code is compared. */
    const char *failed;
    str failed_body;
};
/* Counts the guess and compares; CODE_REFUSED. */
MUST_USE err code_check(struct task *t, const struct caller *c, const struct code_question *question,
                        const struct code_attempt_row **ret);
/* A right code that was not used because of why: while the database has no time for it, that was no guess. Gives why.
 */
MUST_USE err code_lost(struct task *t, const struct code_attempt_row *code, err why);
/* Of what waits for a code, to say why no other is sent. */
struct code_waiting {
    bool is_waiting;
    instant expires_at, coded_at;
    int attempts_left, resends;
};
MUST_USE err code_resend_refuse(struct task *t, const struct code_waiting *w);
/* CODE_REFUSED for every kind of wrong code. */
struct failure *code_refuse(struct task *t, int attempts_left, const char *why);
