/* Amounts and currencies (MONEY 6.A 1 and 4, SECURITY J 257 to 262). */
#include "paysrv/domain/money.h"

#include "paysrv/domain/decline.h"
#include "tests/support/test.h"

TEST(money_range)
{
    struct money m;
    CHECK(money_of(1, STR("EUR"), &m));
    CHECK(money_of(MONEY_MAX_MINOR, STR("JPY"), &m));
    CHECK(!money_of(0, STR("EUR"), &m));
    CHECK(!money_of(-1, STR("EUR"), &m));
    CHECK(!money_of(MONEY_MAX_MINOR + 1, STR("EUR"), &m));
    CHECK(!money_of(INT64_MIN, STR("EUR"), &m));
}

TEST(money_currencies)
{
    struct money m;
    CHECK(money_of(1, STR("BHD"), &m));
    CHECK(money_of(1, STR("UYW"), &m));
    CHECK(!money_of(1, STR("eur"), &m));
    CHECK(!money_of(1, STR("USDT"), &m));
    CHECK(!money_of(1, STR("XXX"), &m));
    CHECK(!money_of(1, STR("RUR"), &m));
    CHECK(!money_of(1, STR(""), &m));
}

TEST(money_of_two_currencies_has_no_sum)
{
    const struct money euro = { 100, STR("EUR") }, yen = { 100, STR("JPY") }, most = { INT64_MAX, STR("EUR") };
    struct money m;
    CHECK(money_add(euro, euro, &m));
    CHECK_I64(m.minor, 200);
    CHECK(money_sub(euro, (struct money){ 150, STR("EUR") }, &m));
    CHECK_I64(m.minor, -50);
    CHECK(!money_add(euro, yen, &m));
    CHECK(!money_sub(euro, yen, &m));
    CHECK(!money_add(most, euro, &m));
}

TEST(decline_does_not_help_a_thief)
{
    str common = decline_sentence(STR("generic_decline"));
    CHECK_STR(decline_sentence(STR("lost_card")), common);
    CHECK_STR(decline_sentence(STR("stolen_card")), common);
    CHECK(!str_eq(decline_sentence(STR("expired_card")), common));
}
