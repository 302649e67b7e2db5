/*
 * With which card a payment was paid, as far as a receipt says it: the brand and the last four digits (PCI DSS 3.4
 * allows them to be shown). Kept with the attempt as one text, "visa 4242".
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/text/json_out.h"

#define PAYER_CARD_BRAND_MAX 20

/* As it is stored; absent where the acquirer says no such thing, or nothing that could be one. */
str payer_card_text(struct arena *a, str brand, str last4);
/* false: it says nothing. */
bool payer_card_parse(str stored, str *brand, str *last4);
/* The member of a payment; nothing where nothing is stored. */
void payer_card_write(struct json *j, str stored);
