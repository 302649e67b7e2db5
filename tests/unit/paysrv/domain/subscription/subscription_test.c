/* MONEY 6.C 21 and 23: renewals, ends, and what a declined charge leads to. */
#include "paysrv/domain/subscription/subscription.h"

#include "tests/support/zones.h"

static const instant zero = { 0 };

static instant day(int64_t n)
{
    return instant_of_seconds(n * 86400);
}

static struct recurrence weekly(struct arena *arena)
{
    return (struct recurrence){ RECURRENCE_WEEK, 1, 0, zones_load(arena, STR("UTC")) };
}

static const struct subscription_end no_end = { .at_period_end = false };

TEST(a_period_follows_when_the_last_is_over)
{
    struct recurrence r = weekly(arena);
    struct period current = { -1, zero, zero }, next;
    CHECK(subscription_renewal(&r, &current, &no_end, zero, &next) == RENEWAL_PERIOD && next.n == 0);
    current = next;
    CHECK(subscription_renewal(&r, &current, &no_end, day(6), &next) == RENEWAL_NOT_YET);
    CHECK(subscription_renewal(&r, &current, &no_end, day(7), &next) == RENEWAL_PERIOD && next.n == 1);
}

/* After three weeks without a server: each period once, in order. */
TEST(what_was_missed_comes_in_order_and_once)
{
    struct recurrence r = weekly(arena);
    struct period current = { 0, zero, day(7) }, next;
    for (int64_t n = 1; n <= 3; n++) {
        CHECK(subscription_renewal(&r, &current, &no_end, day(25), &next) == RENEWAL_PERIOD);
        CHECK_I64(next.n, n);
        CHECK_I64(next.start.us, current.end.us);
        current = next;
    }
    CHECK(subscription_renewal(&r, &current, &no_end, day(25), &next) == RENEWAL_NOT_YET);
}

/*
 * The clocks of a zone are set otherwise after so many periods were billed: those stay, each of the others is billed
 * once, without a gap and from where the last ended, and ends by the rules of now.
 */
static void rules_change(struct recurrence r, const struct zone *now, instant last, int64_t skips)
{
    struct period current = recurrence_period(&r, 3), next;
    CHECK(instant_before(current.end, last));
    r.zone = now;
    for (int64_t n = 4 + skips; instant_before(current.end, last); n++) {
        CHECK(subscription_renewal(&r, &current, &no_end, last, &next) == RENEWAL_PERIOD);
        CHECK_I64(next.n, n);
        CHECK_I64(next.start.us, current.end.us);
        CHECK_I64(next.end.us, recurrence_at(&r, n + 1).us);
        CHECK(instant_before(next.start, next.end));
        current = next;
    }
    CHECK_I64(current.end.us, recurrence_at(&r, current.n + 1).us);
}

TEST(a_change_of_a_zones_rules_moves_what_is_to_come_and_nothing_that_was_billed)
{
    const struct zone *west = zones_load(arena, STR("Pacific/Pago_Pago")), *utc = zones_load(arena, STR("UTC"));
    const struct zone *east = zones_load(arena, STR("Pacific/Kiritimati")),
                      *ist = zones_load(arena, STR("Asia/Kolkata"));
    const int64_t anchor_s = INT64_C(1800000000);
    for (int unit = 0; unit < RECURRENCE_UNIT_COUNT; unit++) {
        struct recurrence r = { (enum recurrence_unit)unit, 1, anchor_s, utc, false };
        instant last = recurrence_at(&r, 9);
        rules_change(r, ist, last, 0);  /* half past five hours earlier */
        rules_change(r, west, last, 0); /* eleven hours later */
        r.zone = west;
        rules_change(r, east, last, unit == RECURRENCE_DAY); /* to the other side of the date line: a day is left out */
        r.zone = east;
        rules_change(r, west, last, 0); /* and back: one lasts two days */
    }
}

TEST(it_ends_after_periods_at_a_date_or_when_asked)
{
    struct recurrence r = weekly(arena);
    struct period current = { 1, day(7), day(14) }, next;
    int64_t two = 2, three = 3;
    instant there = day(14), later = day(15);
    CHECK(subscription_renewal(&r, &current, &(struct subscription_end){ .periods = &two }, day(14), &next) ==
          RENEWAL_END);
    CHECK(subscription_renewal(&r, &current, &(struct subscription_end){ .periods = &three }, day(14), &next) ==
          RENEWAL_PERIOD);
    CHECK(subscription_renewal(&r, &current, &(struct subscription_end){ .at = &there }, day(14), &next) ==
          RENEWAL_END);
    CHECK(subscription_renewal(&r, &current, &(struct subscription_end){ .at = &later }, day(14), &next) ==
          RENEWAL_PERIOD);
    CHECK(subscription_renewal(&r, &current, &(struct subscription_end){ .at_period_end = true }, day(13), &next) ==
          RENEWAL_NOT_YET);
    CHECK(subscription_renewal(&r, &current, &(struct subscription_end){ .at_period_end = true }, day(14), &next) ==
          RENEWAL_END);
}

