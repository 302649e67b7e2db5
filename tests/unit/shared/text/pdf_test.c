/* PDF documents: the same bytes each time, one embedded font, and no crash when there is none. */
#include "shared/text/pdf.h"

#include "tests/support/test.h"

#define FONT STR("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")

static bool written(struct arena *arena, str text, str *ret)
{
    struct pdf *pdf;
    if (!pdf_create(arena, FONT, &pdf))
        return false;
    for (int i = 0; i < 2; i++) {
        pdf_page(pdf);
        pdf_text(pdf, 56000, 700000, 10000, text);
        pdf_line(pdf, 56000, 690000, 539000);
    }
    return pdf_write(pdf, STR("Акт № 1"), STR("en"), ret);
}

TEST(pdf_the_same_text_gives_the_same_bytes)
{
    str one, two, other;
    CHECK(written(arena, STR("Инкуэлл, Ελλάδα, Łódź (\\) %"), &one));
    CHECK(written(arena, STR("Инкуэлл, Ελλάδα, Łódź (\\) %"), &two));
    CHECK(written(arena, STR("another"), &other));
    CHECK(str_eq(one, two) && !str_eq(one, other));
    CHECK(str_starts(one, STR("%PDF-")) && one.n < 200000);
}

TEST(pdf_the_font_says_what_it_has)
{
    struct pdf *pdf;
    CHECK(pdf_create(arena, FONT, &pdf));
    const uint32_t has[] = { 'A', 0xA0, 0x416, 0x3A9, 0x20AC, 0x2026, 0xFFFD };
    for (size_t i = 0; i < sizeof has / sizeof has[0]; i++)
        CHECK(pdf_advance(pdf, has[i]) > 0);
    CHECK_I64(pdf_advance(pdf, 0x6F22), -1);
    CHECK_I64(pdf_advance(pdf, 0x1F600), -1);
}

TEST(pdf_odd_texts_are_written)
{
    static const char *const texts[] = { "",    " ",      "\uFFFD", "e\u0301",    "(((",
                                         ")\\", "\u00a0", "\u05d0", "\U0001F600", "\xd0" };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        str got;
        CHECK(written(arena, str_of(texts[i]), &got));
    }
}

TEST(pdf_a_font_that_is_none_is_refused)
{
    struct pdf *pdf;
    CHECK(!pdf_create(arena, STR("/nowhere.ttf"), &pdf));
    CHECK(!pdf_create(arena, STR("/etc/hostname"), &pdf));
    CHECK(!pdf_create(arena, STR("/proc/self/exe"), &pdf));
}
