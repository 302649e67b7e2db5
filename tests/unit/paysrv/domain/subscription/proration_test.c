/* MONEY 6.C 22: exact by seconds, and never a negative invoice. */
#include "paysrv/domain/subscription/proration.h"

#include "tests/support/test.h"

#define FIRST INT64_C(1775001600) /* 2026-04-01 */
#define AFTER(seconds)                                                                                                 \
    {                                                                                                                  \
        (FIRST + (seconds)) * 1000000                                                                                  \
    }
static const struct period april = { 0, AFTER(0), AFTER(INT64_C(30) * 86400) };

static instant second(int64_t n)
{
    return instant_of_seconds(FIRST + n);
}

static instant day(int64_t n)
{
    return second(n * 86400);
}

TEST(half_a_month)
{
    struct proration p = proration_of(1000, 3000, &april, day(15), april.end);
    CHECK(p.credit_minor == 500 && p.charge_minor == 1500);
}

TEST(a_fraction_falls_to_the_time_that_is_left)
{
    CHECK_I64(proration_used(1000, &april, second(1)), 0);
    CHECK_I64(proration_of(1000, 1000, &april, second(1), april.end).credit_minor, 1000);
    CHECK_I64(proration_used(1000, &april, day(10)), 333);
}

TEST(at_the_boundary_all_or_nothing)
{
    CHECK_I64(proration_used(999, &april, april.start), 0);
    CHECK_I64(proration_used(2592000, &april, second(1)), 1);
    CHECK_I64(proration_used(2592000, &april, second(-1)), 0);
    CHECK_I64(proration_between(2592000, &april, second(-1), second(1)), 1);
    CHECK_I64(proration_used(999, &april, april.end), 999);
    CHECK_I64(proration_used(999, &april, day(31)), 999);
    CHECK_I64(proration_of(999, 5000, &april, april.end, april.end).charge_minor, 0);
    CHECK_I64(proration_used(INT64_C(1000000000000), &april, day(29)), INT64_C(966666666666));
}

TEST(a_credit_is_kept_and_never_charged)
{
    struct settlement s;
    CHECK(settlement_of(-500, 0, &(struct charge_grain){ 50, 1 }, &s) && s.due_minor == 0 && s.balance_minor == 500);
    CHECK(settlement_of(800, 500, &(struct charge_grain){ 50, 1 }, &s) && s.due_minor == 300 && s.balance_minor == 0);
    CHECK(settlement_of(200, 500, &(struct charge_grain){ 1, 1 }, &s) && s.due_minor == 0 && s.balance_minor == 300);
    CHECK(!settlement_of(INT64_MIN, 1, &(struct charge_grain){ 1, 1 }, &s));
}

TEST(less_than_a_payment_may_be_waits_for_the_next_invoice)
{
    struct settlement s;
    CHECK(settlement_of(49, 0, &(struct charge_grain){ 50, 1 }, &s) && s.due_minor == 0 && s.balance_minor == -49);
    CHECK(settlement_of(1, -49, &(struct charge_grain){ 50, 1 }, &s) && s.due_minor == 50 && s.balance_minor == 0);
    CHECK(settlement_of(30, -49, &(struct charge_grain){ 50, 1 }, &s) && s.due_minor == 79 && s.balance_minor == 0);
    CHECK(settlement_of(0, 0, &(struct charge_grain){ 50, 1 }, &s) && s.due_minor == 0 && s.balance_minor == 0);
    CHECK(settlement_of(1, 0, &(struct charge_grain){ 1, 1 }, &s) && s.due_minor == 1 && s.balance_minor == 0);
}

TEST(what_is_no_whole_step_of_the_acquirers_waits_for_the_next_invoice)
{
    const struct charge_grain dinar = { 1, 10 };
    struct settlement s;
    CHECK(settlement_of(1234, 0, &dinar, &s) && s.due_minor == 1230 && s.balance_minor == -4);
    CHECK(settlement_of(1236, -4, &dinar, &s) && s.due_minor == 1240 && s.balance_minor == 0);
    CHECK(settlement_of(9, 0, &dinar, &s) && s.due_minor == 0 && s.balance_minor == -9);
    CHECK(settlement_of(-9, 0, &dinar, &s) && s.due_minor == 0 && s.balance_minor == 9);
}

TEST(a_part_of_a_period_costs_what_is_between_its_ends)
{
    CHECK_I64(proration_between(3000, &april, day(0), day(10)) + proration_between(3000, &april, day(10), day(15)),
              proration_between(3000, &april, day(0), day(15)));
    CHECK_I64(proration_between(3000, &april, day(15), day(10)), 0);
    struct proration cut = proration_of(1000, 3000, &april, day(15), day(15));
    CHECK(cut.credit_minor == 0 && cut.charge_minor == 0);
}
