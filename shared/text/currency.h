/*
 * The currencies of ISO 4217 (list one of its maintenance agency, SIX; codes and numbers as Debian's iso-codes has
 * them, which has no exponents): those that money can be paid in. Metals, funds codes without a market of their own,
 * and the codes for tests and for no currency are not here. Withdrawn ones are, so that old amounts can still be
 * written; nothing new is made in them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "shared/base/str.h"

struct currency {
    char code[4];
    int16_t number;  /* the numeric code, as card networks use it */
    int8_t exponent; /* decimal places of its minor unit: 0, 2, 3 or 4 */
    bool is_active;
};

/* Every currency of the table, active or withdrawn; NULL: none of them. Capital letters only. */
const struct currency *currency_find(str code);
/* Whether something new may be made in it. */
bool currency_is_taken(str code);
/* As banks write it: the rouble has been RUB since 1998, and some still say RUR. Any other code stays as it is. */
str currency_of_bank(str code);
/* What a field that holds a currency may hold, for the error about that code. */
str currency_allowed(str code);
