/* The table of ISO 4217: MONEY A4, SECURITY J 262. */
#include "shared/text/currency.h"

#include "tests/support/test.h"

static int exponent_of(const char *code)
{
    const struct currency *found = currency_find(str_of(code));
    return found ? found->exponent : -1;
}

static void check_all(const char *codes, int exponent)
{
    str rest = str_of(codes), code;
    while (str_next_word(&rest, &code)) {
        const struct currency *found = currency_find(code);
        CHECK(found && found->is_active && currency_is_taken(code));
        CHECK_STR(str_of(found->code), code);
        CHECK_I64(found->exponent, exponent);
    }
}

TEST(exponents_are_those_of_iso_4217)
{
    check_all("JPY KRW VND CLP XAF XOF XPF UGX RWF PYG KMF GNF DJF BIF VUV ISK", 0);
    check_all("EUR USD RUB GBP CHF HUF TWD MGA MRU XCG ZWG VED VES", 2);
    check_all("BHD JOD KWD OMR TND IQD LYD", 3);
    check_all("CLF UYW", 4);
}

TEST(only_these_have_no_two_decimals)
{
    char code[4] = "AAA";
    int counted[5] = { 0 };
    for (code[0] = 'A'; code[0] <= 'Z'; code[0]++)
        for (code[1] = 'A'; code[1] <= 'Z'; code[1]++)
            for (code[2] = 'A'; code[2] <= 'Z'; code[2]++)
                if (exponent_of(code) >= 0)
                    counted[exponent_of(code)]++;
    CHECK_I64(counted[0], 16);
    CHECK_I64(counted[1], 0);
    CHECK_I64(counted[3], 7);
    CHECK_I64(counted[4], 2);
    CHECK(counted[2] > 130); /* what the search by halves does not find would be missing */
}

TEST(what_is_no_currency_is_not_found)
{
    static const char *const none[] = { "",    "EU",  "EURO", "eur", "RUR", "XTS", "XTX", "XAU", "XAG", "XPT",
                                        "XPD", "XDR", "USN",  "BOV", "CHE", "E R", "   ", "AAA", "ZZZ", "EUR USD" };
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        CHECK(!currency_find(str_of(none[i])));
}

TEST(withdrawn_currencies_can_be_written_but_not_taken)
{
    static const char *const withdrawn[] = { "ANG", "BGN", "CUC", "HRK", "SLL", "ZWL" };
    for (size_t i = 0; i < sizeof withdrawn / sizeof withdrawn[0]; i++) {
        CHECK(currency_find(str_of(withdrawn[i])));
        CHECK(!currency_is_taken(str_of(withdrawn[i])));
    }
}

TEST(numbers_are_those_of_iso_4217)
{
    static const struct {
        const char *code;
        int number;
    } known[] = { { "ALL", 8 },   { "DZD", 12 },  { "AUD", 36 },  { "CHF", 756 }, { "EUR", 978 }, { "GBP", 826 },
                  { "JPY", 392 }, { "RUB", 643 }, { "USD", 840 }, { "ZMW", 967 }, { "UYW", 927 }, { "CLF", 990 } };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        CHECK_I64(currency_find(str_of(known[i].code))->number, known[i].number);
}

TEST(the_rouble_of_before_1998_is_that_of_now_to_banks_only)
{
    CHECK_STR(currency_of_bank(STR("RUR")), STR("RUB"));
    CHECK_STR(currency_of_bank(STR("EUR")), STR("EUR"));
    CHECK(!currency_is_taken(STR("RUR")));
    CHECK_STR(currency_allowed(STR("RUR")), STR("must be RUB: RUR was the rouble until 1998"));
    CHECK_STR(currency_allowed(STR("CUC")),
              STR("must be the code of a currency of ISO 4217 that is in use, such as EUR, JPY or BHD"));
}
