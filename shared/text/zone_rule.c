/* See zone_rule.h. */
#include "shared/text/zone_rule.h"

#include "shared/base/civil.h"
#include "shared/base/num.h"

#define DAY_S 86400
#define HOUR_MAX 167 /* of the time of a change */

static bool take(str *s, char c)
{
    if (s->n == 0 || s->p[0] != c)
        return false;
    *s = (str){ s->p + 1, s->n - 1 };
    return true;
}

static bool take_number(str *s, int max, int *ret)
{
    int64_t value;
    size_t n = 0;
    while (n < s->n && n < 4 && s->p[n] >= '0' && s->p[n] <= '9')
        n++;
    if (n == 0 || !num_digits(*s, 0, n, &value) || value > max)
        return false;
    *s = (str){ s->p + n, s->n - n };
    *ret = (int)value;
    return true;
}

/* [+|-]hh[:mm[:ss]] */
static bool take_time(str *s, int hour_max, int64_t *ret)
{
    bool negative = take(s, '-');
    int hour, minute = 0, second = 0;
    if (!negative)
        take(s, '+');
    if (!take_number(s, hour_max, &hour))
        return false;
    if (take(s, ':') && (!take_number(s, 59, &minute) || (take(s, ':') && !take_number(s, 59, &second))))
        return false;
    *ret = (int64_t)hour * 3600 + minute * 60 + second;
    if (negative)
        *ret = -*ret;
    return true;
}

/* The name of an offset is of no use here. */
static bool skip_name(str *s)
{
    size_t n = 0;
    bool quoted = take(s, '<');
    while (n < s->n && (quoted ? s->p[n] != '>' : (s->p[n] | 32) >= 'a' && (s->p[n] | 32) <= 'z'))
        n++;
    if (n < 3)
        return false;
    *s = (str){ s->p + n, s->n - n };
    return !quoted || take(s, '>');
}

static bool take_date(str *s, struct zone_date *ret)
{
    *ret = (struct zone_date){ .kind = ZONE_DATE_ZERO, .time_s = 7200 };
    if (take(s, 'M')) {
        ret->kind = ZONE_DATE_MONTH;
        if (!take_number(s, 12, &ret->month) || !take(s, '.') || !take_number(s, 5, &ret->week) || !take(s, '.') ||
            !take_number(s, 6, &ret->day) || ret->month == 0 || ret->week == 0)
            return false;
    } else if (take(s, 'J')) {
        ret->kind = ZONE_DATE_JULIAN;
        if (!take_number(s, 365, &ret->day) || ret->day == 0)
            return false;
    } else if (!take_number(s, 365, &ret->day)) {
        return false;
    }
    return !take(s, '/') || take_time(s, HOUR_MAX, &ret->time_s);
}

static bool offset_good(int64_t offset_s)
{
    return offset_s >= ZONE_OFFSET_MIN_S && offset_s <= ZONE_OFFSET_MAX_S;
}

/* POSIX counts offsets westwards. */
static bool take_offset(str *s, int64_t *ret)
{
    int64_t west_s;
    if (!take_time(s, 24, &west_s))
        return false;
    *ret = -west_s;
    return true;
}

bool zone_rule_parse(str text, struct zone_rule *ret)
{
    struct zone_rule read = { .has_summer = false };
    if (!skip_name(&text) || !take_offset(&text, &read.standard_s))
        return false;
    read.summer_s = read.standard_s;
    if (text.n > 0) {
        read.has_summer = true;
        read.summer_s = read.standard_s + 3600;
        if (!skip_name(&text) || (text.n > 0 && text.p[0] != ',' && !take_offset(&text, &read.summer_s)) ||
            !take(&text, ',') || !take_date(&text, &read.begins) || !take(&text, ',') || !take_date(&text, &read.ends))
            return false;
    }
    if (text.n > 0 || !offset_good(read.standard_s) || !offset_good(read.summer_s))
        return false;
    *ret = read;
    return true;
}

/* The day of the week-th weekday of a month, the last one for week 5; 1970-01-01 was a Thursday. */
static int64_t month_date(int64_t year, const struct zone_date *date)
{
    int64_t first = civil_days((struct civil_date){ year, date->month, 1 });
    int64_t weekday = ((first + 4) % 7 + 7) % 7;
    int64_t day = (date->day - weekday + 7) % 7 + (int64_t)(date->week - 1) * 7;
    while (day >= civil_month_days(year, date->month))
        day -= 7;
    return first + day;
}

/* The local time of a change, counted as if it were UTC. */
static int64_t date_of(int64_t year, const struct zone_date *date)
{
    int64_t first = civil_days((struct civil_date){ year, 1, 1 }), day = first + date->day;
    switch (date->kind) {
    case ZONE_DATE_MONTH:
        day = month_date(year, date);
        break;
    case ZONE_DATE_JULIAN:
        day = first + date->day - 1 + (date->day >= 60 && civil_month_days(year, 2) == 29);
        break;
    case ZONE_DATE_ZERO:
        break;
    }
    return day * DAY_S + date->time_s;
}

struct change {
    int64_t at_s, offset_s;
};

/* Both changes of a year, in their order. */
static void changes_of(const struct zone_rule *rule, int64_t year, struct change *ret)
{
    struct change begins = { date_of(year, &rule->begins) - rule->standard_s, rule->summer_s };
    struct change ends = { date_of(year, &rule->ends) - rule->summer_s, rule->standard_s };
    bool ends_first = ends.at_s < begins.at_s;
    ret[0] = ends_first ? ends : begins;
    ret[1] = ends_first ? begins : ends;
}

struct zone_stretch zone_rule_stretch(const struct zone_rule *rule, int64_t utc_s)
{
    struct change changes[8];
    struct zone_stretch ret = { INT64_MIN, INT64_MAX, rule->standard_s };
    if (!rule->has_summer)
        return ret;
    int64_t year = civil_of_days(utc_s / DAY_S - (utc_s % DAY_S < 0)).year;
    for (int i = 0; i < 4; i++)
        changes_of(rule, year - 2 + i, &changes[(ptrdiff_t)i * 2]);
    for (int i = 0; i < 8; i++) {
        if (changes[i].at_s > utc_s) {
            ret.end_s = changes[i].at_s;
            break;
        }
        ret.start_s = changes[i].at_s;
        ret.offset_s = changes[i].offset_s;
    }
    return ret;
}
