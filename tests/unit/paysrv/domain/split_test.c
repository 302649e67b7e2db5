/* Largest remainder, ties in the order of declaration, cumulative parts (MONEY 6.A 2 and 3, SECURITY J 264 to 266). */
#include "paysrv/domain/split.h"

#include "paysrv/domain/money.h"
#include "tests/support/test.h"

static const int32_t story[] = { 500, 2500, 7000 };

TEST(split_of_the_story)
{
    int64_t shares[3];
    CHECK(split_allocate(100, story, 3, shares));
    CHECK_I64(shares[0], 5);
    CHECK_I64(shares[1], 25);
    CHECK_I64(shares[2], 70);
}

/* getdokan/dokan#3324: 6.45 at 30 % came to 6.44. */
TEST(split_that_was_a_cent_short_elsewhere)
{
    static const int32_t weights[] = { 3000, 7000 };
    int64_t shares[2];
    CHECK(split_allocate(645, weights, 2, shares));
    CHECK_I64(shares[0] + shares[1], 645);
    CHECK_I64(shares[0], 194); /* 193.5 and 451.5: the tie goes to the first */
    CHECK_I64(shares[1], 451);
}

TEST(split_remainders)
{
    static const int32_t thirds[] = { 3333, 3333, 3334 };
    static const int32_t halves[] = { 5000, 5000 };
    int64_t shares[3];
    CHECK(split_allocate(100, thirds, 3, shares));
    CHECK_I64(shares[0], 33);
    CHECK_I64(shares[1], 33);
    CHECK_I64(shares[2], 34);
    CHECK(split_allocate(1, halves, 2, shares));
    CHECK_I64(shares[0], 1);
    CHECK_I64(shares[1], 0);
    CHECK(split_allocate(0, halves, 2, shares));
    CHECK_I64(shares[0] + shares[1], 0);
}

TEST(split_refuses_what_is_no_split)
{
    static const int32_t short_of_all[] = { 5000, 4999 }, over[] = { 6000, 5000 }, negative[] = { -1, 10001 };
    int64_t shares[3];
    CHECK(!split_allocate(100, short_of_all, 2, shares));
    CHECK(!split_allocate(100, over, 2, shares));
    CHECK(!split_allocate(100, negative, 2, shares));
    CHECK(!split_allocate(100, story, 0, shares));
    CHECK(!split_allocate(-1, story, 3, shares));
    CHECK(!split_allocate(MONEY_MAX_MINOR + 1, story, 3, shares));
    CHECK(split_allocate(MONEY_MAX_MINOR, story, 3, shares));
}

TEST(split_parts_end_at_the_whole)
{
    static const int64_t parts[] = { 333, 333, 333, 1 };
    int64_t until[3] = { 0 }, shares[3], before = 0;
    for (size_t i = 0; i < 4; i++) {
        CHECK(split_part(1000, story, 3, before, parts[i], shares));
        before += parts[i];
        for (size_t k = 0; k < 3; k++)
            until[k] += shares[k];
        CHECK_I64(shares[0] + shares[1] + shares[2], parts[i]);
    }
    CHECK_I64(until[0], 50);
    CHECK_I64(until[1], 250);
    CHECK_I64(until[2], 700);
    CHECK(!split_part(1000, story, 3, 999, 2, shares));
    CHECK(!split_part(1000, story, 3, -1, 1, shares));
}
