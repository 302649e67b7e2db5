/* CSV: quoting of RFC 4180, and texts that a spreadsheet would run. */
#include "shared/text/csv.h"
#include "tests/support/test.h"

static str cell(struct arena *arena, str text)
{
    struct buf out;
    buf_init(&out, arena, 4096);
    struct csv c = { .out = &out };
    csv_text(&c, text);
    return buf_str(&out);
}

TEST(csv_cells_are_quoted_where_they_have_to_be)
{
    CHECK_STR(cell(arena, STR("plain text")), STR("plain text"));
    CHECK_STR(cell(arena, STR("a,b")), STR("\"a,b\""));
    CHECK_STR(cell(arena, STR("say \"x\"")), STR("\"say \"\"x\"\"\""));
    CHECK_STR(cell(arena, STR("two\nlines")), STR("\"two\nlines\""));
    CHECK_STR(cell(arena, STR(" edge")), STR("\" edge\""));
    CHECK_STR(cell(arena, STR_NONE), STR(""));
}

TEST(csv_texts_that_would_be_formulas_are_texts)
{
    static const char *const formulas[] = { "=1+1",  "+1",   "-1",   "@SUM(A1)",
                                            "\t=1",  "\r=1", "\n=1", "=cmd|'/c calc'!A1",
                                            "＝1+1", "＋1",  "－1",  "＠SUM(A1)" };
    for (size_t i = 0; i < sizeof formulas / sizeof formulas[0]; i++) {
        str got = cell(arena, str_of(formulas[i]));
        CHECK(str_starts(got, STR("\"'")));
    }
    CHECK_STR(cell(arena, STR("1=1")), STR("1=1"));
    CHECK_STR(cell(arena, STR("１＝１")), STR("１＝１"));
}

TEST(csv_lines_have_cells_and_ends)
{
    struct buf out;
    buf_init(&out, arena, 4096);
    struct csv c = { .out = &out };
    csv_text(&c, STR("a"));
    csv_number(&c, STR("-3.00"));
    csv_text(&c, STR_NONE);
    csv_i64(&c, -7);
    csv_line_end(&c);
    csv_text(&c, STR("b"));
    csv_line_end(&c);
    CHECK_STR(buf_str(&out), STR("a,-3.00,,-7\r\nb\r\n"));
}
