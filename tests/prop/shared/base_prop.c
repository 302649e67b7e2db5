/* Properties of slices, numbers, time, arenas and of the harness itself. */
#include "shared/base/buf.h"
#include "shared/base/num.h"
#include "tests/prop/prop.h"

PROPERTY(num_parse_reads_what_is_printed)
{
    int64_t value = draw_i64(draw), back;
    struct buf b;
    buf_init(&b, arena, 32);
    buf_add_i64(&b, value);
    CHECK(num_parse(buf_str(&b), &back));
    CHECK_I64(back, value);
    CHECK_STR(buf_str(&b), arena_printf(arena, "%" PRId64, value));
}

PROPERTY(num_parse_takes_canonical_text_only)
{
    str text = draw_word(draw, arena, "0123456789-+ .", 21);
    int64_t value;
    if (num_parse(text, &value))
        CHECK_STR(arena_printf(arena, "%" PRId64, value), text);
}

PROPERTY(words_come_back)
{
    str words[8], rest;
    size_t n = (size_t)draw_range(draw, 0, 8);
    struct buf b;
    buf_init(&b, arena, 1000);
    for (size_t i = 0; i < n; i++) {
        words[i] = arena_printf(arena, "w%.*s", STR_ARG(draw_word(draw, arena, "abc", 5)));
        for (int64_t k = draw_range(draw, i ? 1 : 0, 3); k > 0; k--)
            buf_add_char(&b, ' ');
        buf_add(&b, words[i]);
    }
    rest = buf_str(&b);
    for (size_t i = 0; i < n; i++) {
        str word;
        CHECK(str_next_word(&rest, &word));
        CHECK_STR(word, words[i]);
        CHECK(str_has_word(buf_str(&b), word));
    }
    CHECK(!str_next_word(&rest, &rest));
}

PROPERTY(days_follow_each_other)
{
    /* Counting one day on changes the date as ISO 8601 orders it: text order is time order. */
    int64_t day = draw_range(draw, 0, 365 * 4000);
    str today = instant_date(arena, (instant){ day * DAYS(1).us });
    str tomorrow = instant_date(arena, (instant){ (day + 1) * DAYS(1).us });
    CHECK_I64(today.n, 10);
    CHECK(memcmp(today.p, tomorrow.p, 10) < 0);
    CHECK(str_starts(instant_iso(arena, (instant){ (day + 1) * DAYS(1).us - 1 }), today));
}

PROPERTY(arena_pieces_do_not_touch)
{
    struct piece {
        unsigned char *p;
        size_t n;
    } pieces[50];
    struct arena *a = arena_create((size_t)draw_range(draw, 16, 4096), 1 << 20);
    for (size_t i = 0; i < 50; i++) {
        pieces[i].n = (size_t)draw_range(draw, 0, 3000);
        pieces[i].p = arena_alloc(a, pieces[i].n);
        memset(pieces[i].p, (int)i + 1, pieces[i].n);
    }
    bool is_whole = true;
    for (size_t i = 0; i < 50; i++) {
        for (size_t k = 0; k < pieces[i].n; k++)
            is_whole = is_whole && pieces[i].p[k] == i + 1;
    }
    arena_destroy(a);
    CHECK(is_whole);
}

static void sum_stays_small(struct arena *arena, struct draw *draw)
{
    bytes b = draw_bytes(draw, arena, 50);
    int64_t sum = 0;
    for (size_t i = 0; i < b.n; i++)
        sum += b.p[i];
    CHECK(sum < 200);
}

TEST(a_wrong_property_is_found_and_made_small)
{
    /* The length 1 and one byte of 200: no shorter stream can fail. */
    CHECK_I64(property_smallest(sum_stays_small), 2);
}
