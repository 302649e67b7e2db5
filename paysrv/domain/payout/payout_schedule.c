/* See payout_schedule.h; MONEY 6.A8. */
#include "paysrv/domain/payout/payout_schedule.h"

#include "shared/crypto/crypto.h"
#include "shared/text/encode.h"

#define DAY_S 86400
#define SUNDAY 7

static const char *const unit_names[] = {
    [SCHEDULE_DAY] = "day", [SCHEDULE_WEEK] = "week", [SCHEDULE_MONTH] = "month"
};

str schedule_unit_name(enum schedule_unit unit)
{
    return str_of(unit_names[unit]);
}

bool schedule_unit_parse(str name, enum schedule_unit *ret)
{
    for (int i = SCHEDULE_DAY; i <= SCHEDULE_MONTH; i++)
        if (str_eq(name, str_of(unit_names[i]))) {
            *ret = (enum schedule_unit)i;
            return true;
        }
    return false;
}

/* Two digits; -1: none. */
static int two_digits(const char *p)
{
    if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
        return -1;
    return (p[0] - '0') * 10 + p[1] - '0';
}

bool schedule_time_parse(str text, int *minute)
{
    if (text.n != 5 || text.p[2] != ':')
        return false;
    int hours = two_digits(text.p), minutes = two_digits(text.p + 3);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        return false;
    *minute = hours * 60 + minutes;
    return true;
}

str schedule_time_text(struct arena *a, int minute)
{
    return arena_printf(a, "%02d:%02d", minute / 60, minute % 60);
}

bool schedule_day_fits(enum schedule_unit unit, int64_t day)
{
    switch (unit) {
    case SCHEDULE_DAY:
        return day == 0;
    case SCHEDULE_WEEK:
        return day >= 1 && day <= 7;
    case SCHEDULE_MONTH:
        return day >= 1 && day <= 31;
    }
    return false;
}

/* ---- days ---- */

/* 1 Monday to 7: 1970-01-01 was a Thursday. */
static int weekday(int64_t day)
{
    return (int)(day + 3 - civil_floor_div(day + 3, 7) * 7) + 1;
}

/* Easter Sunday (Gauss, as completed by Lichtenberg), as a day since 1970. */
static int64_t easter(int64_t year)
{
    int64_t k = year / 100, m = 15 + (3 * k + 3) / 4 - (8 * k + 13) / 25, s = 2 - (3 * k + 3) / 4;
    int64_t a = year % 19, d = (19 * a + m) % 30, r = (d + a / 11) / 29;
    int64_t og = 21 + d - r, sz = 7 - (year + year / 4 + s) % 7, oe = 7 - (og - sz) % 7;
    return civil_days((struct civil_date){ year, 3, 1 }) + og + oe - 1;
}

bool target_is_open(int64_t day)
{
    struct civil_date date = civil_of_days(day);
    if (weekday(day) >= SUNDAY - 1)
        return false;
    if ((date.month == 1 && date.day == 1) || (date.month == 5 && date.day == 1) ||
        (date.month == 12 && (date.day == 25 || date.day == 26)))
        return false;
    int64_t from_easter = day - easter(date.year);
    return from_easter != -2 && from_easter != 1;
}

static instant time_of(const struct payout_schedule *s, int64_t day)
{
    while (s->settles && !target_is_open(day))
        day++;
    return instant_of_seconds(zone_utc(s->zone, day * DAY_S + s->minute * 60));
}

/* The n-th day that is meant, from well before `today` on. */
static int64_t nominal(const struct payout_schedule *s, int64_t today, int n)
{
    struct civil_date date = civil_of_days(today);
    switch (s->unit) {
    case SCHEDULE_DAY:
        return today - 10 + n;
    case SCHEDULE_WEEK:
        return today - weekday(today) + s->day + (n - 3) * 7;
    case SCHEDULE_MONTH:
        date.day = s->day;
        return civil_days(civil_months_later(date, n - 2));
    }
    return today + n;
}

instant payout_schedule_next(const struct payout_schedule *s, instant after)
{
    int64_t today = civil_floor_div(zone_local(s->zone, instant_seconds(after)), DAY_S);
    for (int n = 0;; n++) {
        instant at = time_of(s, nominal(s, today, n));
        if (instant_before(after, at))
            return at;
    }
}

digest schedule_terms_hash(struct arena *a, const struct schedule_terms *x)
{
    str hex = hex_encode(a, digest_bytes(&x->destination)), unit = schedule_unit_name(x->when.unit);
    str who = arena_printf(a, "%.*s|%.*s|%.*s|%.*s|%.*s|%.*s", STR_ARG(x->schedule), STR_ARG(x->user),
                           STR_ARG(x->requisite), STR_ARG(hex), STR_ARG(x->currency), STR_ARG(x->zone));
    return sha256_str(arena_printf(a, "%.*s|%.*s|%d|%d|%d|%lld", STR_ARG(who), STR_ARG(unit), x->when.day,
                                   x->when.minute, x->when.settles, (long long)x->minimum_minor));
}
