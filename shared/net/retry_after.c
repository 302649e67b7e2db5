/*
 * A number of seconds, or a date in one of the three forms that a recipient has to take (RFC 9110, 5.6.7):
 * `Wed, 21 Oct 2026 07:28:00 GMT`, `Wednesday, 21-Oct-26 07:28:00 GMT` and `Wed Oct 21 07:28:00 2026`. The name of the
 * day is not looked at: it says nothing that the date does not.
 */
#include "shared/net/retry_after.h"

#include <string.h>

#include "shared/base/civil.h"
#include "shared/base/num.h"

#define DIGITS_MOST 18 /* that a number surely holds; more of them are as long as makes no difference */
#define DAY_S (24 * 3600)

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_number(str value)
{
    for (size_t i = 0; i < value.n; i++)
        if (!is_digit(value.p[i]))
            return false;
    return value.n > 0;
}

static int64_t number_of(str digits)
{
    int64_t ret;
    while (digits.n > 1 && digits.p[0] == '0')
        digits = (str){ digits.p + 1, digits.n - 1 };
    (void)num_digits(digits, 0, digits.n < DIGITS_MOST ? digits.n : DIGITS_MOST, &ret);
    return ret;
}

/* What follows the comma, or all: 0 is a digit, A the letter of a month, ? anything. */
struct form {
    const char *shape;
    size_t day, month, year, year_digits, time;
};
static const struct form forms[] = {
    { " 00 AAA 0000 00:00:00 GMT", 1, 4, 8, 4, 13 },
    { " 00-AAA-00 00:00:00 GMT", 1, 4, 8, 2, 11 },
    { "??? AAA 00 00:00:00 0000", 8, 4, 20, 4, 11 },
    { "??? AAA  0 00:00:00 0000", 9, 4, 20, 4, 11 },
};

static bool is_shaped(str s, const char *shape)
{
    if (s.n != strlen(shape))
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (shape[i] == '0' ? !is_digit(s.p[i]) : shape[i] != 'A' && shape[i] != '?' && shape[i] != s.p[i])
            return false;
    return true;
}

/* 0: no month has that name. */
static int month_of(const char *name)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (int i = 0; i < 12; i++)
        if (memcmp(name, months + 3 * i, 3) == 0)
            return i + 1;
    return 0;
}

/* Of two digits: none is more than 50 years ahead. */
static int64_t year_of(int64_t year, size_t digits, instant now)
{
    int64_t this = civil_of_days(instant_seconds(now) / DAY_S).year;
    if (digits == 2)
        year += this - this % 100;
    return digits == 2 && year > this + 50 ? year - 100 : year;
}

static int64_t date_seconds(str s, const struct form *f, instant now)
{
    int64_t day = 0, year = 0, hour = 0, minute = 0, second = 0;
    bool is_right = num_digits(s, f->day, s.p[f->day + 1] == ' ' ? 1 : 2, &day) &&
                    num_digits(s, f->year, f->year_digits, &year) && num_digits(s, f->time, 2, &hour) &&
                    num_digits(s, f->time + 3, 2, &minute) && num_digits(s, f->time + 6, 2, &second);
    int month = month_of(s.p + f->month);
    year = year_of(year, f->year_digits, now);
    if (!is_right || !month || day < 1 || day > civil_month_days(year, month) || hour > 23 || minute > 59 ||
        second > 60)
        return 0;
    int64_t at = civil_days((struct civil_date){ year, month, (int)day }) * DAY_S + hour * 3600 + minute * 60 + second;
    int64_t left = at - instant_seconds(now);
    return left > 0 ? left : 0;
}

int64_t retry_after_seconds(str value, instant now)
{
    if (is_number(value))
        return number_of(value);
    str day_name;
    (void)str_cut(&value, ',', &day_name);
    for (const struct form *f = forms; f < forms + sizeof forms / sizeof forms[0]; f++)
        if (is_shaped(value, f->shape))
            return date_seconds(value, f, now);
    return 0;
}
