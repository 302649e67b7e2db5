/* When a refused reversal is asked for again, and how a person ends one. */
#include "paysrv/domain/payment/reversal.h"

#include "tests/support/test.h"

TEST(reversal_is_tried_five_times_in_some_days)
{
    const str code = STR("generic_decline");
    duration delay, before = { 0 };
    int64_t n = 1, all = 0;
    for (; reversal_again(n, code, &delay); n++) {
        CHECK(delay.us > before.us);
        before = delay;
        all += delay.us;
    }
    CHECK_I64(n, 5);
    CHECK(all > DAYS(4).us && all < DAYS(7).us);
    CHECK(!reversal_again(6, code, &delay)); /* a person's own try that was refused, too */
    CHECK(!reversal_again(0, code, &delay));
    CHECK(reversal_again(1, STR(""), &delay));
}

TEST(reversal_that_no_time_helps_is_a_persons_at_once)
{
    static const char *const codes[] = { "charge_already_refunded", "account_closed", "lost_card", "amount_too_large",
                                         "charge_not_refundable" };
    duration delay = { 7 };
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        CHECK(!reversal_again(1, str_of(codes[i]), &delay));
    CHECK_I64(delay.us, 7);
    CHECK(reversal_again(1, STR("insufficient_funds"), &delay));
    CHECK(reversal_again(1, STR("charge_disputed"), &delay)); /* until it is decided */
    CHECK(reversal_again(1, STR("charge_disputed"), &delay)); /* the buyer's bank may decide for us */
}

TEST(reversal_ends_by_an_account_or_by_none)
{
    enum reversal_end end;
    for (unsigned i = 0; i < REVERSAL_END_COUNT; i++) {
        CHECK(reversal_end_parse(reversal_end_name((enum reversal_end)i), &end) && end == (enum reversal_end)i);
        CHECK(reversal_may_end(OP_LATE_REFUND, end));
        CHECK(reversal_may_end(OP_LATE_VOID, end) == (end == REVERSAL_BOOKED));
        CHECK((reversal_end_account(end).n == 0) == (end == REVERSAL_BOOKED));
    }
    CHECK(!reversal_end_parse(STR("seller"), &end));
    CHECK(!reversal_may_end(OP_REFUND, REVERSAL_BANK));
}
