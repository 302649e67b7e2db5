/* What payouts leave alone of a seller's balance (MONEY 6.A6, A9). */
#include "paysrv/domain/ledger/reserve.h"

#include "tests/support/test.h"

TEST(reserve_is_filled_from_what_is_available_and_not_over_its_amount)
{
    CHECK_I64(reserve_next(500, 0, 0), 0);
    CHECK_I64(reserve_next(500, 0, 200), 200);
    CHECK_I64(reserve_next(500, 200, 900), 500);
    CHECK_I64(reserve_next(500, 500, INT64_MAX), 500);
}

TEST(reserve_gives_what_is_missing_and_no_more_than_it_has)
{
    CHECK_I64(reserve_next(500, 500, -120), 380);
    CHECK_I64(reserve_next(500, 380, -1000), 0);
    CHECK_I64(reserve_next(500, 0, -1), 0);
    CHECK_I64(reserve_next(500, 500, INT64_MIN), 0);
    CHECK_I64(reserve_next(500, 380, 120), 500);
}
