/*
 * What an accountant takes into his books: the lines of an entry, and a trial balance, whose debits are its credits in
 * each currency. Amounts of lines are debit positive. A partner sees the books without the operator's side of them:
 * where the money is (at the acquirer, on its way, at the bank), what the acquirer keeps and what waits for somebody's
 * word is one account, clearing, in each entry as its sum.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "shared/base/array.h"
#include "shared/base/str.h"

#define JOURNAL_CLEARING STR("clearing")
#define TRIAL_CURRENCIES_MAX 200

struct journal_line {
    str account, user, currency;
    int64_t amount_minor;
};

/* The kinds of accounts that are clearing to a partner. */
str_array journal_clearing_kinds(void);
bool journal_is_clearing(str kind);
/* What a partner's outputs call it: a seller's account of nobody is what the partner itself sells. */
str journal_account_of_partner(str kind, str user);
/* And which kind of account that is in the books. */
str journal_kind_of_account(str account);
/* In place, as its partner sees an entry; *n 0: there is nothing of his in it. false: it does not fit a number. */
bool journal_lines_of_partner(struct journal_line *lines, size_t *n);

/* opening_minor is debit positive. */
struct trial_account {
    str account, user, currency;
    int64_t opening_minor, debits_minor, credits_minor;
};

/* false: it does not fit a number. */
bool trial_closing(const struct trial_account *a, int64_t *ret);
bool trial_is_empty(const struct trial_account *a);

/* Each side is a sum of its own. */
struct trial_sums {
    char currency[3];
    int64_t opening_debit_minor, opening_credit_minor, debits_minor, credits_minor, closing_debit_minor,
        closing_credit_minor;
};

struct trial_totals {
    struct trial_sums items[TRIAL_CURRENCIES_MAX];
    size_t n;
};

/* false: it does not fit. */
bool trial_totals_add(struct trial_totals *totals, const struct trial_account *a);
bool trial_totals_are_even(const struct trial_totals *totals);
