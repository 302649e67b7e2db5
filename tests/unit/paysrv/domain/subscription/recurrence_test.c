/* MONEY 6.C 21: periods by the calendar of a zone. */
#include "paysrv/domain/subscription/recurrence.h"

#include "shared/base/civil.h"
#include "tests/support/zones.h"

#define DAY_S 86400

static int64_t seconds(const char *text)
{
    instant t;
    CHECK(instant_parse(str_of(text), &t));
    return instant_seconds(t);
}

static struct recurrence every(struct arena *arena, int64_t count, enum recurrence_unit unit, const char *local,
                               const char *zone)
{
    return (struct recurrence){ unit, count, seconds(local), zones_load(arena, str_of(zone)) };
}

static void boundary(struct arena *arena, const struct recurrence *r, int64_t n, const char *want)
{
    CHECK_STR(instant_iso(arena, recurrence_at(r, n)), str_of(want));
}

/* Sixty periods of a month, run by a clock that ticks each hour and stands still for three days over a month's end. */
static void five_years(struct arena *arena, const char *zone)
{
    struct recurrence r = every(arena, 1, RECURRENCE_MONTH, "2027-01-31T10:00:00Z", zone);
    int64_t now = instant_seconds(recurrence_at(&r, 0)), until = now + 5 * 366 * DAY_S;
    int64_t down_from = seconds("2029-05-30T03:00:00Z"), down_to = down_from + 3 * DAY_S;
    int n = 0;
    instant ended = recurrence_at(&r, 0);
    for (struct period due = recurrence_period(&r, 0); n < 60 && now < until; now += 3600) {
        if ((now >= down_from && now < down_to) || now < instant_seconds(due.start))
            continue;
        struct civil_date day = civil_of_days(zone_local(r.zone, instant_seconds(due.start)) / DAY_S);
        CHECK_I64(day.year * 12 + day.month, (int64_t)2027 * 12 + 1 + n);
        CHECK_I64(day.day, civil_month_days(day.year, day.month));
        CHECK_I64(zone_local(r.zone, instant_seconds(due.start)) % DAY_S, 10 * 3600);
        CHECK_I64(due.start.us, ended.us);
        CHECK_I64(due.n, n++);
        ended = due.end;
        due = recurrence_period(&r, due.n + 1);
    }
    CHECK_I64(n, 60);
}

TEST(from_the_31st_of_january_over_five_years_with_three_days_of_downtime)
{
    five_years(arena, "Europe/Berlin");
    five_years(arena, "America/Sao_Paulo");
    five_years(arena, "Pacific/Apia");
    five_years(arena, "Asia/Kathmandu");
}

TEST(a_day_that_a_month_lacks_is_its_last_and_comes_back)
{
    struct recurrence r = every(arena, 1, RECURRENCE_MONTH, "2027-01-31T09:00:00Z", "Asia/Kathmandu");
    boundary(arena, &r, 1, "2027-02-28T03:15:00Z");
    boundary(arena, &r, 2, "2027-03-31T03:15:00Z");
    boundary(arena, &r, 3, "2027-04-30T03:15:00Z");
    boundary(arena, &r, 13, "2028-02-29T03:15:00Z");
    boundary(arena, &r, -1, "2026-12-31T03:15:00Z");
    boundary(arena, &r, -2, "2026-11-30T03:15:00Z");
}

TEST(february_29_yearly)
{
    struct recurrence r = every(arena, 1, RECURRENCE_YEAR, "2028-02-29T12:00:00Z", "Europe/Berlin");
    boundary(arena, &r, 1, "2029-02-28T11:00:00Z");
    boundary(arena, &r, 4, "2032-02-29T11:00:00Z");
    boundary(arena, &r, 72, "2100-02-28T11:00:00Z");
}

TEST(weeks_and_several_months)
{
    struct recurrence weekly = every(arena, 2, RECURRENCE_WEEK, "2027-03-15T08:00:00Z", "Europe/Berlin");
    boundary(arena, &weekly, 0, "2027-03-15T07:00:00Z");
    boundary(arena, &weekly, 1, "2027-03-29T06:00:00Z"); /* summer time: eight o'clock all the same */
    struct recurrence quarter = every(arena, 3, RECURRENCE_MONTH, "2026-11-30T00:00:00Z", "Europe/Berlin");
    boundary(arena, &quarter, 1, "2027-02-27T23:00:00Z");
    boundary(arena, &quarter, 2, "2027-05-29T22:00:00Z");
}