/* Ten o'clock of a day, in UTC. */
static instant ten(int64_t n)
{
    return instant_of_seconds(n * 86400 + 36000);
}

static const struct zone *utc(struct arena *arena)
{
    return zones_load(arena, STR("UTC"));
}

TEST(soft_declines_are_tried_again_after_1_3_5_and_7_days)
{
    static const int64_t days[] = { 1, 3, 5, 7 };
    instant at, now = zero;
    for (int64_t n = 0; n < 4; n++) {
        CHECK(dunning_judge(DECLINE_SOFT, n + 1, utc(arena), zero, now, &at) == DUNNING_RETRY);
        CHECK_I64(at.us, ten(days[n]).us);
        now = at;
    }
    CHECK(dunning_judge(DECLINE_SOFT, 5, utc(arena), zero, now, &at) == DUNNING_GIVE_UP);
}

/* In every hour of a year, in zones of all kinds: in the morning there, half a day from its day at most or that later.
 */
TEST(retries_are_in_the_morning_of_the_buyers_zone)
{
    static const char *const names[] = { "UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu",
                                         "Pacific/Apia" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct zone *zone = zones_load(arena, str_of(names[i]));
        for (int64_t hour = 0; hour < 366 * 24; hour++) {
            instant first = instant_of_seconds(1795000000 + hour * 3600), at;
            CHECK(dunning_judge(DECLINE_SOFT, 1, zone, first, first, &at) == DUNNING_RETRY);
            instant last = dunning_last_retry(zone, first), before = { last.us - DAYS(1).us };
            CHECK(dunning_judge(DECLINE_SOFT, 4, zone, first, before, &at) == DUNNING_RETRY && at.us == last.us);
            CHECK(dunning_judge(DECLINE_SOFT, 5, zone, first, last, &at) == DUNNING_GIVE_UP);
            CHECK(dunning_judge(DECLINE_SOFT, 1, zone, first, first, &at) == DUNNING_RETRY);
            int64_t off_s = instant_seconds(at) - instant_seconds(first) - 86400;
            CHECK_I64(zone_local(zone, instant_seconds(at)) % 86400, 36000);
            CHECK(off_s >= -13 * 3600 && off_s <= 37 * 3600);
        }
    }
}

TEST(a_retry_on_the_eve_of_a_pay_day_waits_for_it)
{
    const instant on_30_december_1970 = ten(363); /* a day later it is the eve of the 1st */
    instant at;
    CHECK(dunning_judge(DECLINE_SOFT, 1, utc(arena), on_30_december_1970, on_30_december_1970, &at) == DUNNING_RETRY);
    CHECK_I64(at.us, ten(365).us);
    CHECK(dunning_judge(DECLINE_SOFT, 2, utc(arena), on_30_december_1970, at, &at) == DUNNING_RETRY);
    CHECK_I64(at.us, ten(366).us);
}

TEST(the_fifteenth_is_a_pay_day_and_nothing_waits_after_the_last_retry)
{
    instant at;
    CHECK(dunning_judge(DECLINE_SOFT, 1, utc(arena), ten(12), ten(12), &at) == DUNNING_RETRY); /* on 13 January 1970 */
    CHECK_I64(at.us, ten(14).us);
    CHECK_I64(dunning_last_retry(utc(arena), ten(6)).us, ten(13).us);
}

TEST(statuses_are_read_as_they_are_written)
{
    enum subscription_status status;
    for (int i = 0; i < SUBSCRIPTION_STATUS_COUNT; i++)
        CHECK(subscription_status_parse(subscription_status_name((enum subscription_status)i), &status) &&
              (int)status == i);
    CHECK(!subscription_status_parse(STR("ended"), &status));
}

/* Another card, and another one, each declined at once: the days that are left are as many as before. */
TEST(cards_that_are_tried_at_once_take_no_days_away)
{
    instant at;
    for (int64_t n = 1; n < DUNNING_ATTEMPTS_MAX; n++) {
        CHECK(dunning_judge(DECLINE_SOFT, n, utc(arena), zero, zero, &at) == DUNNING_RETRY);
        CHECK_I64(at.us, ten(1).us);
    }
    CHECK(dunning_judge(DECLINE_SOFT, DUNNING_ATTEMPTS_MAX, utc(arena), zero, day(2), &at) == DUNNING_WAIT_FOR_BUYER);
    CHECK_I64(at.us, day(7).us);
    CHECK(dunning_judge(DECLINE_SOFT, DUNNING_ATTEMPTS_MAX, utc(arena), zero, day(7), &at) == DUNNING_GIVE_UP);
}

