/* Stored split profiles: from rows to rules, and what a partner's profile may be. */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/domain/stores/split.h"
#include "paysrv/store/partner.rows.h"
#include "paysrv/store/payment.rows.h"
#include "paysrv/store/split.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

/* The rules under which a payment was made. */
MUST_USE err split_of_payment(struct task *t, const struct payment_find_row *payment, struct split_profile *ret);
/* Rules as they are stored. */
MUST_USE err split_of_text(struct task *t, str rules, struct split_profile *ret);

/*
 * A profile that new payments and stores in a currency may use: of this partner, open, and in no other currency.
 * Unknown, foreign and archived ones are refused alike, naming `param`.
 */
MUST_USE err split_usable(struct task *t, partner_id partner, str split_profile, str currency, const char *param,
                          const struct split_profile_find_row **ret);

/* A store's own user is its seller, and cannot be another user of its split. */
MUST_USE err split_seller_check(struct task *t, const struct split_profile *profile, str seller, const char *param);

/*
 * Rules as a caller gave them. first: index of the first of them that is his own (those before were added), or
 * SPLIT_RULES_MAX when he did not give them one by one. led: the place in which he gave the one that is now the first.
 */
struct split_draft {
    const char *param; /* the field that holds them, for errors */
    str currency;      /* of their amounts; absent: there may be none */
    struct split_profile profile;
    size_t first, led;
};
/*
 * Adds what may be left out: the platform's rule, as its terms with this partner are, and the seller's rest. The
 * platform's is served first, so that no part of a payment is too small for it because of the others (decision 0036).
 */
MUST_USE err split_complete(struct task *t, partner_id partner, struct split_draft *draft);
/* Whether they give the platform what its terms with this partner are now, and nobody before it what they do not. */
MUST_USE err split_terms_check(struct task *t, partner_id partner, const struct split_draft *draft);
/* Whether they are a profile, reach the platform's terms, and name users of this partner. */
MUST_USE err split_check(struct task *t, partner_id partner, const struct split_draft *draft);
/* STORE_STATE, naming `split`, when one of them has left: nothing is paid that gives to him. */
MUST_USE err split_users_are_there(struct task *t, partner_id partner, const str_array *users);
/* Keeps rules that came with a payment; *id is the same for the same rules. */
MUST_USE err split_keep(struct task *t, partner_id partner, const struct split_draft *draft, str *id);

/*
 * Of rules that a payment was made by: keeps them with the platform's served first, if they let others take before it
 * what its terms do not. *id absent: they do not, and stay as they are.
 */
MUST_USE err split_in_turn(struct task *t, partner_id partner, struct split_draft *draft, str *id);

/* Opens the accounts that the users of a profile need in a currency. */
MUST_USE err split_accounts_open(struct task *t, partner_id partner, const struct split_profile *profile, str currency);

/*
 * Putting a profile away, and making it that of a partner's new stores (absent: none). Transactions of one statement:
 * they and those that give it to a store are serializable, so that nothing sells by what is put away (decision 0104).
 * !*done: it is in use, or there is no such open one.
 */
MUST_USE err split_archive(struct task *t, partner_id partner, str split_profile, bool *done);
MUST_USE err split_default(struct task *t, partner_id partner, str split_profile, bool *done);

void split_profile_write(struct json *j, const struct split_profile_find_row *row, const struct split_profile *profile);
