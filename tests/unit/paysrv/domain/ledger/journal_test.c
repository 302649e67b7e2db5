/* What a partner sees of an entry, and that a trial balance is even. */
#include "paysrv/domain/ledger/journal.h"

#include "tests/support/test.h"

#define LINE(kind, whose, amount)                                                                                      \
    {                                                                                                                  \
        STR(kind), STR(whose), STR("EUR"), amount                                                                      \
    }

TEST(journal_of_partner_has_one_account_for_where_the_money_is)
{
    struct journal_line lines[] = { LINE("seller", "usr_1", -900), LINE("acquirer_receivable", "stripe", 1000),
                                    LINE("platform", "", -70), LINE("acquirer_fee", "", -30) };
    size_t n = 4;
    CHECK(journal_lines_of_partner(lines, &n));
    CHECK_I64((int64_t)n, 3);
    CHECK_STR(lines[0].account, STR("seller"));
    CHECK_STR(lines[0].user, STR("usr_1"));
    CHECK_STR(lines[1].account, STR("clearing"));
    CHECK_STR(lines[1].user, STR(""));
    CHECK_I64(lines[1].amount_minor, 970);
    CHECK_STR(lines[2].account, STR("platform"));
}

TEST(journal_of_partner_has_nothing_of_a_settlement)
{
    struct journal_line lines[] = { LINE("settlement", "", 970), LINE("acquirer_fee", "", 30),
                                    LINE("acquirer_receivable", "", -1000) };
    size_t n = 3;
    CHECK(journal_lines_of_partner(lines, &n));
    CHECK_I64((int64_t)n, 0);
}

TEST(journal_of_partner_keeps_currencies_apart)
{
    struct journal_line lines[] = { LINE("bank", "", 5), { STR("suspense"), STR(""), STR("JPY"), -7 } };
    size_t n = 2;
    CHECK(journal_lines_of_partner(lines, &n));
    CHECK_I64((int64_t)n, 2);
    CHECK_I64(lines[0].amount_minor, 5);
    CHECK_I64(lines[1].amount_minor, -7);
}

TEST(journal_names_what_a_partner_sells_itself)
{
    CHECK_STR(journal_account_of_partner(STR("seller"), STR("")), STR("own_sales"));
    CHECK_STR(journal_account_of_partner(STR("seller"), STR("usr_1")), STR("seller"));
    CHECK_STR(journal_account_of_partner(STR("disputed"), STR("")), STR("disputed"));
}

TEST(journal_that_does_not_fit_is_none)
{
    struct journal_line lines[] = { LINE("bank", "", INT64_MAX), LINE("settlement", "", 1) };
    size_t n = 2;
    CHECK(!journal_lines_of_partner(lines, &n));
}

TEST(trial_balance_is_even_or_none)
{
    static struct trial_totals totals;
    const struct trial_account a = { STR("bank"), STR(""), STR("EUR"), 100, 50, 20 },
                               b = { STR("seller"), STR(""), STR("EUR"), -100, 20, 50 },
                               c = { STR("bank"), STR(""), STR("JPY"), 0, 1, 0 };
    int64_t closing;
    CHECK(trial_closing(&a, &closing));
    CHECK_I64(closing, 130);
    CHECK(trial_totals_add(&totals, &a));
    CHECK(!trial_totals_are_even(&totals));
    CHECK(trial_totals_add(&totals, &b));
    CHECK(trial_totals_are_even(&totals));
    CHECK_I64(totals.items[0].debits_minor, 70);
    CHECK_I64(totals.items[0].closing_credit_minor, 130);
    CHECK(trial_totals_add(&totals, &c));
    CHECK(!trial_totals_are_even(&totals));
    CHECK_I64((int64_t)totals.n, 2);
}

TEST(trial_balance_that_does_not_fit_is_none)
{
    static struct trial_totals totals;
    const struct trial_account a = { STR("bank"), STR(""), STR("EUR"), INT64_MAX, 1, 0 },
                               b = { STR("bank"), STR(""), STR("EUR"), INT64_MAX, 0, 0 },
                               unnamed = { STR("bank"), STR(""), STR("EU"), 1, 0, 0 };
    CHECK(!trial_totals_add(&totals, &a));
    CHECK(trial_totals_add(&totals, &b));
    CHECK(!trial_totals_add(&totals, &b));
    CHECK(!trial_totals_add(&totals, &unnamed));
}

TEST(trial_balance_whose_sums_do_not_fit_is_none)
{
    static const struct {
        struct trial_account one, other; /* each of which fits */
    } cases[] = {
        { { .opening_minor = INT64_MAX, .credits_minor = 1 }, { .opening_minor = 1 } },
        { { .debits_minor = INT64_MAX, .credits_minor = INT64_MAX }, { .debits_minor = 1 } },
        { { .debits_minor = INT64_MAX, .credits_minor = INT64_MAX }, { .credits_minor = 1 } },
        { { .opening_minor = INT64_MAX }, { .debits_minor = 1 } },
    };
    static struct trial_totals totals;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct trial_account one = cases[i].one, other = cases[i].other;
        one.currency = other.currency = STR("EUR");
        totals.n = 0;
        CHECK(trial_totals_add(&totals, &one));
        CHECK(!trial_totals_add(&totals, &other));
    }
    const struct trial_account unfit = { STR("bank"), STR(""), STR("EUR"), 0, INT64_MIN, 1 };
    int64_t closing;
    CHECK(!trial_closing(&unfit, &closing));
}

TEST(trial_balance_has_room_for_so_many_currencies)
{
    static struct trial_totals totals;
    for (int i = 0; i <= TRIAL_CURRENCIES_MAX; i++) {
        const char name[] = { 'A', (char)('A' + i / 26), (char)('A' + i % 26) };
        const struct trial_account a = { STR("bank"), STR(""), { name, sizeof name }, 1, 0, 0 };
        CHECK(trial_totals_add(&totals, &a) == (i < TRIAL_CURRENCIES_MAX));
    }
}

TEST(trial_account_is_empty_without_any_of_its_sums)
{
    CHECK(trial_is_empty(&(struct trial_account){ .opening_minor = 0 }));
    CHECK(!trial_is_empty(&(struct trial_account){ .opening_minor = 1 }));
    CHECK(!trial_is_empty(&(struct trial_account){ .debits_minor = 1 }));
    CHECK(!trial_is_empty(&(struct trial_account){ .credits_minor = 1 }));
}
