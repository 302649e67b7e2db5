/*
 * Amounts: integers in the minor unit of an ISO 4217 currency (MONEY 6.A 1 and 4). Nothing here is ever a fraction,
 * and what would overflow is refused instead of wrapped.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "shared/base/str.h"

#define MONEY_MAX_MINOR 1000000000000LL /* of one payment; products with basis points stay far from overflow */

/* The least and the most that one payment may be, in a currency. */
struct money_limit {
    str currency;
    int64_t low_minor, high_minor;
};

#define MONEY_LIMITS_MAX 200
struct money_limits {
    struct money_limit items[MONEY_LIMITS_MAX];
    size_t n;
};

/* "EUR 50 1000000, JPY 50 2000000": each currency once, both amounts in its minor unit. *ret points into text. */
bool money_limits_parse(str text, struct money_limits *ret);
/* What can be charged of a currency: nothing below the least, and whole steps. */
struct charge_grain {
    int64_t least_minor, step_minor; /* 1 or more */
};

/* Of a currency without a limit of its own: 1 to MONEY_MAX_MINOR. */
struct money_limit money_limit_of(const struct money_limits *limits, str currency);
