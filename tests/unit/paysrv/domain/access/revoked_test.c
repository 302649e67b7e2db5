/* What was taken back is found among very many others; what there is no room for makes everything of then doubtful. */
#include "paysrv/domain/access/revoked.h"

#include "tests/support/test.h"

#define NOW 1000
#define END 1300
#define US ((int64_t)1000000)

static digest name(struct arena *a, int i)
{
    return typed_digest("jti", arena_printf(a, "%d", i));
}

static int found(struct arena *a, const struct revoked *r, int n, int64_t now_s)
{
    int hits = 0;
    for (int i = 0; i < n; i++)
        hits += revoked_has(r, name(a, i), NOW * US, now_s);
    return hits;
}

TEST(it_grows_with_what_there_is_and_nothing_is_lost)
{
    struct arena *a = arena_create(1 << 16, 1 << 24);
    struct revoked *r = revoked_create(a, 256, 65536);
    int kept = 0;
    for (int i = 0; i < 20000; i++)
        kept += revoked_put(r, name(a, i), INT64_MAX, END, NOW);
    CHECK(kept == 20000);
    CHECK(found(a, r, 20000, NOW) == 20000);
    CHECK(!revoked_has(r, name(a, -1), NOW * US, NOW));
    CHECK(!revoked_doubts(r, NOW * US, NOW));
    CHECK(found(a, r, 20000, END) == 0);
    arena_destroy(a);
}

TEST(what_has_ended_makes_room)
{
    struct arena *a = arena_create(1 << 16, 1 << 24);
    struct revoked *r = revoked_create(a, 256, 256);
    for (int i = 0; i < 10000; i++)
        revoked_put(r, name(a, i), INT64_MAX, NOW + i / 64 + 1, NOW + i / 64);
    CHECK(!revoked_doubts(r, 0, NOW));
    CHECK(revoked_has(r, name(a, 9999), NOW * US, NOW + 9999 / 64));
    arena_destroy(a);
}

TEST(without_room_for_one_everything_of_before_is_in_doubt_until_its_end)
{
    struct arena *a = arena_create(1 << 16, 1 << 24);
    struct revoked *r = revoked_create(a, 256, 256);
    bool kept = true;
    for (int i = 0; i < 1000 && kept; i++)
        kept = revoked_put(r, name(a, i), INT64_MAX, END, NOW);
    CHECK(!kept);
    CHECK(revoked_doubts(r, NOW * US, NOW));
    CHECK(!revoked_doubts(r, (NOW + 1) * US, NOW + 1));
    CHECK(!revoked_doubts(r, NOW * US, END));
    arena_destroy(a);
}
