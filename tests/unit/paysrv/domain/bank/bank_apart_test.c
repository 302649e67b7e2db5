/* Books and bank: MONEY A14, docs/decisions/0110. */
#include "paysrv/domain/bank/bank_apart.h"

#include "tests/support/test.h"

TEST(bank_is_apart_when_what_is_apart_does_not_come_back_for_days)
{
    struct apart was,
        days[] = { { -900, -20 }, { -700, -20 }, { -800, -20 }, { -600, 0 }, { -10, 5 }, { -500, 3 }, { -900, -20 } };
    CHECK(!bank_apart_judge(days, 7, &was));
    CHECK(!bank_apart_judge(days, 3, &was)); /* nothing to compare it with */
    for (size_t i = 3; i < 6; i++)
        days[i].low = -10;
    CHECK(bank_apart_judge(days, 6, &was));
    CHECK_I64(was.low, -10);
    CHECK_I64(was.high, 5);
    CHECK(bank_apart_judge(days, 7, &was)); /* of the day before these nobody asks */
    CHECK(bank_apart_judge(days, 4, &was));
    days[1].high = -10; /* it was there once */
    CHECK(!bank_apart_judge(days, 6, &was));
    const struct apart above[] = { { 6, 900 }, { 6, 6 }, { 7, 7 }, { 0, 5 } };
    CHECK(bank_apart_judge(above, 4, &was));
}
