/* The card on a receipt. */
#include "paysrv/domain/payment/payer_card.h"

#include "tests/support/test.h"

TEST(payer_card_is_a_brand_and_four_digits_or_nothing)
{
    str brand, last4;
    CHECK_STR(payer_card_text(arena, STR("mastercard"), STR("0004")), STR("mastercard 0004"));
    CHECK(payer_card_parse(STR("eftpos_au 4242"), &brand, &last4) && str_eq(brand, STR("eftpos_au")) &&
          str_eq(last4, STR("4242")));
    static const char *const brands[] = { "", "Visa", "visa card", "<b>", "a_brand_that_is_too_long" };
    for (size_t i = 0; i < sizeof brands / sizeof brands[0]; i++)
        CHECK(!str_given(payer_card_text(arena, str_of(brands[i]), STR("4242"))));
    static const char *const digits[] = { "", "424", "42424", "42a2", "4242424242424242" };
    for (size_t i = 0; i < sizeof digits / sizeof digits[0]; i++)
        CHECK(!str_given(payer_card_text(arena, STR("visa"), str_of(digits[i]))));
    CHECK(!str_given(payer_card_text(arena, STR_NONE, STR_NONE)));
    CHECK(!payer_card_parse(STR_NONE, &brand, &last4) && !payer_card_parse(STR("visa"), &brand, &last4) &&
          !payer_card_parse(STR("visa 42 42"), &brand, &last4));
}
