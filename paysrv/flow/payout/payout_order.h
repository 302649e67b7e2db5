/*
 * What is asked for: whether this caller may ask for it now, and the payout as it would be. For a single payout, each
 * of a list, and those of a schedule.
 */
#pragma once

#include "paysrv/domain/access/caller.h"
#include "paysrv/domain/party/requisite.h"
#include "paysrv/store/payout.rows.h"
#include "paysrv/store/requisite.rows.h"
#include "paysrv/store/user.rows.h"
#include "shared/base/task.h"

struct payout_order {
    str user; /* absent with a user's token */
    str requisite;
    int64_t amount_minor;
    str currency;
    str external_id; /* what the partner calls it; absent: nothing */
};

/* A new id, and a label that none of these has, as long as there are others. */
str order_id_new(struct task *t, const char *prefix, const str_array *labels, str *label);
/* The requisite is the user's and can be used now; the currency can be paid out. */
MUST_USE err order_judge(struct task *t, const struct caller *c, const struct payout_order *order,
                         const struct user_find_row *user, const struct requisite_find_row **requisite);
/* ACQUIRER_REFUSES: there is no account of ours that pays to such accounts. */
MUST_USE err order_scheme(struct task *t, enum account_scheme scheme);
/* What may go out by this rail at once; the connector in use must be that of the requisite. bik: of a Russian account.
 */
MUST_USE err order_rail(struct task *t, str rail, str acquirer, str bik, const struct payout_cap **caps);
/* Not frozen, and not too many codes lately; *labels: those that the codes of the last hour named. */
MUST_USE err order_user_may(struct task *t, partner_id partner, const struct user_find_row *user, str_array *labels);
/* PAYOUTS_COOLING, AGREEMENT_NOT_ACCEPTED: what passes by itself, or by the user. */
MUST_USE err order_user_waits(struct task *t, partner_id partner, const struct user_find_row *user);
struct seller_balance {
    int64_t
        available_minor; /* to be paid out: without what is on its way or held back; may be below zero for a while */
    bool is_negative;    /* he owes: also with what is held back */
};
MUST_USE err order_balance(struct task *t, partner_id partner, user_id user, str currency, struct seller_balance *ret);
/* INSUFFICIENT_FUNDS; the balance is asked again when the money is taken. */
MUST_USE err order_is_covered(struct task *t, partner_id partner, user_id user, str currency, int64_t amount_minor);
/* Its label is none of these, as long as there are others. */
struct payout_find_row order_payout(struct task *t, const struct payout_order *order,
                                    const struct requisite_find_row *requisite, const str_array *labels);
