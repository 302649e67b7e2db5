/* Amounts as text. An amount is always an integer in minor units; only here does it get a point. */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/base/str.h"

/* "1234.50", "-0.05", "700" (JPY): no grouping; for bank files. Aborts on what currency_find does not know. */
str money_decimal(struct arena *a, int64_t amount_minor, str currency);
/* "1 234.50 EUR", for people; the space between thousands is U+00A0. */
str money_text(struct arena *a, int64_t amount_minor, str currency);
