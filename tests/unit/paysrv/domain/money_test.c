/* Limits of amounts (MONEY 6.A 4, SECURITY J 257, 260) and what a decline tells. */
#include "paysrv/domain/money.h"

#include "paysrv/domain/acquirer/decline.h"
#include "tests/support/test.h"

TEST(limits_per_currency)
{
    struct money_limits limits;
    CHECK(money_limits_parse(STR("EUR 50 1000000, JPY 50 1000000000000"), &limits));
    CHECK_I64(limits.n, 2);
    CHECK_I64(money_limit_of(&limits, STR("EUR")).low_minor, 50);
    CHECK_I64(money_limit_of(&limits, STR("EUR")).high_minor, 1000000);
    CHECK_I64(money_limit_of(&limits, STR("JPY")).high_minor, MONEY_MAX_MINOR);
    CHECK_I64(money_limit_of(&limits, STR("BHD")).low_minor, 1);
    CHECK_I64(money_limit_of(&limits, STR("BHD")).high_minor, MONEY_MAX_MINOR);
}

TEST(limits_may_be_none)
{
    struct money_limits limits;
    CHECK(money_limits_parse(STR(""), &limits));
    CHECK_I64(limits.n, 0);
    CHECK(money_limits_parse(STR("EUR 1 1"), &limits));
}

TEST(limits_that_are_none)
{
    static const char *const wrong[] = {
        "EUR",
        "EUR 50",
        "EUR 0 100",
        "EUR 100 50",
        "EUR 50 1000000000001",
        "XTS 1 2",
        "eur 1 2",
        "EUR 1 2 3",
        "EUR 1 2, EUR 1 3",
        "EUR 1.5 200",
        "EUR -1 200",
        "BGN 1 2",
        "EUR 1 2; JPY 1 2",
        ",",
    };
    struct money_limits limits = { .n = 7 };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CHECK(!money_limits_parse(str_of(wrong[i]), &limits));
    CHECK_I64(limits.n, 7);
}

TEST(declines_have_a_class)
{
    CHECK_STR(decline_advice(STR("insufficient_funds")), STR("retry_later"));
    CHECK_STR(decline_advice(STR("never heard of")), STR("retry_later"));
    CHECK_STR(decline_advice(STR("lost_card")), STR("do_not_retry"));
    CHECK_STR(decline_advice(STR("mandate_missing")), STR("do_not_retry"));
    CHECK_STR(decline_advice(STR("account_closed")), STR("do_not_retry"));
    CHECK_STR(decline_advice(STR("authentication_required")), STR("ask_card_holder"));
}
