/* windows-1251 and cp866: whole words, the edges of the tables, what is not assigned. */
#include "shared/text/codepage.h"

#include "tests/support/test.h"

TEST(codepage_reads_and_writes_russian_in_both)
{
    str text = STR("Ёж №1 «я»"), coded, back;
    CHECK(codepage_encode(arena, CODEPAGE_WINDOWS_1251, text, &coded));
    CHECK_STR(coded, STR("\xA8\xE6 \xB9"
                         "1 \xAB\xFF\xBB"));
    CHECK(codepage_decode(arena, CODEPAGE_WINDOWS_1251, coded, &back));
    CHECK_STR(back, text);
    CHECK(codepage_decode(arena, CODEPAGE_866,
                          STR("\xF0\xA6 \xFC"
                              "1"),
                          &back));
    CHECK_STR(back, STR("Ёж №1"));
    CHECK(codepage_encode(arena, CODEPAGE_866, STR("Ёж №1"), &coded));
    CHECK_STR(coded, STR("\xF0\xA6 \xFC"
                         "1"));
}

TEST(codepage_every_byte_that_is_assigned_comes_back)
{
    for (int byte = 1; byte < 256; byte++) {
        char one = (char)byte;
        str text, back;
        bool known = codepage_decode(arena, CODEPAGE_WINDOWS_1251, (str){ &one, 1 }, &text);
        CHECK(known == (byte != 0x98));
        CHECK(!known ||
              (codepage_encode(arena, CODEPAGE_WINDOWS_1251, text, &back) && back.n == 1 && back.p[0] == one));
        CHECK(codepage_decode(arena, CODEPAGE_866, (str){ &one, 1 }, &text));
        CHECK(codepage_encode(arena, CODEPAGE_866, text, &back) && back.n == 1 && back.p[0] == one);
    }
}

TEST(codepage_what_it_has_not_is_refused)
{
    str out;
    CHECK(!codepage_decode(arena, CODEPAGE_WINDOWS_1251, STR("a\x98"), &out));
    CHECK(!codepage_decode(arena, CODEPAGE_866, STR("a\0b"), &out));
    CHECK(!codepage_encode(arena, CODEPAGE_WINDOWS_1251, STR("日"), &out));
    CHECK(!codepage_encode(arena, CODEPAGE_866, STR("«"), &out));
}
