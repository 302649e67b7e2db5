/* See recurrence.h. */
#include "paysrv/domain/subscription/recurrence.h"

#include "shared/base/civil.h"

#define DAY_S 86400

static const struct {
    const char *name;
    int64_t count_max;
} units[RECURRENCE_UNIT_COUNT] = {
#define UNIT_ROW(name, text, most) [RECURRENCE_##name] = { text, most },
    RECURRENCE_UNITS(UNIT_ROW)
};

bool recurrence_unit_parse(str name, enum recurrence_unit *ret)
{
    for (unsigned i = 0; i < RECURRENCE_UNIT_COUNT; i++) {
        if (str_eq(name, str_of(units[i].name))) {
            *ret = (enum recurrence_unit)i;
            return true;
        }
    }
    return false;
}

int64_t recurrence_count_max(enum recurrence_unit unit)
{
    return units[unit].count_max;
}

/* The anchor's day so many months later, or the last day of that month. */
static int64_t months_later(int64_t day, int64_t months)
{
    return civil_days(civil_months_later(civil_of_days(day), months));
}

void recurrence_anchor(struct recurrence *r, instant at)
{
    r->anchor_local_s = zone_local(r->zone, instant_seconds(at));
    r->anchor_again = zone_utc(r->zone, r->anchor_local_s) != instant_seconds(at);
}

/* The second time: by the clocks of a day later, which have been set back. */
static instant second_of(const struct zone *zone, int64_t local_s)
{
    int64_t later_s = zone_utc(zone, local_s) + DAY_S;
    return instant_of_seconds(local_s - (zone_local(zone, later_s) - later_s));
}

instant recurrence_at(const struct recurrence *r, int64_t n)
{
    if (n == 0 && r->anchor_again)
        return second_of(r->zone, r->anchor_local_s);
    int64_t day = civil_floor_div(r->anchor_local_s, DAY_S), time_s = r->anchor_local_s - day * DAY_S;
    int64_t steps = n * r->count;
    switch (r->unit) {
    case RECURRENCE_DAY:
        day += steps;
        break;
    case RECURRENCE_WEEK:
        day += steps * 7;
        break;
    case RECURRENCE_MONTH:
        day = months_later(day, steps);
        break;
    case RECURRENCE_YEAR:
        day = months_later(day, steps * 12);
        break;
    case RECURRENCE_UNIT_COUNT:
        break;
    }
    return instant_of_seconds(zone_utc(r->zone, day * DAY_S + time_s));
}

struct period recurrence_period(const struct recurrence *r, int64_t n)
{
    struct period p = { n, recurrence_at(r, n), recurrence_at(r, n + 1) };
    while (!instant_before(p.start, p.end)) {
        p.n++;
        p.end = recurrence_at(r, p.n + 1);
    }
    return p;
}

/* An estimate that is never too late: no period is shorter than this by more than one in all. */
static int64_t period_longest_s(const struct recurrence *r)
{
    static const int64_t unit_s[RECURRENCE_UNIT_COUNT] = {
        [RECURRENCE_DAY] = DAY_S,
        [RECURRENCE_WEEK] = 7 * DAY_S,
        [RECURRENCE_MONTH] = 31 * DAY_S,
        [RECURRENCE_YEAR] = 366 * DAY_S,
    };
    return unit_s[r->unit] * r->count;
}

struct period recurrence_period_of(const struct recurrence *r, instant at)
{
    int64_t anchor_s = zone_utc(r->zone, r->anchor_local_s), passed_s = instant_seconds(at) - anchor_s;
    int64_t n = civil_floor_div(passed_s, period_longest_s(r)) - 1;
    if (passed_s < 0) /* periods before the anchor may be shorter than the longest, so more of them have passed */
        n = n * 2 - 1;
    struct period p = recurrence_period(r, n);
    while (!instant_before(at, p.end))
        p = recurrence_period(r, p.n + 1);
    return p;
}
