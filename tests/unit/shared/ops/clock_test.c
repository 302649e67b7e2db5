/* One time for a deployment, whatever the clocks do (SECURITY F-A13, F-P19, F-H11, IDENTITY 119). */
#include "shared/ops/clock.h"

#include "tests/support/test.h"

#define AT(s) ((instant){ SECONDS(1000000 + (s)).us })

static struct clock_verdict judge(int64_t ours_s, int64_t machine_s, int64_t database_s)
{
    return clock_judge(
        &(struct clock_reading){ .ours = AT(ours_s), .machine = AT(machine_s), .database = AT(database_s) });
}

static void is_now(struct clock_verdict v, int64_t now_s, bool has_stepped)
{
    CHECK_I64(v.now.us, AT(now_s).us);
    CHECK(v.has_stepped == has_stepped);
    CHECK(!v.are_apart);
}

TEST(the_databases_time_counts_and_a_machine_beside_it_may_be_a_few_seconds_off)
{
    is_now(judge(100, 100, 100), 100, false);
    is_now(judge(100, 110, 101), 101, false);
    is_now(judge(100, 92, 102), 102, false);
}

TEST(time_never_goes_back)
{
    is_now(judge(100, 97, 97), 100, false);
    is_now(judge(3700, 100, 100), 3700, true);
}

TEST(both_clocks_moved_on_are_believed_and_told)
{
    is_now(judge(100, 105, 105), 105, false);
    is_now(judge(100, 3700, 3700), 3700, true);
}

TEST(of_two_that_differ_neither_is_believed)
{
    const int64_t others[][2] = { { 130, 100 }, { 100, 130 }, { 100, 3700 }, { 3700, 100 }, { 70, 100 } };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct clock_verdict v = judge(100, others[i][0], others[i][1]);
        CHECK(v.are_apart);
        CHECK(!v.has_stepped);
        CHECK_I64(v.now.us, AT(100).us);
    }
    CHECK(!clocks_are_apart(AT(0), AT(10)));
    CHECK(clocks_are_apart(AT(0), instant_add(AT(10), (duration){ 1 })));
}

/* Any order of readings: what is returned never goes back, and is the database's as soon as that is ahead. */
TEST(whatever_the_clocks_say_time_goes_on)
{
    uint64_t seed = 1;
    instant ours = AT(0);
    for (int i = 0; i < 100000; i++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        int64_t database = i + (int64_t)(seed >> 33) % 40 - 20, machine = database + (int64_t)(seed >> 40) % 40 - 20;
        struct clock_reading r = { .ours = ours, .machine = AT(machine), .database = AT(database) };
        struct clock_verdict v = clock_judge(&r);
        CHECK(!instant_before(v.now, ours));
        CHECK(v.are_apart == (machine - database > 10 || database - machine > 10));
        CHECK(v.are_apart || !instant_before(v.now, r.database));
        ours = v.now;
    }
}
