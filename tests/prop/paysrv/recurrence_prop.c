/* Periods cover all time without gap or overlap in any zone; changes within one never gain or lose a minor unit. */
#include "paysrv/domain/subscription/proration.h"
#include "shared/base/civil.h"
#include "tests/prop/prop.h"
#include "tests/support/zones.h"

static const char *const zone_names[] = { "UTC",
                                          "Europe/Berlin",
                                          "America/Sao_Paulo",
                                          "Pacific/Apia",
                                          "Asia/Kathmandu",
                                          "Australia/Lord_Howe",
                                          "Africa/Casablanca",
                                          "America/Nuuk",
                                          "Europe/Dublin" };

static struct recurrence drawn(struct arena *arena, struct draw *draw)
{
    enum recurrence_unit unit = (enum recurrence_unit)draw_range(draw, 0, RECURRENCE_UNIT_COUNT - 1);
    size_t zone = (size_t)draw_range(draw, 0, sizeof zone_names / sizeof zone_names[0] - 1);
    return (struct recurrence){
        .unit = unit,
        .count = draw_range(draw, 1, recurrence_count_max(unit)),
        .anchor_local_s = draw_range(draw, INT64_C(1290000000), INT64_C(2300000000)),
        .zone = zones_load(arena, str_of(zone_names[zone])),
    };
}

PROPERTY(periods_follow_each_other_and_cover_all_time)
{
    struct recurrence r = drawn(arena, draw);
    struct period p = recurrence_period(&r, draw_range(draw, -20, 20));
    for (int i = 0; i < 20; i++) {
        struct period next = recurrence_period(&r, p.n + 1);
        CHECK(instant_before(p.start, p.end) && p.end.us == next.start.us && next.n > p.n);
        p = next;
    }
}

PROPERTY(a_moment_is_in_the_period_that_is_found_for_it)
{
    struct recurrence r = drawn(arena, draw);
    instant at = instant_of_seconds(r.anchor_local_s + draw_range(draw, INT64_C(-200000000), INT64_C(200000000)));
    struct period p = recurrence_period_of(&r, at);
    CHECK(!instant_before(at, p.start) && instant_before(at, p.end));
    CHECK_I64(recurrence_period(&r, p.n).start.us, p.start.us);
}

PROPERTY(months_keep_the_day_or_take_the_last)
{
    struct recurrence r = drawn(arena, draw);
    r.unit = RECURRENCE_MONTH;
    r.count = draw_range(draw, 1, recurrence_count_max(RECURRENCE_MONTH));
    r.zone = zones_load(arena, STR("UTC"));
    int64_t n = draw_range(draw, 0, 60), day = r.anchor_local_s / 86400;
    struct civil_date want = civil_of_days(day);
    struct civil_date got = civil_of_days(instant_seconds(recurrence_at(&r, n)) / 86400);
    int last = civil_month_days(got.year, got.month);
    CHECK_I64(got.year * 12 + got.month, want.year * 12 + want.month + n * r.count);
    CHECK_I64(got.day, want.day < last ? want.day : last);
}

/* A price for each stretch between changes: credits and charges sum to what the stretches cost, each counted alone. */
PROPERTY(changes_sum_to_what_was_used)
{
    struct recurrence r = drawn(arena, draw);
    struct period p = recurrence_period(&r, 0);
    int64_t price = draw_range(draw, 0, INT64_C(1000000000000)), balance = 0, paid = price, used = 0;
    const struct charge_grain grain = { draw_range(draw, 1, 1000), draw_range(draw, 1, 100) };
    int64_t most = grain.least_minor + grain.step_minor;
    instant at = p.start;
    for (int64_t left = draw_range(draw, 1, 6); left > 0; left--) {
        int64_t next_price = draw_range(draw, 0, INT64_C(1000000000000));
        int64_t rest_s = instant_seconds(p.end) - instant_seconds(at);
        instant change = instant_of_seconds(instant_seconds(at) + draw_range(draw, 0, rest_s));
        struct proration lines = proration_of(price, next_price, &p, change, p.end);
        struct settlement s;
        CHECK(lines.credit_minor >= 0 && lines.credit_minor <= price);
        CHECK(lines.charge_minor >= 0 && lines.charge_minor <= next_price);
        CHECK(settlement_of(lines.charge_minor - lines.credit_minor, balance, &grain, &s));
        CHECK(s.due_minor == 0 || (s.due_minor >= grain.least_minor && s.due_minor % grain.step_minor == 0));
        CHECK(s.balance_minor > -most);
        paid += s.due_minor;
        balance = s.balance_minor;
        used += proration_used(price, &p, change) - proration_used(price, &p, at);
        price = next_price;
        at = change;
    }
    used += price - proration_used(price, &p, at);
    CHECK_I64(paid - balance, used);
}
