/* The check digit of card numbers, and of others made like them. */
#pragma once

#include "shared/base/str.h"

bool luhn_fits(str digits);
#define CARD_NUMBER_REFUSED "is a card number: those are typed on the acquirer's page alone, which answers with a token"
/* Whether a text is a card number, which has no business here: 12 to 19 digits, and the last one fits. */
bool is_card_number(str text);
