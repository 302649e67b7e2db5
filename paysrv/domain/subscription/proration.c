/* See proration.h. */
#include "paysrv/domain/subscription/proration.h"

#include "shared/base/num.h"

__extension__ typedef __int128 wide;

int64_t proration_used(int64_t price_minor, const struct period *period, instant at)
{
    int64_t whole_s = instant_seconds(period->end) - instant_seconds(period->start);
    int64_t used_s = instant_seconds(at) - instant_seconds(period->start);
    if (used_s <= 0)
        return 0;
    if (used_s >= whole_s)
        return price_minor;
    return (int64_t)((wide)price_minor * used_s / whole_s);
}

int64_t proration_between(int64_t price_minor, const struct period *period, instant from, instant to)
{
    return instant_before(from, to)
               ? proration_used(price_minor, period, to) - proration_used(price_minor, period, from)
               : 0;
}

struct proration proration_of(int64_t old_minor, int64_t new_minor, const struct period *period, instant at,
                              instant until)
{
    return (struct proration){ proration_between(old_minor, period, at, until),
                               proration_between(new_minor, period, at, until) };
}

bool settlement_of(int64_t lines_minor, int64_t balance_minor, const struct charge_grain *grain, struct settlement *ret)
{
    int64_t left;
    if (!num_sub(lines_minor, balance_minor, &left) || left == INT64_MIN)
        return false;
    int64_t due = left > 0 ? left - left % grain->step_minor : 0;
    if (due < grain->least_minor)
        due = 0;
    *ret = (struct settlement){ due, due - left };
    return true;
}
