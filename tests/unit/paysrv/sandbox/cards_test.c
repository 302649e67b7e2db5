/* What is typed into the card form, and the table that finds what came of it. */
#include "paysrv/sandbox/cards.h"

#include "paysrv/sandbox/table.h"
#include "tests/support/test.h"

TEST(every_test_card_passes_luhn_and_is_told_by_its_last_four)
{
    static const str numbers[] = {
        STR("4242424242424242"), STR("4000000000003220"), STR("4000000000000002"), STR("4000000000009995"),
        STR("4000000000000069"), STR("4000000000000127"), STR("4000000000009987"), STR("4000000000009979"),
        STR("4000000000000259"), STR("4000000000000341"), STR("4000000000000507"), STR("4000000000000614"),
        STR("4000000000000721"), STR("4000000000000838"), STR("4000000000000945"), STR("4000000000001059"),
        STR("4000000000001166"), STR("4000000000001273"), STR("4000000000003105"), STR("4000000000003113"),
        STR("4000000000003121"), STR("4000000000003139"), STR("4000000000003147"), STR("4000000000003303"),
        STR("4000000000003378"),
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const struct card *card = card_of_number(numbers[i]);
        CHECK(luhn_holds(numbers[i]));
        CHECK(card && card == card_of_last4((str){ numbers[i].p + 12, 4 }));
        CHECK((card->does == CARD_DECLINES) == str_given(card->decline_code));
    }
    CHECK(!card_of_number(STR("4111111111111111")));
    CHECK(card_of_test_token(STR("tok_test_3ds"))->trans_status == 'C');
    CHECK(!card_of_test_token(STR("tok_test_amex")));
}

TEST(luhn_finds_every_single_wrong_digit)
{
    char number[] = "4242424242424242";
    for (size_t i = 0; i < 16; i++) {
        char right = number[i];
        for (char c = '0'; c <= '9'; c++) {
            number[i] = c;
            CHECK(luhn_holds((str){ number, 16 }) == (c == right));
        }
        number[i] = right;
    }
    CHECK(luhn_holds(STR("378282246310005")));
    CHECK(!luhn_holds(STR("0")));
    CHECK(!luhn_holds(STR("")));
}

TEST(numbers_are_typed_with_spaces_and_hyphens)
{
    str digits;
    CHECK(card_digits(arena, STR(" 4242 4242-4242 4242 "), &digits));
    CHECK_STR(digits, STR("4242424242424242"));
    CHECK(!card_digits(arena, STR("4242x"), &digits));
    CHECK(!card_digits(arena, STR("12345678901234567890"), &digits));
    CHECK(!card_digits(arena, STR("  "), &digits));
}

TEST(a_card_is_good_to_the_end_of_its_month)
{
    instant now = instant_of_seconds(1795467600); /* 2026-11-23 */
    struct expiry expiry;
    static const struct {
        str typed;
        enum expiry_verdict verdict;
    } cases[] = {
        { STR("11/26"), EXPIRY_GOOD },      { STR("12 / 34"), EXPIRY_GOOD },     { STR("1126"), EXPIRY_GOOD },
        { STR("01/2027"), EXPIRY_GOOD },    { STR("10/26"), EXPIRY_PAST },       { STR("12/25"), EXPIRY_PAST },
        { STR("13/30"), EXPIRY_MALFORMED }, { STR("00/30"), EXPIRY_MALFORMED },  { STR("1/30"), EXPIRY_MALFORMED },
        { STR(""), EXPIRY_MALFORMED },      { STR("12/30x"), EXPIRY_MALFORMED }, { STR("12/1999"), EXPIRY_MALFORMED },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (expiry_judge(cases[i].typed, now, &expiry) != cases[i].verdict)
            test_fail(__FILE__, __LINE__, "%.*s", STR_ARG(cases[i].typed));
    CHECK(expiry_judge(STR_NONE, now, &expiry) == EXPIRY_MALFORMED);
}

TEST(security_codes_are_three_or_four_digits)
{
    CHECK(cvc_holds(STR("123")) && cvc_holds(STR("1234")));
    CHECK(!cvc_holds(STR("12")) && !cvc_holds(STR("12a")) && !cvc_holds(STR("12345")) && !cvc_holds(STR_NONE));
}

TEST(the_table_keeps_every_key_as_it_grows)
{
    static int values[5000];
    struct table t;
    table_init(&t, arena);
    for (int i = 0; i < 5000; i++)
        table_put(&t, arena_printf(arena, "key-%d", i), &values[i]);
    for (int i = 0; i < 5000; i++)
        CHECK(table_get(&t, arena_printf(arena, "key-%d", i)) == &values[i]);
    CHECK(!table_get(&t, STR("key-5000")));
    table_put(&t, STR("key-7"), &values[8]);
    CHECK(table_get(&t, STR("key-7")) == &values[8]);
    CHECK_I64(t.n, 5000);
}
