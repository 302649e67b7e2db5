/*
 * Amounts: integers in the minor unit of an ISO 4217 currency (MONEY 6.A 1 and 4). Nothing here is ever a fraction,
 * and what would overflow is refused instead of wrapped.
 */
#pragma once

#include <stdint.h>

#include "shared/base/str.h"

#define MONEY_MAX_MINOR 1000000000000LL /* of one payment; products with basis points stay far from overflow */

struct money {
    int64_t minor;
    str currency;
};

/* A currency that we take and 1 .. MONEY_MAX_MINOR of it. */
bool money_of(int64_t minor, str currency, struct money *ret);
/* false: other currencies, or the sum is no amount. */
bool money_add(struct money a, struct money b, struct money *ret);
bool money_sub(struct money a, struct money b, struct money *ret);
