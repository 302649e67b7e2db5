/* See journal.h. */
#include "paysrv/domain/ledger/journal.h"

#include <string.h>

#include "shared/base/num.h"

str_array journal_clearing_kinds(void)
{
    static const str kinds[] = { STR("acquirer_receivable"), STR("settlement"), STR("acquirer_fee"), STR("bank"),
                                 STR("suspense") };
    return (str_array){ kinds, sizeof kinds / sizeof kinds[0] };
}

bool journal_is_clearing(str kind)
{
    str_array kinds = journal_clearing_kinds();
    for (size_t i = 0; i < kinds.n; i++)
        if (str_eq(kind, kinds.items[i]))
            return true;
    return false;
}

str journal_account_of_partner(str kind, str user)
{
    if (journal_is_clearing(kind))
        return JOURNAL_CLEARING;
    return str_eq(kind, STR("seller")) && !user.n ? STR("own_sales") : kind;
}

str journal_kind_of_account(str account)
{
    return str_eq(account, STR("own_sales")) ? STR("seller") : account;
}

/* The line of what was kept before that this one belongs to; NULL: it is the first of its kind. */
static struct journal_line *line_of(struct journal_line *lines, size_t n, str account, str currency)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(lines[i].account, account) && str_eq(lines[i].currency, currency))
            return &lines[i];
    return NULL;
}

static size_t without_zeros(struct journal_line *lines, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (lines[i].amount_minor)
            lines[kept++] = lines[i];
    return kept;
}

bool journal_lines_of_partner(struct journal_line *lines, size_t *n)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++) {
        struct journal_line line = lines[i];
        line.account = journal_account_of_partner(lines[i].account, lines[i].user);
        bool is_clearing = str_eq(line.account, JOURNAL_CLEARING);
        struct journal_line *same = is_clearing ? line_of(lines, kept, JOURNAL_CLEARING, line.currency) : NULL;
        if (is_clearing)
            line.user = STR("");
        if (!same)
            lines[kept++] = line;
        else if (!num_add(same->amount_minor, line.amount_minor, &same->amount_minor))
            return false;
    }
    *n = without_zeros(lines, kept);
    return true;
}

/* ---- the trial balance ---- */

bool trial_closing(const struct trial_account *a, int64_t *ret)
{
    int64_t moved;
    return num_sub(a->debits_minor, a->credits_minor, &moved) && num_add(a->opening_minor, moved, ret);
}

bool trial_is_empty(const struct trial_account *a)
{
    return !a->opening_minor && !a->debits_minor && !a->credits_minor;
}

static struct trial_sums *sums_of(struct trial_totals *totals, str currency)
{
    for (size_t i = 0; i < totals->n; i++)
        if (str_eq(currency, (str){ totals->items[i].currency, sizeof totals->items[i].currency }))
            return &totals->items[i];
    if (totals->n == TRIAL_CURRENCIES_MAX || currency.n != sizeof totals->items[0].currency)
        return NULL;
    struct trial_sums *sums = &totals->items[totals->n++];
    *sums = (struct trial_sums){ .debits_minor = 0 };
    memcpy(sums->currency, currency.p, currency.n);
    return sums;
}

static bool side_add(int64_t *debit, int64_t *credit, int64_t minor)
{
    return minor < 0 ? num_sub(*credit, minor, credit) : num_add(*debit, minor, debit);
}

bool trial_totals_add(struct trial_totals *totals, const struct trial_account *a)
{
    int64_t closing;
    struct trial_sums *s = sums_of(totals, a->currency);
    return s && trial_closing(a, &closing) &&
           side_add(&s->opening_debit_minor, &s->opening_credit_minor, a->opening_minor) &&
           num_add(s->debits_minor, a->debits_minor, &s->debits_minor) &&
           num_add(s->credits_minor, a->credits_minor, &s->credits_minor) &&
           side_add(&s->closing_debit_minor, &s->closing_credit_minor, closing);
}

bool trial_totals_are_even(const struct trial_totals *totals)
{
    for (size_t i = 0; i < totals->n; i++) {
        const struct trial_sums *s = &totals->items[i];
        if (s->opening_debit_minor != s->opening_credit_minor || s->debits_minor != s->credits_minor ||
            s->closing_debit_minor != s->closing_credit_minor)
            return false;
    }
    return true;
}
