/* CSV in: what RFC 4180 allows, what it does not, and what csv.h writes. */
#include "shared/text/csv.h"
#include "shared/text/csv_in.h"
#include "tests/support/test.h"

#define MAX 4

static size_t line(struct arena *arena, str *rest, str *cells, bool *malformed)
{
    size_t n;
    bool good = csv_line(arena, rest, cells, MAX, &n, malformed);
    return good ? n : 0;
}

TEST(csv_lines_are_cells_between_commas)
{
    str rest = STR("a,,\"c,\"\"d\"\"\"\r\n\"two\nlines\",x\n\ny"), cells[MAX];
    bool malformed;
    CHECK_I64(line(arena, &rest, cells, &malformed), 3);
    CHECK_STR(cells[0], STR("a"));
    CHECK_STR(cells[1], STR(""));
    CHECK_STR(cells[2], STR("c,\"d\""));
    CHECK_I64(line(arena, &rest, cells, &malformed), 2);
    CHECK_STR(cells[0], STR("two\nlines"));
    CHECK_I64(line(arena, &rest, cells, &malformed), 1);
    CHECK_STR(cells[0], STR(""));
    CHECK_I64(line(arena, &rest, cells, &malformed), 1);
    CHECK_STR(cells[0], STR("y"));
    CHECK_I64(line(arena, &rest, cells, &malformed), 0);
    CHECK(!malformed);
}

TEST(csv_that_is_none_is_refused)
{
    static const char *const bad[] = { "a\"b", "\"a\"b", "\"a", "a,\"b\n", "1,2,3,4,5", "a\rb" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        str rest = str_of(bad[i]), cells[MAX];
        bool malformed;
        CHECK_I64(line(arena, &rest, cells, &malformed), 0);
        CHECK(malformed);
    }
}

TEST(csv_that_is_written_is_read)
{
    static const char *const texts[] = { "plain", "a,b", "say \"x\"", "two\nlines", " edge ", "" };
    struct buf out;
    buf_init(&out, arena, 4096);
    struct csv c = { .out = &out };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i += 2) {
        csv_text(&c, str_of(texts[i]));
        csv_text(&c, str_of(texts[i + 1]));
        csv_line_end(&c);
    }
    str rest = buf_str(&out), cells[MAX];
    bool malformed;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i += 2) {
        CHECK_I64(line(arena, &rest, cells, &malformed), 2);
        CHECK_STR(cells[0], str_of(texts[i]));
        CHECK_STR(cells[1], str_of(texts[i + 1]));
    }
}
