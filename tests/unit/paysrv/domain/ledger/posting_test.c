/* What is an entry of the ledger, and what is none. */
#include "paysrv/domain/ledger/posting.h"

#include "tests/support/test.h"

TEST(posting_takes_lines_within_its_range_and_room)
{
    struct posting p = { .n = 0 };
    CHECK(posting_add(&p, STR("bank"), 0) && p.n == 0);
    CHECK(!posting_add(&p, STR("bank"), POSTING_MAX_MINOR + 1) &&
          !posting_add(&p, STR("bank"), -POSTING_MAX_MINOR - 1));
    for (int i = 0; i < POSTING_MAX_LINES; i++)
        CHECK(posting_add(&p, STR("bank"), i % 2 ? POSTING_MAX_MINOR : -POSTING_MAX_MINOR));
    CHECK(posting_is_balanced(&p));
    CHECK(!posting_add(&p, STR("bank"), 1));
    CHECK_I64((int64_t)p.n, POSTING_MAX_LINES);
}

TEST(posting_without_lines_is_none)
{
    struct posting p = { .n = 0 };
    CHECK(!posting_is_balanced(&p));
}

TEST(posting_of_a_charge_is_of_something_that_comes_in)
{
    struct posting p;
    const struct shares good = { 5, 25, 70 }, wrong = { 5, 25, 71 }, negative = { -5, -25, -70 };
    CHECK(posting_of_charge(100, &good, &p));
    CHECK_I64(posting_amount_of(&p, STR("acquirer_receivable")), 100);
    CHECK_I64(posting_amount_of(&p, STR("seller")), -70);
    CHECK(!posting_of_charge(100, &wrong, &p) && !posting_of_charge(-100, &negative, &p));
}

TEST(posting_of_a_dispute_is_even_or_none)
{
    struct posting p;
    const struct shares good = { 5, 25, 70 }, wrong = { 5, 25, 71 };
    CHECK(posting_of_dispute(-100, 0, &good, &p));
    CHECK(!posting_of_dispute(-100, 0, &wrong, &p));
}
