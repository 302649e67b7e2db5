/*
 * Clocks, and the calendar in UTC (proleptic Gregorian, ISO 8601). Counting years from March puts the leap day last,
 * so that the month follows from the day by arithmetic alone; no C library calendar, no time zone, no locale.
 */
#include "shared/base/instant.h"

#include <time.h>

#include "shared/base/arena.h"
#include "shared/base/panic.h"

#define US_PER_DAY ((int64_t)86400000000)
#define DAYS_PER_ERA 146097    /* 400 years */
#define DAYS_TO_MARCH_0 719468 /* from 0000-03-01 to 1970-01-01 */

struct civil {
    int64_t year;
    int month, day;
    int64_t us_of_day;
};

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static struct civil civil_of(instant t)
{
    int64_t days = floor_div(t.us, US_PER_DAY);
    struct civil c = { .us_of_day = t.us - days * US_PER_DAY };
    days += DAYS_TO_MARCH_0;
    int64_t era = floor_div(days, DAYS_PER_ERA);
    int64_t day_of_era = days - era * DAYS_PER_ERA;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    c.day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    c.month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    c.year = era * 400 + year_of_era + (c.month <= 2);
    return c;
}

str instant_iso(struct arena *a, instant t)
{
    struct civil c = civil_of(t);
    int ms = (int)(c.us_of_day / 1000 % 1000);
    int s = (int)(c.us_of_day / 1000000);
    str whole = arena_printf(a, "%04lld-%02d-%02dT%02d:%02d:%02d", (long long)c.year, c.month, c.day, s / 3600,
                             s / 60 % 60, s % 60);
    return ms ? arena_printf(a, "%.*s.%03dZ", STR_ARG(whole), ms) : arena_printf(a, "%.*sZ", STR_ARG(whole));
}

str instant_text(struct arena *a, instant t)
{
    struct civil c = civil_of(t);
    int minutes = (int)(c.us_of_day / 60000000);
    return arena_printf(a, "%04lld-%02d-%02d %02d:%02d UTC", (long long)c.year, c.month, c.day, minutes / 60,
                        minutes % 60);
}

str instant_date(struct arena *a, instant t)
{
    struct civil c = civil_of(t);
    return arena_printf(a, "%04lld-%02d-%02d", (long long)c.year, c.month, c.day);
}

static int64_t clock_us(clockid_t which)
{
    struct timespec now;
    if (clock_gettime(which, &now) != 0)
        panic("clock cannot be read");
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

instant wall_clock_now(void)
{
    return (instant){ clock_us(CLOCK_REALTIME) };
}

int64_t monotonic_us(void)
{
    return clock_us(CLOCK_MONOTONIC);
}
