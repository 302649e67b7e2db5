/* What payouts cost (MONEY 6.A8). */
#include "paysrv/domain/payout/payout_fee.h"

#include <string.h>

#include "paysrv/domain/payout/payout.h"
#include "tests/support/test.h"

TEST(payout_fee_is_beside_the_amount_or_out_of_it)
{
    struct payout_costs c;
    CHECK(payout_fee_judge(&(struct payout_fee_terms){ 100, 50, false }, 10001, &c));
    CHECK_I64(c.amount_minor, 10001);
    CHECK_I64(c.fee_minor, 150);
    CHECK(payout_fee_judge(&(struct payout_fee_terms){ 100, 50, true }, 10001, &c));
    CHECK_I64(c.amount_minor, 9851);
    CHECK_I64(c.fee_minor, 150);
}

TEST(payout_fee_leaves_something_and_is_not_too_much)
{
    struct payout_costs c;
    CHECK(!payout_fee_judge(&(struct payout_fee_terms){ 100, 0, true }, 100, &c));
    CHECK(payout_fee_judge(&(struct payout_fee_terms){ 100, 0, true }, 101, &c));
    CHECK_I64(c.amount_minor, 1);
    CHECK(!payout_fee_judge(&(struct payout_fee_terms){ 1, 0, false }, PAYOUT_MAX_MINOR, &c));
    CHECK(payout_fee_judge(&(struct payout_fee_terms){ 1, PAYOUT_FEE_BP_MAX, true }, PAYOUT_MAX_MINOR, &c));
    CHECK(!payout_fee_judge(&(struct payout_fee_terms){ 0, 0, false }, 0, &c));
    CHECK(payout_fee_judge(&(struct payout_fee_terms){ 0, 0, false }, 1, &c) && c.amount_minor == 1);
}

TEST(payout_fee_changes_what_the_code_is_bound_to)
{
    const digest to = { { 1, 2, 3 } };
    digest same = payout_fee_destination(arena, to, 0), one = payout_fee_destination(arena, to, 1),
           two = payout_fee_destination(arena, to, 2);
    CHECK(memcmp(same.b, to.b, sizeof to.b) == 0 && memcmp(one.b, to.b, sizeof to.b) != 0 &&
          memcmp(one.b, two.b, sizeof two.b) != 0);
}