TEST(after_downtime_there_is_no_burst_of_retries)
{
    instant at;
    CHECK(dunning_judge(DECLINE_SOFT, 2, utc(arena), zero, day(4), &at) == DUNNING_RETRY);
    CHECK_I64(at.us, ten(5).us);
    CHECK(dunning_judge(DECLINE_SOFT, 2, utc(arena), zero, day(9), &at) == DUNNING_GIVE_UP);
    const instant before_the_second = { ten(3).us - 1000000 }, before_the_last = { ten(7).us - 1000000 };
    CHECK(dunning_judge(DECLINE_SOFT, 2, utc(arena), zero, before_the_second, &at) == DUNNING_RETRY);
    CHECK_I64(at.us, ten(5).us);
    CHECK(dunning_judge(DECLINE_SOFT, 3, utc(arena), zero, before_the_last, &at) == DUNNING_WAIT_FOR_BUYER);
    CHECK_I64(at.us, ten(7).us);
}

TEST(hard_declines_and_missing_holders_wait_for_the_buyer)
{
    instant at;
    for (enum decline_class c = DECLINE_HARD; c <= DECLINE_NEEDS_HOLDER; c++) {
        CHECK(dunning_judge(c, 1, utc(arena), zero, zero, &at) == DUNNING_WAIT_FOR_BUYER);
        CHECK_I64(at.us, day(7).us);
        CHECK(dunning_judge(c, 1, utc(arena), zero, day(7), &at) == DUNNING_GIVE_UP);
    }
}

TEST(an_announced_price_comes_at_its_time_and_not_without_consent)
{
    struct price_step step = { .from = day(10), .is_agreed = true, .ends_without = true };
    CHECK(price_turn_of(NULL, day(20)) == PRICE_STAYS);
    CHECK(price_turn_of(&step, day(9)) == PRICE_STAYS);
    CHECK(price_turn_of(&step, day(10)) == PRICE_MOVES);
    step.is_agreed = false;
    CHECK(price_turn_of(&step, day(9)) == PRICE_STAYS);
    CHECK(price_turn_of(&step, day(17)) == PRICE_ENDS);
    step.ends_without = false;
    CHECK(price_turn_of(&step, day(17)) == PRICE_LAPSES);
    CHECK(price_needs_consent(700, 701) && !price_needs_consent(700, 700) && !price_needs_consent(700, 1));
}

TEST(the_last_end_is_that_of_the_last_period)
{
    struct recurrence r = weekly(arena);
    const int64_t periods = 3;
    const instant at = day(10);
    instant last;
    CHECK(!subscription_last_end(&r, &no_end, day(7), &last));
    CHECK(subscription_last_end(&r, &(struct subscription_end){ .at_period_end = true }, day(7), &last));
    CHECK_I64(last.us, day(7).us);
    CHECK(subscription_last_end(&r, &(struct subscription_end){ .periods = &periods }, day(7), &last));
    CHECK_I64(last.us, day(21).us);
    CHECK(subscription_last_end(&r, &(struct subscription_end){ .periods = &periods, .at = &at }, day(7), &last));
    CHECK_I64(last.us, day(14).us);
    CHECK(subscription_last_end(&r, &(struct subscription_end){ .at = &at }, day(7), &last));
    CHECK_I64(last.us, day(14).us);
    const int64_t one = 1;
    CHECK(subscription_last_end(&r, &(struct subscription_end){ .periods = &one, .at = &at }, day(7), &last));
    CHECK_I64(last.us, day(7).us);
    struct subscription_end soon = { .at_period_end = true, .periods = &periods };
    CHECK(subscription_last_end(&r, &soon, day(7), &last));
    CHECK_I64(last.us, day(7).us);
}

TEST(no_period_begins_at_the_moment_of_an_end)
{
    struct recurrence r = weekly(arena);
    struct period current = { 0, zero, day(7) }, next;
    instant cut = day(8);
    CHECK(subscription_renewal(&r, &current, &(struct subscription_end){ .cut_at = &cut }, day(7), &next) ==
          RENEWAL_PERIOD);
    cut = day(7);
    CHECK(subscription_renewal(&r, &current, &(struct subscription_end){ .cut_at = &cut }, day(7), &next) ==
          RENEWAL_END);
}
