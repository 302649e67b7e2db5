/* Arenas and buffers: alignment, zeroing, wiping, the order of releases, the hard limits. */
#include <string.h>

#include "shared/base/arena.h"
#include "shared/base/buf.h"
#include "tests/support/test.h"

TEST(arena_gives_zeroed_aligned_memory)
{
    for (size_t n = 0; n < 200; n++) {
        unsigned char *p = arena_alloc(arena, n);
        CHECK(((uintptr_t)p & 15) == 0);
        for (size_t i = 0; i < n; i++)
            CHECK(p[i] == 0);
        memset(p, 0xAA, n);
    }
}

TEST(arena_is_zeroed_again_after_reset)
{
    struct arena *a = arena_create(1024, 1 << 20);
    memset(arena_alloc(a, 500), 0xFF, 500);
    memset(arena_alloc(a, 5000), 0xFF, 5000);
    CHECK(arena_used(a) >= 5500);
    arena_reset(a);
    CHECK_I64(arena_used(a), 0);
    const unsigned char *p = arena_alloc(a, 900);
    for (size_t i = 0; i < 900; i++)
        CHECK(p[i] == 0);
    arena_destroy(a);
}

static char released[8];

static void note_release(void *object)
{
    strncat(released, object, 1);
}

TEST(arena_releases_in_reverse_and_once)
{
    struct arena *a = arena_create(256, 1 << 20);
    released[0] = '\0';
    arena_defer(a, note_release, (char[]){ "a" });
    arena_defer(a, note_release, (char[]){ "b" });
    arena_defer(a, note_release, (char[]){ "c" });
    arena_reset(a);
    CHECK_STR(str_of(released), STR("cba"));
    arena_destroy(a);
    CHECK_STR(str_of(released), STR("cba"));
}

static void exceed_arena(void *unused)
{
    (void)unused;
    struct arena *a = arena_create(256, 4096);
    for (int i = 0; i < 100; i++)
        arena_alloc(a, 100);
}

static void ask_for_everything(void *unused)
{
    (void)unused;
    arena_calloc(arena_create(256, SIZE_MAX), SIZE_MAX / 2, 3);
}

TEST(arena_aborts_over_its_limit)
{
    CHECK_ABORTS(exceed_arena, NULL);
    CHECK_ABORTS(ask_for_everything, NULL);
}

TEST(arena_copies_text)
{
    CHECK(!str_given(arena_str(arena, STR_NONE)));
    CHECK_STR(arena_str(arena, STR("")), STR(""));
    CHECK_STR(arena_str(arena, STR("abc")), STR("abc"));
    CHECK(strcmp(arena_cstr(arena, (str){ "abcdef", 3 }), "abc") == 0);
    CHECK(strcmp(arena_cstr(arena, STR_NONE), "") == 0);
    CHECK_STR(arena_printf(arena, "%d-%.*s", 7, STR_ARG(STR("x"))), STR("7-x"));
}

TEST(buf_grows_and_keeps_order)
{
    struct buf b;
    buf_init(&b, arena, 100000);
    CHECK_STR(buf_str(&b), STR(""));
    for (int i = 0; i < 5000; i++) {
        buf_add_i64(&b, i % 10);
        buf_add_char(&b, 'x');
    }
    CHECK_I64(b.n, 10000);
    CHECK(memcmp(b.p + 9990, "5x6x7x8x9x", 10) == 0);
    buf_printf(&b, "<%s>", "end");
    CHECK(str_ends(buf_str(&b), STR("9x<end>")));
}

TEST(buf_writes_the_extreme_integers)
{
    struct buf b;
    buf_init(&b, arena, 100);
    buf_add_i64(&b, INT64_MIN);
    buf_add_i64(&b, 0);
    buf_add_i64(&b, INT64_MAX);
    CHECK_STR(buf_str(&b), STR("-922337203685477580809223372036854775807"));
}

static void exceed_buf(void *arena)
{
    struct buf b;
    buf_init(&b, arena, 10);
    buf_add(&b, STR("0123456789"));
    buf_add_char(&b, 'x');
}

TEST(buf_aborts_over_its_maximum)
{
    CHECK_ABORTS(exceed_buf, arena);
}
