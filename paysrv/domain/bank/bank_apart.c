/* See bank_apart.h. */
#include "paysrv/domain/bank/bank_apart.h"

static struct apart all_of(const struct apart *days, size_t n)
{
    struct apart all = days[0];
    for (size_t i = 1; i < n; i++) {
        all.low = days[i].low < all.low ? days[i].low : all.low;
        all.high = days[i].high > all.high ? days[i].high : all.high;
    }
    return all;
}

bool bank_apart_judge(const struct apart *days, size_t n, struct apart *was)
{
    n = n > 2 * APART_DAYS ? 2 * APART_DAYS : n;
    if (n <= APART_DAYS)
        return false;
    struct apart is = all_of(days, APART_DAYS);
    *was = all_of(days + APART_DAYS, n - APART_DAYS);
    return is.low > was->high || is.high < was->low;
}
