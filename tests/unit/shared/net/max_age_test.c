/* What a Cache-Control says, and what is no word of it. */
#include "shared/net/max_age.h"

#include "tests/support/test.h"

TEST(an_age_is_read_whatever_stands_around_it)
{
    CHECK_I64(max_age_seconds(STR("max-age=600")), 600);
    CHECK_I64(max_age_seconds(STR("public, Max-Age=60 , must-revalidate")), 60);
    CHECK_I64(max_age_seconds(STR("max-age=\"5\"")), 5);
    CHECK_I64(max_age_seconds(STR("s-maxage=9,max-age=7")), 7);
}

TEST(what_may_not_be_kept_has_no_age)
{
    CHECK_I64(max_age_seconds(STR("no-store")), 0);
    CHECK_I64(max_age_seconds(STR("max-age=600, no-cache")), 0);
    CHECK_I64(max_age_seconds(STR("max-age=-1")), 0);
    CHECK_I64(max_age_seconds(STR("max-age=soon")), 0);
}

TEST(who_says_nothing_says_nothing)
{
    CHECK_I64(max_age_seconds(STR_NONE), MAX_AGE_UNSAID);
    CHECK_I64(max_age_seconds(STR("")), MAX_AGE_UNSAID);
    CHECK_I64(max_age_seconds(STR(", ,public,x-max-age=3,")), MAX_AGE_UNSAID);
}

TEST(an_age_is_brought_within_bounds)
{
    const struct max_age_bounds bounds = { .unsaid = 3600, .least = 60, .most = 7200 };
    CHECK_I64(max_age_within(STR_NONE, &bounds), 3600);
    CHECK_I64(max_age_within(STR("no-store"), &bounds), 60);
    CHECK_I64(max_age_within(STR("max-age=300"), &bounds), 300);
    CHECK_I64(max_age_within(STR("max-age=7201"), &bounds), 7200);
}
