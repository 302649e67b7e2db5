/* Largest remainder over basis points. See split.h. */
#include "paysrv/domain/split.h"

#include "paysrv/domain/money.h"

static bool is_split(const int32_t *weights_bp, size_t n)
{
    int64_t sum = 0;
    if (n == 0 || n > SPLIT_MAX_PARTIES)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (weights_bp[i] < 0 || weights_bp[i] > SPLIT_BP)
            return false;
        sum += weights_bp[i];
    }
    return sum == SPLIT_BP;
}

bool split_allocate(int64_t amount_minor, const int32_t *weights_bp, size_t n, int64_t *shares)
{
    if (!is_split(weights_bp, n) || amount_minor < 0 || amount_minor > MONEY_MAX_MINOR)
        return false;
    int64_t remainders[SPLIT_MAX_PARTIES], left = amount_minor;
    for (size_t i = 0; i < n; i++) {
        int64_t product = amount_minor * weights_bp[i]; /* at most 10^16 */
        shares[i] = product / SPLIT_BP;
        remainders[i] = product % SPLIT_BP;
        left -= shares[i];
    }
    for (; left > 0; left--) { /* fewer than n units: one to each of the largest remainders */
        size_t best = 0;
        for (size_t i = 1; i < n; i++)
            if (remainders[i] > remainders[best])
                best = i;
        shares[best]++;
        remainders[best] = -1;
    }
    return true;
}

bool split_part(int64_t total_minor, const int32_t *weights_bp, size_t n, int64_t before_minor, int64_t part_minor,
                int64_t *shares)
{
    int64_t until[SPLIT_MAX_PARTIES], before[SPLIT_MAX_PARTIES];
    if (before_minor < 0 || part_minor < 0 || before_minor > total_minor || part_minor > total_minor - before_minor)
        return false;
    if (!split_allocate(before_minor + part_minor, weights_bp, n, until) ||
        !split_allocate(before_minor, weights_bp, n, before))
        return false;
    for (size_t i = 0; i < n; i++)
        shares[i] = until[i] - before[i];
    return true;
}
