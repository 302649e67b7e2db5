/* See test_clock.h. */
#include "paysrv/domain/test_clock.h"

#include "shared/base/civil.h"
#include "shared/base/num.h"

#define DAY_S INT64_C(86400)
#define DIGITS_MOST 6

struct unit {
    char letter;
    bool is_time; /* after the T */
    int64_t months, seconds;
};

/* In the order in which they have to stand. */
static const struct unit units[] = {
    { 'Y', false, 12, 0 },           { 'M', false, 1, 0 }, { 'W', false, 0, 7 * DAY_S }, { 'D', false, 0, DAY_S },
    { 'H', true, 0, INT64_C(3600) }, { 'M', true, 0, 60 }, { 'S', true, 0, 1 },
};
#define UNITS (sizeof units / sizeof units[0])

static size_t digits_at(str s, size_t at)
{
    size_t n = 0;
    while (at + n < s.n && s.p[at + n] >= '0' && s.p[at + n] <= '9')
        n++;
    return n;
}

/* The unit with this letter that may come next; UNITS: none. */
static size_t unit_find(size_t from, char letter, bool is_time)
{
    size_t i = from;
    while (i < UNITS && (units[i].letter != letter || units[i].is_time != is_time))
        i++;
    return i;
}

bool calendar_duration_parse(str s, struct calendar_duration *ret)
{
    struct calendar_duration sum = { 0, 0 };
    size_t at = 1, next = 0;
    bool is_time = false, ends_in_t = false;
    if (s.n < 3 || s.p[0] != 'P')
        return false;
    while (at < s.n) {
        if (s.p[at] == 'T' && !is_time) {
            is_time = ends_in_t = true;
            at++;
            continue;
        }
        int64_t n;
        size_t digits = digits_at(s, at);
        if (digits == 0 || digits > DIGITS_MOST || at + digits >= s.n || !num_digits(s, at, digits, &n))
            return false;
        size_t i = unit_find(next, s.p[at + digits], is_time);
        if (i == UNITS)
            return false;
        sum.months += n * units[i].months;
        sum.seconds += n * units[i].seconds;
        next = i + 1;
        at += digits + 1;
        ends_in_t = false;
    }
    if (ends_in_t)
        return false;
    *ret = sum;
    return true;
}

instant calendar_duration_add(instant at, const struct calendar_duration *d)
{
    int64_t day_us = DAY_S * 1000000, days = civil_floor_div(at.us, day_us), rest_us = at.us - days * day_us;
    struct civil_date date = civil_months_later(civil_of_days(days), d->months);
    instant ret;
    bool is_held = num_mul(civil_days(date), day_us, &ret.us) && num_add(ret.us, rest_us, &ret.us) &&
                   num_add(ret.us, SECONDS(d->seconds).us, &ret.us);
    return is_held ? ret : (instant){ INT64_MAX };
}

enum advance_verdict advance_judge(instant now, instant target, instant wall)
{
    const struct calendar_duration most = { ADVANCE_MOST_MONTHS, 0 }, ahead = { ADVANCE_MOST_AHEAD_MONTHS, 0 };
    if (!instant_before(now, target))
        return ADVANCE_NOT_FORWARD;
    if (instant_before(calendar_duration_add(now, &most), target))
        return ADVANCE_TOO_FAR;
    return instant_before(calendar_duration_add(wall, &ahead), target) ? ADVANCE_TOO_LATE : ADVANCE_GOOD;
}

str advance_verdict_name(enum advance_verdict verdict)
{
    static const char *const names[] = {
#define ADVANCE_VERDICT_NAME(name, text) text,
        ADVANCE_VERDICTS(ADVANCE_VERDICT_NAME)
    };
    return str_of(names[verdict]);
}
