/* See when.h. */
#include "shared/text/when.h"

#include "shared/base/num.h"

#define AGO_MAX_DIGITS 9

static bool ago_parse(str s, instant now, instant *ret)
{
    static const char units[] = "smhd";
    static const int64_t seconds[] = { 1, 60, 3600, 86400 };
    int64_t n;
    if (s.n < 2 || s.n > AGO_MAX_DIGITS || !num_digits(s, 0, s.n - 1, &n))
        return false;
    const char *unit = memchr(units, s.p[s.n - 1], sizeof units - 1);
    if (!unit)
        return false;
    *ret = (instant){ now.us - SECONDS(n * seconds[unit - units]).us };
    return true;
}

bool when_parse(str text, instant now, instant *ret)
{
    return instant_parse(text, ret) || ago_parse(text, now, ret);
}
