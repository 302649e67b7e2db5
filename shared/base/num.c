/* Strict decimal parsing: one spelling per number, so that two readers of one text never disagree. */
#include "shared/base/num.h"

bool num_parse(str s, int64_t *ret)
{
    bool negative = s.n && s.p[0] == '-';
    size_t at = negative ? 1 : 0;
    if (at == s.n)
        return false;
    if (s.p[at] == '0' && (negative || s.n > 1))
        return false;
    int64_t value = 0;
    for (; at < s.n; at++) {
        char c = s.p[at];
        if (c < '0' || c > '9')
            return false;
        int digit = negative ? '0' - c : c - '0';
        if (!num_mul(value, 10, &value) || !num_add(value, digit, &value))
            return false;
    }
    *ret = value;
    return true;
}

bool num_digits(str s, size_t from, size_t n, int64_t *ret)
{
    int64_t value = 0;
    for (size_t i = from; i < from + n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        value = value * 10 + (s.p[i] - '0');
    }
    *ret = value;
    return true;
}
