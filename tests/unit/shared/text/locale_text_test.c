/* Against CLDR, as Intl of ICU 74 writes it (currencyDisplay "code"), without its marks of direction. */
#include "shared/text/locale_text.h"

#include "tests/support/test.h"

#define NB "\xc2\xa0"
#define NN "\xe2\x80\xaf"

TEST(amounts_are_written_as_a_language_does)
{
    static const struct {
        str tag, euro, yen, dinar;
    } known[] = {
        { STR("en"), STR("1" NB "234.50 EUR"), STR("-1" NB "234" NB "567 JPY"), STR("0.005 KWD") },
        { STR("de"), STR("1.234,50" NB "EUR"), STR("-1.234.567" NB "JPY"), STR("0,005" NB "KWD") },
        { STR("es"), STR("1.234,50" NB "EUR"), STR("-1.234.567" NB "JPY"), STR("0,005" NB "KWD") },
        { STR("it"), STR("1.234,50" NB "EUR"), STR("-1.234.567" NB "JPY"), STR("0,005" NB "KWD") },
        { STR("fr"), STR("1" NN "234,50" NB "EUR"), STR("-1" NN "234" NN "567" NB "JPY"), STR("0,005" NB "KWD") },
        { STR("pl"), STR("1" NB "234,50" NB "EUR"), STR("-1" NB "234" NB "567" NB "JPY"), STR("0,005" NB "KWD") },
        { STR("ru"), STR("1" NB "234,50" NB "EUR"), STR("-1" NB "234" NB "567" NB "JPY"), STR("0,005" NB "KWD") },
        { STR("uk"), STR("1" NB "234,50" NB "EUR"), STR("-1" NB "234" NB "567" NB "JPY"), STR("0,005" NB "KWD") },
        { STR("pt-BR"), STR("EUR" NB "1.234,50"), STR("-JPY" NB "1.234.567"), STR("KWD" NB "0,005") },
        { STR("tr"), STR("EUR" NB "1.234,50"), STR("-JPY" NB "1.234.567"), STR("KWD" NB "0,005") },
        { STR("ja"), STR("EUR" NB "1,234.50"), STR("-JPY" NB "1,234,567"), STR("KWD" NB "0.005") },
        { STR("zh-Hans"), STR("EUR" NB "1,234.50"), STR("-JPY" NB "1,234,567"), STR("KWD" NB "0.005") },
        { STR("ar"), STR("1,234.50" NB "EUR"), STR("-1,234,567" NB "JPY"), STR("0.005" NB "KWD") },
        { STR("he"), STR("1,234.50" NB "EUR"), STR("-1,234,567" NB "JPY"), STR("0.005" NB "KWD") },
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        CHECK(locale_is_known(known[i].tag));
        CHECK_STR(locale_money(arena, known[i].tag, 123450, STR("EUR")), known[i].euro);
        CHECK_STR(locale_money(arena, known[i].tag, -1234567, STR("JPY")), known[i].yen);
        CHECK_STR(locale_money(arena, known[i].tag, 5, STR("KWD")), known[i].dinar);
    }
}

TEST(amounts_of_every_exponent_are_exact)
{
    CHECK_STR(locale_money(arena, STR("de"), 0, STR("EUR")), STR("0,00" NB "EUR"));
    CHECK_STR(locale_decimal(arena, STR("de"), -123456, STR("EUR")), STR("-1.234,56"));
    CHECK_STR(locale_money(arena, STR("de"), 7, STR("EUR")), STR("0,07" NB "EUR"));
    CHECK_STR(locale_money(arena, STR("de"), 99999, STR("EUR")), STR("999,99" NB "EUR"));
    CHECK_STR(locale_money(arena, STR("de"), 100000, STR("EUR")), STR("1.000,00" NB "EUR"));
    CHECK_STR(locale_money(arena, STR("de"), 1000, STR("JPY")), STR("1.000" NB "JPY"));
    CHECK_STR(locale_money(arena, STR("de"), 1234567, STR("BHD")), STR("1.234,567" NB "BHD"));
    CHECK_STR(locale_money(arena, STR("de"), 12345678, STR("CLF")), STR("1.234,5678" NB "CLF"));
    CHECK_STR(locale_money(arena, STR("de"), INT64_MIN, STR("EUR")), STR("-92.233.720.368.547.758,08" NB "EUR"));
    CHECK_STR(locale_money(arena, STR("ja"), INT64_MAX, STR("JPY")), STR("JPY" NB "9,223,372,036,854,775,807"));
}

TEST(days_and_moments_are_written_as_a_language_does)
{
    instant at = instant_of_seconds(1795467000); /* 2026-11-23 20:50 */
    CHECK_STR(locale_moment(arena, STR("en"), at), STR("2026-11-23 20:50 UTC"));
    CHECK_STR(locale_moment(arena, STR("de"), at), STR("23.11.2026, 20:50 UTC"));
    CHECK_STR(locale_moment(arena, STR("ja"), at), STR("2026/11/23, 20:50 UTC"));
    CHECK_STR(locale_moment_there(arena, STR("en"), at, STR("Asia/Tokyo")), STR("2026-11-23 20:50 Asia/Tokyo"));
    CHECK_STR(locale_moment_there(arena, STR("de"), at, STR("Asia/Tokyo")), STR("23.11.2026, 20:50 Asia/Tokyo"));
    CHECK_STR(locale_day(arena, STR("pt-BR"), STR("2026-11-03")), STR("03/11/2026"));
    CHECK_STR(locale_day(arena, STR("ru"), STR("2026-11-03")), STR("03.11.2026"));
    CHECK_STR(locale_day(arena, STR("en"), STR("2026-11-03")), STR("2026-11-03"));
    CHECK_STR(locale_day(arena, STR("de"), STR("soon")), STR("soon"));
}

TEST(a_language_that_is_none_of_ours_is_written_as_english)
{
    CHECK(!locale_is_known(STR("sv")));
    CHECK_STR(locale_money(arena, STR("sv"), 123450, STR("EUR")), STR("1" NB "234.50 EUR"));
}
