/* Counting years from March puts the leap day last, so that the month follows from the day by arithmetic alone. */
#include "shared/base/civil.h"

#include <stdbool.h>

#define DAYS_PER_ERA 146097    /* 400 years */
#define DAYS_TO_MARCH_0 719468 /* from 0000-03-01 to 1970-01-01 */

int64_t civil_floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

struct civil_date civil_of_days(int64_t days)
{
    struct civil_date c;
    days += DAYS_TO_MARCH_0;
    int64_t era = civil_floor_div(days, DAYS_PER_ERA);
    int64_t day_of_era = days - era * DAYS_PER_ERA;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    c.day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    c.month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    c.year = era * 400 + year_of_era + (c.month <= 2);
    return c;
}

int64_t civil_days(struct civil_date date)
{
    int64_t year = date.year - (date.month <= 2);
    int64_t era = civil_floor_div(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t month_from_march = (date.month + 9) % 12;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    return era * DAYS_PER_ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - DAYS_TO_MARCH_0;
}

int civil_month_days(int64_t year, int month)
{
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (month == 2)
        return is_leap ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

struct civil_date civil_months_later(struct civil_date date, int64_t months)
{
    int64_t month = date.year * 12 + date.month - 1 + months;
    date.year = civil_floor_div(month, 12);
    date.month = (int)(month - date.year * 12) + 1;
    int last = civil_month_days(date.year, date.month);
    date.day = date.day > last ? last : date.day;
    return date;
}
