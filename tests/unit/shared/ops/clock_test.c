/* One time for a deployment, whatever the clocks do (SECURITY F-A13, F-P19, F-H11, IDENTITY 119). */
#include "shared/ops/clock.h"

#include "tests/support/test.h"

#define AT(s) ((instant){ SECONDS(1000000 + (s)).us })

static struct clock_verdict judge(int64_t ours_s, int64_t machine_s, int64_t database_s)
{
    return clock_judge(&(struct clock_reading){
        .ours = AT(ours_s), .machine = AT(machine_s), .database = AT(database_s), .took = SECONDS(1) });
}

static void goes(struct clock_verdict v, int64_t forward_s, bool is_ahead, bool has_stepped)
{
    CHECK_I64(v.forward.us, SECONDS(forward_s).us);
    CHECK(v.is_ahead == is_ahead);
    CHECK(v.has_stepped == has_stepped);
    CHECK(!v.are_apart);
}

TEST(the_databases_time_counts_and_a_machine_beside_it_may_be_a_few_seconds_off)
{
    goes(judge(100, 100, 100), 0, false, false);
    goes(judge(100, 110, 101), 1, false, false);
    goes(judge(100, 92, 102), 2, false, false);
}

TEST(time_never_goes_back)
{
    goes(judge(100, 99, 99), 0, false, false); /* within what asking took */
    goes(judge(100, 97, 97), 0, true, false);
    goes(judge(3700, 100, 100), 0, true, true);
}

TEST(both_clocks_moved_on_are_believed_and_told)
{
    goes(judge(100, 105, 105), 5, false, false);
    goes(judge(100, 3700, 3700), 3600, false, true);
}

TEST(of_two_that_differ_neither_is_believed)
{
    const int64_t others[][2] = { { 130, 100 }, { 100, 130 }, { 100, 3700 }, { 3700, 100 }, { 70, 100 } };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct clock_verdict v = judge(100, others[i][0], others[i][1]);
        CHECK(v.are_apart);
        CHECK(!v.has_stepped);
        CHECK_I64(v.forward.us, 0);
        CHECK(!v.is_ahead);
    }
    CHECK(!clocks_are_apart(AT(0), AT(10)));
    CHECK(clocks_are_apart(AT(0), instant_add(AT(10), (duration){ 1 })));
}

/* What a process has of it: never less than before, whoever reads while it is corrected. */
TEST(what_is_carried_on_never_goes_back_and_waits_for_the_database)
{
    wall_clock_begin(AT(0));
    instant last = AT(0);
    for (int i = 0; i < 100000; i++) {
        wall_clock_correct((duration){ i % 7 }, i % 3 == 0);
        instant now = wall_clock_now();
        CHECK(!instant_before(now, last));
        last = now;
    }
    wall_clock_begin(AT(0));
    wall_clock_correct((duration){ 0 }, true);
    int64_t began_us = monotonic_us();
    while (monotonic_us() - began_us < 40000)
        ;
    int64_t least_us = monotonic_us() - began_us, carried_us = wall_clock_now().us - AT(0).us;
    CHECK(carried_us < monotonic_us() - began_us);
    CHECK(carried_us >= least_us - least_us / 20 - 1);
    wall_clock_correct(SECONDS(5), false);
    CHECK(wall_clock_now().us - AT(0).us > SECONDS(5).us);
}
