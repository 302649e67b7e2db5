/* IBANs and BICs: ISO 13616, ISO 9362. */
#include "paysrv/domain/party/iban.h"

#include "tests/support/test.h"

TEST(iban_examples_of_the_registry_are_good)
{
    static const char *const good[] = {
        "DE89370400440532013000", "GB29NWBK60161331926819",          "FR1420041010050500013M02606",
        "NO9386011117947",        "MT84MALT011000012345MTLCAST001S", "NL91ABNA0417164300",
        "CH9300762011623852957",  "PL61109010140000071219812874",    "LI21088100002324013AA",
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        str iban = STR_NONE;
        CHECK_I64(iban_judge(arena, str_of(good[i]), &iban), IBAN_GOOD);
        CHECK_STR(iban, str_of(good[i]));
    }
}

TEST(iban_typed_with_spaces_and_small_letters_is_normalised)
{
    str iban = STR_NONE;
    CHECK_I64(iban_judge(arena, STR(" de89 3704 0044 0532 0130 00 "), &iban), IBAN_GOOD);
    CHECK_STR(iban, STR("DE89370400440532013000"));
}

TEST(iban_with_one_wrong_or_swapped_digit_is_refused)
{
    char text[] = "DE89370400440532013000";
    str iban;
    for (size_t i = 2; i + 1 < sizeof text; i++) {
        char kept = text[i];
        text[i] = kept == '9' ? '0' : (char)(kept + 1);
        CHECK(iban_judge(arena, (str){ text, sizeof text - 1 }, &iban) != IBAN_GOOD);
        text[i] = kept;
    }
    CHECK_I64(iban_judge(arena, STR("DE89370400440532010300"), &iban), IBAN_BAD_CHECK_DIGITS);
    /* They fit, and are nobody's: of these numbers it is 97, 98 and 02. */
    CHECK_I64(iban_judge(arena, STR("DE00370400440532013050"), &iban), IBAN_BAD_CHECK_DIGITS);
    CHECK_I64(iban_judge(arena, STR("DE01370400440532013032"), &iban), IBAN_BAD_CHECK_DIGITS);
    CHECK_I64(iban_judge(arena, STR("DE99370400440532013014"), &iban), IBAN_BAD_CHECK_DIGITS);
    CHECK_I64(iban_judge(arena, STR("DE97370400440532013050"), &iban), IBAN_GOOD);
}

TEST(iban_of_wrong_length_country_or_syntax_is_refused)
{
    str iban = STR("untouched");
    CHECK_I64(iban_judge(arena, STR("DE8937040044053201300"), &iban), IBAN_BAD_LENGTH);
    CHECK_I64(iban_judge(arena, STR("DE893704004405320130000"), &iban), IBAN_BAD_LENGTH);
    CHECK_I64(iban_judge(arena, STR("US64SVBKUS6S3300958879"), &iban), IBAN_UNKNOWN_COUNTRY);
    CHECK_I64(iban_judge(arena, STR("DE89-3704-0044"), &iban), IBAN_BAD_SYNTAX);
    CHECK_I64(iban_judge(arena, STR(""), &iban), IBAN_BAD_SYNTAX);
    CHECK_I64(iban_judge(arena, STR("89DE370400440532013000"), &iban), IBAN_BAD_SYNTAX);
    CHECK_I64(iban_judge(arena, STR("DE893704004405320130000000000000000000000"), &iban), IBAN_BAD_SYNTAX);
    CHECK_STR(iban, STR("untouched"));
}

TEST(iban_masked_shows_country_and_last_four)
{
    CHECK_STR(iban_masked(arena, STR("DE89370400440532013000")), STR("DE•• •••• 3000"));
}

TEST(iban_countries_of_sepa)
{
    CHECK(iban_country_is_sepa(STR("DE")));
    CHECK(!iban_country_is_sepa(STR("BR")));
    CHECK(!iban_country_is_sepa(STR("XX")));
}

TEST(bic_has_8_or_11_characters)
{
    CHECK(bic_is_valid(STR("COBADEFF")));
    CHECK(bic_is_valid(STR("COBADEFFXXX")));
    CHECK(!bic_is_valid(STR("COBADEFFX")));
    CHECK(!bic_is_valid(STR("COBA1EFF")));
    CHECK(!bic_is_valid(STR("cobadeff")));
}
