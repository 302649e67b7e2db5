/* Colours that can be read, and what card networks print. */
#include "paysrv/domain/stores/store_look.h"

#include "shared/text/contrast.h"
#include "tests/support/test.h"

TEST(accent_is_read_by_day_and_made_readable_by_night)
{
    str sheet, explain;
    CHECK(store_accent_judge(arena, STR("#0A7A4B"), &sheet, &explain));
    CHECK(str_starts(sheet, STR(":root { --brand: light-dark(#0a7a4b, #")));
    CHECK(!store_accent_judge(arena, STR("#ffcc00"), &sheet, &explain));
    CHECK(str_starts(explain, STR("has a contrast of 1.3")));
    colour found;
    CHECK(colour_parse((str){ explain.p + explain.n - 7, 7 }, &found));
    CHECK(store_accent_judge(arena, (str){ explain.p + explain.n - 7, 7 }, &sheet, &explain));
    for (const char *const *bad = (const char *const[]){ "", "red", "#fff", "#12345g", "#0a7a4b;}", NULL }; *bad; bad++)
        CHECK(!store_accent_judge(arena, str_of(*bad), &sheet, &explain));
}

/* Of a colour that is taken, text and buttons can be read in both appearances. */
TEST(accent_sheets_keep_the_contrast)
{
    const colour dark = COLOUR(0x1d1f27);
    str sheet, explain;
    for (uint32_t rgb = 0; rgb < 0x1000000; rgb += 0x50301) {
        colour c = COLOUR(rgb), night;
        if (!store_accent_judge(arena, colour_text(arena, c), &sheet, &explain))
            continue;
        CHECK(contrast_ratio(c, (colour)COLOUR(0xffffff)) >= CONTRAST_TEXT);
        CHECK(colour_parse((str){ sheet.p + sizeof(":root { --brand: light-dark(#000000, ") - 1, 7 }, &night));
        CHECK(contrast_ratio(night, dark) >= CONTRAST_TEXT);
    }
}

TEST(statement_descriptor_is_what_networks_print)
{
    static const char *const good[] = { "STOA SHOP", "Abcde", "A.B & CDE-1", "ABCDEFGHIJKLMNOPQRSTUV" };
    static const char *const bad[] = { "ABCD",
                                       "ABCDEFGHIJKLMNOPQRSTUVW",
                                       "12345",
                                       "ABCD 1",
                                       " ABCDE",
                                       "ABCDE ",
                                       "AB  CDE",
                                       "ABC'DEF",
                                       "ABC\"DEF",
                                       "ABC<DEF",
                                       "ABC*DEF",
                                       "ABC\\DEF",
                                       "B\xc3\x9c"
                                       "CHER",
                                       "ABCDE\n" };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        CHECK(statement_descriptor_is_valid(str_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!statement_descriptor_is_valid(str_of(bad[i])));
    CHECK(!statement_descriptor_is_valid((str){ "ABCD\0E", 6 }));
}
