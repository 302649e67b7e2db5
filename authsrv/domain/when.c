/* See when.h. */
#include "authsrv/domain/when.h"

#define AGO_MAX_DIGITS 9

static bool digits(str s, size_t from, size_t n, int64_t *ret)
{
    *ret = 0;
    for (size_t i = from; i < from + n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        *ret = *ret * 10 + (s.p[i] - '0');
    }
    return true;
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar; years that begin in March have their leap day last. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    int64_t y = month > 2 ? year : year - 1, m = (month + 9) % 12;
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

static int64_t days_in(int64_t year, int64_t month)
{
    return month == 12 ? 31 : days_of(year, month + 1, 1) - days_of(year, month, 1);
}

static bool date_parse(str s, instant *ret)
{
    static const char shape[] = "0000-00-00T00:00:00Z";
    int64_t year, month, day, hour, minute, second;
    if (s.n != sizeof shape - 1)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (shape[i] != '0' && s.p[i] != shape[i])
            return false;
    if (!digits(s, 0, 4, &year) || !digits(s, 5, 2, &month) || !digits(s, 8, 2, &day) || !digits(s, 11, 2, &hour) ||
        !digits(s, 14, 2, &minute) || !digits(s, 17, 2, &second))
        return false;
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_in(year, month) || hour > 23 || minute > 59 ||
        second > 59)
        return false;
    *ret = instant_of_seconds(days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second);
    return true;
}

static bool ago_parse(str s, instant now, instant *ret)
{
    static const char units[] = "smhd";
    static const int64_t seconds[] = { 1, 60, 3600, 86400 };
    int64_t n;
    if (s.n < 2 || s.n > AGO_MAX_DIGITS || !digits(s, 0, s.n - 1, &n))
        return false;
    const char *unit = memchr(units, s.p[s.n - 1], sizeof units - 1);
    if (!unit)
        return false;
    *ret = (instant){ now.us - SECONDS(n * seconds[unit - units]).us };
    return true;
}

bool when_parse(str text, instant now, instant *ret)
{
    return date_parse(text, ret) || ago_parse(text, now, ret);
}
