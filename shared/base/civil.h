/* Days and dates of the proleptic Gregorian calendar (ISO 8601), without zone, locale or C library. */
#pragma once

#include <stdint.h>

struct civil_date {
    int64_t year;
    int month, day; /* from 1 */
};

/* Days since 1970-01-01, and back. */
struct civil_date civil_of_days(int64_t days);
int64_t civil_days(struct civil_date date);
int civil_month_days(int64_t year, int month);
/* The same day so many months later, or earlier; the last one of a month that has no such day. */
struct civil_date civil_months_later(struct civil_date date, int64_t months);
/* Division that rounds down also below zero: days of seconds, weeks of days. */
int64_t civil_floor_div(int64_t a, int64_t b);
