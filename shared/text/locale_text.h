/*
 * How amounts and days are written in a language: separators, order and sides of CLDR 42, digits 0 to 9, the currency's
 * code of ISO 4217, because a dollar sign is of twenty countries. Integers only (docs/decisions/0069).
 */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/base/instant.h"
#include "shared/base/str.h"

/* tag: one of the languages that we have; any other is written as English. */
bool locale_is_known(str tag);
/* "1.234,50 EUR" (de), "EUR 1,234.50" (ja), "1 234.50 EUR" (en); spaces are U+00A0. Aborts on no currency. */
str locale_money(struct arena *a, str tag, int64_t amount_minor, str currency);
/* The same without the currency's name, for columns of one: "1.234,50" (de). */
str locale_decimal(struct arena *a, str tag, int64_t amount_minor, str currency);
/* A day of ISO 8601: "23.11.2026" (de), "2026/11/23" (ja), "2026-11-23" (en); what is no such day stays as it is. */
str locale_day(struct arena *a, str tag, str day);
/* "23.11.2026, 20:50 UTC"; in English "2026-11-23 20:50 UTC". */
str locale_moment(struct arena *a, str tag, instant at);
/* The same of a local time, counted as if it were UTC, with the name of its zone: "23.11.2026, 21:50 Europe/Berlin". */
str locale_moment_there(struct arena *a, str tag, instant local, str zone);
