/* Times of payout schedules: clamped months, days on which banks settle, clocks that change, any moment of downtime. */
#include "paysrv/domain/payout/payout_schedule.h"

#include "shared/crypto/crypto.h"
#include "tests/support/test.h"
#include "tests/support/zones.h"

static instant at(const char *utc)
{
    instant t;
    CHECK(instant_parse(str_of(utc), &t));
    return t;
}

static void next_is(struct arena *arena, const struct payout_schedule *s, const char *after, const char *then)
{
    CHECK_STR(instant_iso(arena, payout_schedule_next(s, at(after))), str_of(then));
}

TEST(payout_schedule_target_is_closed_at_easter_and_the_like)
{
    static const struct civil_date closed[] = { { 2024, 3, 29 },  { 2024, 4, 1 },  { 2025, 4, 18 },  { 2025, 4, 21 },
                                                { 2026, 4, 3 },   { 2026, 4, 6 },  { 2027, 3, 26 },  { 2038, 4, 26 },
                                                { 2026, 5, 1 },   { 2026, 1, 1 },  { 2026, 12, 25 }, { 2026, 11, 28 },
                                                { 2026, 11, 29 }, { 2025, 12, 26 } };
    static const struct civil_date open[] = { { 2026, 4, 2 },   { 2026, 4, 7 }, { 2026, 12, 24 }, { 2026, 12, 28 },
                                              { 2026, 11, 27 }, { 2026, 6, 1 }, { 2026, 11, 25 } };
    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++)
        CHECK(!target_is_open(civil_days(closed[i])));
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
        CHECK(target_is_open(civil_days(open[i])));
}

TEST(payout_schedule_months_have_their_last_day_and_clocks_change)
{
    struct payout_schedule s = { SCHEDULE_MONTH, 31, 10 * 60, false, zones_load(arena, STR("Europe/Berlin")) };
    next_is(arena, &s, "2026-01-31T08:59:59Z", "2026-01-31T09:00:00Z");
    next_is(arena, &s, "2026-01-31T09:00:00Z", "2026-02-28T09:00:00Z");
    next_is(arena, &s, "2026-02-28T09:00:00Z", "2026-03-31T08:00:00Z");
    s.settles = true;
    next_is(arena, &s, "2026-02-20T09:00:00Z", "2026-03-02T09:00:00Z");
    next_is(arena, &s, "2026-02-28T09:00:00Z", "2026-03-02T09:00:00Z");
    s.minute = 2 * 60 + 30;
    s.day = 29;
    s.settles = false;
    next_is(arena, &s, "2026-03-20T00:00:00Z", "2026-03-29T01:00:00Z");
}

TEST(payout_schedule_weeks_and_days)
{
    struct payout_schedule s = { SCHEDULE_WEEK, 5, 0, true, zones_load(arena, STR("Pacific/Apia")) };
    next_is(arena, &s, "2026-11-26T12:00:00Z", "2026-12-03T11:00:00Z");
    next_is(arena, &s, "2026-11-26T10:59:59Z", "2026-11-26T11:00:00Z");
    s = (struct payout_schedule){ SCHEDULE_DAY, 0, 9 * 60, true, zones_load(arena, STR("Europe/Berlin")) };
    next_is(arena, &s, "2026-11-27T08:00:00Z", "2026-11-30T08:00:00Z");
    next_is(arena, &s, "2026-04-02T07:00:00Z", "2026-04-07T07:00:00Z");
}

/* Whatever moment a server comes back at, the next time is after it, and no time lies between. */
TEST(payout_schedule_next_is_the_first_after_any_moment)
{
    static const char *const zones[] = { "Europe/Berlin", "America/Sao_Paulo", "Pacific/Apia", "Asia/Kathmandu" };
    for (size_t z = 0; z < 4; z++)
        for (int unit = SCHEDULE_DAY; unit <= SCHEDULE_MONTH; unit++)
            for (int settles = 0; settles < 2; settles++) {
                const struct payout_schedule s = { (enum schedule_unit)unit, unit == SCHEDULE_DAY ? 0 : 7, 17 * 60,
                                                   settles, zones_load(arena, str_of(zones[z])) };
                instant t = at("2026-01-01T00:00:00Z");
                for (int i = 0; i < 400; i++, t = instant_add(t, HOURS(31))) {
                    instant then = payout_schedule_next(&s, t), before = { then.us - 1 };
                    CHECK(instant_before(t, then));
                    CHECK(payout_schedule_next(&s, before).us == then.us);
                    CHECK(then.us - t.us <= DAYS(38).us);
                }
            }
}

TEST(payout_schedule_terms_are_bound_in_every_part)
{
    const struct schedule_terms base = { STR("pos_1"),
                                         STR("usr_1"),
                                         STR("req_1"),
                                         STR("EUR"),
                                         STR("Europe/Berlin"),
                                         { { 1 } },
                                         { SCHEDULE_WEEK, 1, 600, true, NULL },
                                         1000 };
    struct schedule_terms other[8];
    for (size_t i = 0; i < 8; i++)
        other[i] = base;
    other[0].requisite = STR("req_2");
    other[1].zone = STR("Europe/Paris");
    other[2].destination.b[31] = 9;
    other[3].when.unit = SCHEDULE_MONTH;
    other[4].when.day = 2;
    other[5].when.minute = 601;
    other[6].when.settles = false;
    other[7].minimum_minor = 1;
    digest one = schedule_terms_hash(arena, &base);
    for (size_t i = 0; i < 8; i++) {
        digest d = schedule_terms_hash(arena, &other[i]);
        CHECK(!equal_digest(&one, &d));
    }
}

TEST(payout_schedule_texts)
{
    int minute;
    CHECK(schedule_time_parse(STR("09:30"), &minute) && minute == 570);
    CHECK_STR(schedule_time_text(arena, 570), STR("09:30"));
    static const char *const bad[] = { "9:30",  "24:00", "12:60", "12-30", "",     "-1:00",
                                       "123:0", "1/:00", "0::00", "10:1/", "10:-1" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        CHECK(!schedule_time_parse(str_of(bad[i]), &minute));
    CHECK(schedule_time_parse(STR("00:00"), &minute) && minute == 0);
    CHECK(schedule_time_parse(STR("23:59"), &minute) && minute == 1439);
    CHECK(schedule_day_fits(SCHEDULE_DAY, 0) && !schedule_day_fits(SCHEDULE_DAY, 1));
    CHECK(schedule_day_fits(SCHEDULE_WEEK, 1) && !schedule_day_fits(SCHEDULE_WEEK, 0));
    CHECK(schedule_day_fits(SCHEDULE_WEEK, 7) && !schedule_day_fits(SCHEDULE_WEEK, 8));
    CHECK(schedule_day_fits(SCHEDULE_MONTH, 1) && !schedule_day_fits(SCHEDULE_MONTH, 0));
    CHECK(schedule_day_fits(SCHEDULE_MONTH, 31) && !schedule_day_fits(SCHEDULE_MONTH, 32));
    enum schedule_unit unit;
    for (int i = SCHEDULE_DAY; i <= SCHEDULE_MONTH; i++)
        CHECK(schedule_unit_parse(schedule_unit_name((enum schedule_unit)i), &unit) && (int)unit == i);
    CHECK(!schedule_unit_parse(STR("year"), &unit));
}
