/* When sales are available, and how much of them is held (MONEY 6.A9). */
#include "paysrv/domain/ledger/holdback.h"

#include "tests/support/test.h"

#define DAY INT64_C(86400)

static int64_t day_after(int64_t day, int32_t days, enum holdback_calendar calendar)
{
    return instant_seconds(holdback_day_after(instant_of_seconds(day * DAY + 3600), days, calendar)) - 3600;
}

/* Day 0 is a Thursday. */
TEST(holdback_days_are_calendar_or_working_ones)
{
    CHECK_I64(day_after(0, 0, CALENDAR_WEEKDAYS), 0);
    CHECK_I64(day_after(0, 1, CALENDAR_DAYS), 1 * DAY);
    CHECK_I64(day_after(0, 2, CALENDAR_DAYS), 2 * DAY);
    CHECK_I64(day_after(0, 1, CALENDAR_WEEKDAYS), 1 * DAY);
    CHECK_I64(day_after(0, 2, CALENDAR_WEEKDAYS), 4 * DAY);
    CHECK_I64(day_after(2, 1, CALENDAR_WEEKDAYS), 4 * DAY);
    CHECK_I64(day_after(3, 5, CALENDAR_WEEKDAYS), 8 * DAY);
    CHECK_I64(day_after(0, 10, CALENDAR_WEEKDAYS), 14 * DAY);
}

/* 2026-12-24 is a Thursday; Friday 25 and Saturday 26 are holidays, and so is 1 January. */
TEST(holdback_days_may_be_those_on_which_banks_settle)
{
    const int64_t day = 20811;
    CHECK_I64(day_after(day, 1, CALENDAR_WEEKDAYS), (day + 1) * DAY);
    CHECK_I64(day_after(day, 1, CALENDAR_TARGET), (day + 4) * DAY);
    CHECK_I64(day_after(day, 5, CALENDAR_TARGET), (day + 11) * DAY);
    enum holdback_calendar calendar;
    CHECK(holdback_calendar_parse(STR("target"), &calendar) && calendar == CALENDAR_TARGET);
    CHECK(!holdback_calendar_parse(STR("moon"), &calendar));
}

TEST(holdback_parts_sum_to_the_share)
{
    const struct holdback_terms terms = { 7, CALENDAR_DAYS, 1000, 90 };
    for (int64_t share = 0; share < 1000; share += 7) {
        const struct holdback_parts p = holdback_split(&terms, share, (instant){ 0 });
        CHECK_I64(p.delay_minor + p.reserve_minor, share);
        CHECK_I64(p.reserve_minor, share / 10);
    }
    const struct holdback_parts p = holdback_split(&terms, 700, (instant){ 0 });
    CHECK_I64(instant_seconds(p.delay_until), 7 * DAY);
    CHECK_I64(instant_seconds(p.reserve_until), 90 * DAY);
}

TEST(holdback_reserve_never_ends_before_the_delay)
{
    const struct holdback_terms terms = { 30, CALENDAR_DAYS, 10000, 5 };
    const struct holdback_parts p = holdback_split(&terms, INT64_C(1000000000000), (instant){ 0 });
    CHECK_I64(p.delay_minor, 0);
    CHECK_I64(p.reserve_minor, INT64_C(1000000000000));
    CHECK_I64(instant_seconds(p.reserve_until), 30 * DAY);
}

TEST(holdback_is_released_in_proportion_to_what_went_back)
{
    CHECK_I64(holdback_left(700, 1000, 0), 700);
    CHECK_I64(holdback_left(700, 1000, 1000), 0);
    CHECK_I64(holdback_left(700, 1000, 333), 466);
    CHECK_I64(holdback_left(INT64_C(1000000000000), INT64_C(1000000000000), 1), INT64_C(999999999999));
}
