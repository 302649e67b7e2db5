/*
 * Operations that wait for their owner: he is mailed what is to be done and a code, types the code into the partner's
 * page, and it is done in the transaction that uses the code up. One mechanism with payouts: the code, its guesses,
 * resends and limits are those of flow/payout/payout_code.h, under the same table.
 *
 * Another operation joins with
 *   - its word in CONFIRMATION_OPERATIONS (domain/confirmation.h) and in the table's check (migration 0027);
 *   - one row in `kinds` (confirmation_kinds.c): the sentence that its mail begins with, a function that says what the
 *     owner agrees to (`lines`: hashed, mailed and shown), what is done when he does (`effect`), and what becomes of
 *     the object when he does not (`drop`);
 *   - a call of confirmation_begin() in the transaction that makes the object, if confirmation_is_needed(); the
 *     request is answered 202 with the object and `confirmation`.
 */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/domain/confirmation/confirmation.h"
#include "paysrv/flow/once.h"
#include "paysrv/store/confirmation.rows.h"
#include "paysrv/store/user.rows.h"
#include "shared/base/task.h"
#include "web/text.h"

#define CONFIRMATION_LINES 8

struct confirmation_lines {
    struct confirmation_line items[CONFIRMATION_LINES];
    enum text_key words[CONFIRMATION_LINES]; /* what the mail calls each */
    size_t n;
    partner_id partner; /* who reads the mail, when he is not the user of the confirmation */
    user_id user;
    str address; /* where he reads his mail now; absent: where the user of the confirmation was asked */
};
/* bound: see domain/confirmation.h. An absent value is left out. */
void confirmation_line_add(struct confirmation_lines *lines, const char *name, enum text_key word, str value,
                           str bound);

/*
 * Of a store connection the asking partner learns nothing before its owner agrees: neither where the code went, nor
 * that it went nowhere since there is no such store or the owner has had too many. Then it is written to an address
 * that cannot be, with the same statements, and the mail is taken back in the same transaction.
 */

/* What was confirmed, or was not. */
struct confirmation_of {
    partner_id partner;
    user_id user;
    str object;
    str recipient;
    const struct caller *caller; /* NULL: nobody's, as when it expires */
};

struct confirmation_kind {
    enum text_key title; /* the mail's subject */
    /* Of what is stored now. FAIL: there is nothing that could be confirmed any more. */
    err (*lines)(struct task *t, const struct confirmation_of *of, struct confirmation_lines *ret);
    /* SQL only. A failure undoes it all: the code is as it was, but for the guess. */
    err (*effect)(struct task *t, const struct confirmation_of *of);
    /* why: "canceled", "expired" or a reason (undeliverable.h) */
    err (*drop)(struct task *t, const struct confirmation_of *of, str why);
};
const struct confirmation_kind *confirmation_kind_of(enum confirmation_operation operation);
const struct confirmation_kind *confirmation_kind_in(const struct confirmation_find_row *row);
/* Who owns the store has another address since its code was mailed, or got one while it was asked for. */
bool confirmation_is_elsewhere(const struct confirmation_find_row *row, const struct confirmation_lines *lines);

/* The partner's users have to confirm this. */
MUST_USE err confirmation_is_needed(struct task *t, partner_id partner, enum confirmation_operation operation,
                                    bool *ret);

struct confirmation_order {
    enum confirmation_operation operation;
    const struct user_find_row *user; /* whose it is */
    str object;
    str recipient; /* absent: the user's address; of what is hidden (below): nobody's */
};
/*
 * In the transaction that made the object: the confirmation, its code, the mail, the event. *document is what the API
 * shows of it. NO_VERIFIED_EMAIL, TOO_MANY_REQUESTS. The caller wakes the mails (mail_wake) after the commit.
 */
MUST_USE err confirmation_begin(struct task *t, const struct caller *c, const struct confirmation_order *order,
                                str *document);

/* The document of an object with its confirmation in it: {...,"confirmation":{...}} */
str confirmation_join(struct task *t, str object_document, str confirmation_document);

MUST_USE err confirmations_find(struct task *t, const struct caller *c, str id,
                                const struct confirmation_find_row **ret);
MUST_USE err confirmations_confirm(struct task *t, const struct caller *c, str id, str typed, const struct once *once,
                                   struct answer *ret);
MUST_USE err confirmations_resend(struct task *t, const struct caller *c, str id, const struct once *once,
                                  struct answer *ret);
MUST_USE err confirmations_cancel(struct task *t, const struct caller *c, str id, const struct once *once,
                                  struct answer *ret);
/* All that wait for this user: "this was not me". */
MUST_USE err confirmations_cancel_waiting(struct task *t, partner_id partner, user_id user);
/* Before it was confirmed, in a transaction. */
MUST_USE err confirmation_fail(struct task *t, partner_id partner, str id, str reason);
/* The job. */
MUST_USE err confirmations_expire(struct task *t);
