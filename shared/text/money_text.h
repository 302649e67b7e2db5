/* Currencies and amounts as text. An amount is always an integer in minor units; only here does it get a point. */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/base/str.h"

/* Decimal places of an ISO 4217 currency: 0, 2, 3 or 4. false: no currency that we take (funds codes, metals, XXX). */
bool currency_exponent(str currency, int *ret);
/* "1234.50", "-0.05", "700" (JPY): no grouping; for bank files. Aborts on a currency that currency_exponent refuses. */
str money_decimal(struct arena *a, int64_t amount_minor, str currency);
/* "1 234.50 EUR", for people; the space between thousands is U+00A0. */
str money_text(struct arena *a, int64_t amount_minor, str currency);
