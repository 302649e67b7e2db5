/* One time for a deployment, whatever the clocks do (SECURITY F-A13, F-P19, F-H11, IDENTITY 119). */
#include "shared/ops/clock.h"

#include "tests/support/test.h"

#define AT(s) ((instant){ SECONDS(1000000 + (s)).us })

static struct clock_verdict judge(int64_t ours_s, int64_t machine_s, int64_t database_s)
{
    return clock_judge(&(struct clock_reading){
        .ours = AT(ours_s), .machine = AT(machine_s), .database = AT(database_s), .took = SECONDS(1) });
}

static void goes(struct clock_verdict v, int64_t forward_s, int64_t ahead_s, bool has_stepped)
{
    CHECK_I64(v.forward.us, SECONDS(forward_s).us);
    CHECK_I64(v.ahead.us, SECONDS(ahead_s).us);
    CHECK(v.has_stepped == has_stepped);
    CHECK(!v.are_apart);
}

TEST(the_databases_time_counts_and_a_machine_beside_it_may_be_a_few_seconds_off)
{
    goes(judge(100, 100, 100), 0, 0, false);
    goes(judge(100, 110, 101), 1, 0, false);
    goes(judge(100, 92, 102), 2, 0, false);
}

TEST(time_never_goes_back)
{
    goes(judge(100, 99, 99), 0, 0, false); /* within what asking took */
    goes(judge(100, 97, 97), 0, 2, false);
    goes(judge(3700, 100, 100), 0, 3599, true);
}

TEST(a_step_is_told_once)
{
    (void)arena;
    struct clock_reading r = { .ours = AT(3700), .machine = AT(100), .database = AT(100) };
    CHECK(clock_judge(&r).has_stepped);
    r.was_ahead = SECONDS(3600);
    CHECK(!clock_judge(&r).has_stepped);
    r.ours = AT(3706); /* by another */
    CHECK(clock_judge(&r).has_stepped);
    r.ours = AT(3600);
    CHECK(!clock_judge(&r).has_stepped);
}

TEST(both_clocks_moved_on_are_believed_and_told)
{
    goes(judge(100, 105, 105), 5, 0, false);
    goes(judge(100, 3700, 3700), 3600, 0, true);
}

TEST(of_two_that_differ_neither_is_believed)
{
    const int64_t others[][2] = { { 130, 100 }, { 100, 130 }, { 100, 3700 }, { 3700, 100 }, { 70, 100 } };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct clock_verdict v = judge(100, others[i][0], others[i][1]);
        CHECK(v.are_apart);
        CHECK(!v.has_stepped);
        CHECK_I64(v.forward.us, 0);
        CHECK_I64(v.ahead.us, 0);
    }
    CHECK(!clocks_are_apart(AT(0), AT(10)));
    CHECK(clocks_are_apart(AT(0), instant_add(AT(10), (duration){ 1 })));
}

static bool is_overridden(struct clock_override *o, int64_t ours_s, int64_t database_s, int64_t latest_s)
{
    clock_override_judge(
        o, &(struct clock_reading){ .ours = AT(ours_s), .machine = AT(database_s), .database = AT(database_s) },
        AT(latest_s));
    return o->is;
}

TEST(who_is_far_ahead_of_what_was_accepted_is_overridden_until_the_time_has_come)
{
    (void)arena;
    struct clock_override o = { 0 };
    CHECK(!is_overridden(&o, 100, 100, 97));
    CHECK(!is_overridden(&o, 3700, 105, 3697)); /* set back: it writes on what it has */
    CHECK(!is_overridden(&o, 3705, 110, 9999)); /* what it has not reached was never its */
    CHECK(!is_overridden(&o, 3710, 115, 3705));
    CHECK(is_overridden(&o, 3715, 120, 120));
    CHECK(is_overridden(&o, 6000, 3800, 3800)); /* also when another has come as far */
    CHECK(!is_overridden(&o, 6010, 6000, 5996));
    o = (struct clock_override){ 0 };
    CHECK(!is_overridden(&o, 105, 100, 104));
    CHECK(!is_overridden(&o, 106, 101, 101)); /* a few seconds are no matter at a start either */
}

/* What a process has of it: never less than before, whoever reads while it is corrected. */
TEST(what_is_carried_on_never_goes_back_and_waits_for_the_database)
{
    wall_clock_begin(AT(0));
    instant last = AT(0);
    for (int i = 0; i < 100000; i++) {
        wall_clock_correct((duration){ i % 7 }, (duration){ i % 3 });
        instant now = wall_clock_now();
        CHECK(!instant_before(now, last));
        last = now;
    }
    wall_clock_correct(SECONDS(5), SECONDS(0));
    CHECK(wall_clock_now().us - last.us >= SECONDS(5).us);
}

/* So long after it was set, and nobody has corrected it meanwhile: how much it is behind the monotonic clock. */
static void loses(duration ahead, int64_t wait_us, int64_t least_us, int64_t most_us)
{
    int64_t before_us = monotonic_us();
    wall_clock_begin(AT(0));
    wall_clock_correct(SECONDS(0), ahead);
    int64_t began_us = monotonic_us();
    while (monotonic_us() - began_us < wait_us)
        ;
    int64_t now_us = monotonic_us(), carried_us = wall_clock_now().us - AT(0).us;
    CHECK(carried_us >= now_us - began_us - most_us - 1);
    CHECK(carried_us <= monotonic_us() - before_us - least_us + 1);
}

TEST(it_waits_as_long_as_it_is_ahead_and_no_longer)
{
    (void)arena;
    loses(SECONDS(1), 40000, 2000, SECONDS(1).us);
    loses(MILLISECONDS(1), 100000, 1000, 1000);
    loses((duration){ 1 }, 100000, 1, 1);
}
