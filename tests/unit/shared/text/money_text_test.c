/* Amounts for people and for banks: MONEY A4. */
#include "shared/text/money_text.h"

#include "tests/support/test.h"

#define NBSP "\xc2\xa0"

TEST(amounts_for_banks_have_a_point_and_no_groups)
{
    CHECK_STR(money_decimal(arena, 123450, STR("EUR")), STR("1234.50"));
    CHECK_STR(money_decimal(arena, -5, STR("EUR")), STR("-0.05"));
    CHECK_STR(money_decimal(arena, 0, STR("EUR")), STR("0.00"));
    CHECK_STR(money_decimal(arena, 1234567, STR("JPY")), STR("1234567"));
    CHECK_STR(money_decimal(arena, 1005, STR("BHD")), STR("1.005"));
    CHECK_STR(money_decimal(arena, 12345, STR("CLF")), STR("1.2345"));
    CHECK_STR(money_decimal(arena, INT64_MAX, STR("EUR")), STR("92233720368547758.07"));
    CHECK_STR(money_decimal(arena, INT64_MIN, STR("JPY")), STR("-9223372036854775808"));
}

TEST(amounts_for_people_are_grouped)
{
    CHECK_STR(money_text(arena, 1000, STR("EUR")), STR("10.00 EUR"));
    CHECK_STR(money_text(arena, 99999, STR("EUR")), STR("999.99 EUR"));
    CHECK_STR(money_text(arena, 125000, STR("EUR")), STR("1" NBSP "250.00 EUR"));
    CHECK_STR(money_text(arena, -125000, STR("EUR")), STR("-1" NBSP "250.00 EUR"));
    CHECK_STR(money_text(arena, -12500, STR("EUR")), STR("-125.00 EUR"));
    CHECK_STR(money_text(arena, 1234567, STR("JPY")), STR("1" NBSP "234" NBSP "567 JPY"));
    CHECK_STR(money_text(arena, INT64_MIN, STR("JPY")),
              STR("-9" NBSP "223" NBSP "372" NBSP "036" NBSP "854" NBSP "775" NBSP "808 JPY"));
}

static void write_in_no_currency(void *context)
{
    struct arena *a = context;
    money_text(a, 1, STR("XTS"));
}

TEST(an_amount_in_no_currency_is_a_bug)
{
    CHECK_ABORTS(write_in_no_currency, arena);
}
