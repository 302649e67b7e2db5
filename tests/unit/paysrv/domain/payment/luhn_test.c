/* Card numbers that are sent where a token belongs. */
#include "paysrv/domain/payment/luhn.h"

#include "tests/support/test.h"

TEST(a_card_number_is_told_from_a_token)
{
    static const char *const numbers[] = { "4242424242424242", "378282246310005", "6304000000000000", "501800000009" };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        CHECK(is_card_number(str_of(numbers[i])));
    static const char *const others[] = {
        "", "4242424242424241", "tok_test_4242", "42424242424", "4242 4242 4242 4242", "00000000000000000000"
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        CHECK(!is_card_number(str_of(others[i])));
}