TEST(a_time_that_is_skipped_or_comes_twice)
{
    struct recurrence night = every(arena, 1, RECURRENCE_MONTH, "2027-01-28T02:30:00Z", "Europe/Berlin");
    boundary(arena, &night, 2, "2027-03-28T01:00:00Z"); /* 02:30 is skipped: three o'clock */
    boundary(arena, &night, 3, "2027-04-28T00:30:00Z");
    struct recurrence twice = every(arena, 1, RECURRENCE_MONTH, "2027-08-31T02:30:00Z", "Europe/Berlin");
    boundary(arena, &twice, 2, "2027-10-31T00:30:00Z"); /* the first of the two */
    struct recurrence midnight = every(arena, 1, RECURRENCE_MONTH, "2018-10-04T00:00:00Z", "America/Sao_Paulo");
    boundary(arena, &midnight, 1, "2018-11-04T03:00:00Z");
}

/* Who is to be charged from half past two on, when that comes a second time, is not charged an hour before. */
TEST(the_first_period_begins_in_the_second_of_two_hours)
{
    struct recurrence r = every(arena, 1, RECURRENCE_MONTH, "1970-01-01T00:00:00Z", "Europe/Berlin");
    recurrence_anchor(&r, instant_of_seconds(seconds("2027-10-31T01:30:00Z")));
    boundary(arena, &r, 0, "2027-10-31T01:30:00Z");
    boundary(arena, &r, 1, "2027-11-30T01:30:00Z");
    boundary(arena, &r, 12, "2028-10-31T01:30:00Z");
    struct period first = recurrence_period_of(&r, recurrence_at(&r, 0));
    CHECK_I64(first.n, 0);
    CHECK_I64(first.start.us, recurrence_at(&r, 0).us);
    CHECK_I64(recurrence_period_of(&r, (instant){ first.start.us - 1 }).n, -1);
    recurrence_anchor(&r, instant_of_seconds(seconds("2027-10-31T00:30:00Z")));
    boundary(arena, &r, 0, "2027-10-31T00:30:00Z");
    struct recurrence half = every(arena, 1, RECURRENCE_DAY, "1970-01-01T00:00:00Z", "Australia/Lord_Howe");
    recurrence_anchor(&half, instant_of_seconds(seconds("2027-04-03T15:15:00Z")));
    boundary(arena, &half, 0, "2027-04-03T15:15:00Z"); /* clocks are set back by half an hour */
    boundary(arena, &half, 1, "2027-04-04T15:15:00Z");
}

/* Samoa had no 30 December 2011. */
TEST(a_day_that_a_zone_skips_is_no_period)
{
    struct recurrence daily = every(arena, 1, RECURRENCE_DAY, "2011-12-29T00:00:00Z", "Pacific/Apia");
    struct period first = recurrence_period(&daily, 0), second = recurrence_period(&daily, 1);
    CHECK_STR(instant_iso(arena, first.end), STR("2011-12-30T10:00:00Z"));
    CHECK_I64(second.n, 2);
    CHECK_I64(second.start.us, first.end.us);
    CHECK_STR(instant_iso(arena, second.end), STR("2011-12-31T10:00:00Z"));
    struct recurrence monthly = every(arena, 1, RECURRENCE_MONTH, "2011-11-30T12:00:00Z", "Pacific/Apia");
    boundary(arena, &monthly, 1, "2011-12-30T10:00:00Z");
    boundary(arena, &monthly, 2, "2012-01-29T22:00:00Z");
}

TEST(units_have_names_and_bounds)
{
    enum recurrence_unit unit;
    CHECK(recurrence_unit_parse(STR("month"), &unit) && unit == RECURRENCE_MONTH);
    CHECK(recurrence_count_max(unit) == 36 && !recurrence_unit_parse(STR("fortnight"), &unit));
}
