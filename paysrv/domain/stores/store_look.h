/*
 * How a store shows itself to its buyers: one colour, its picture, where to ask, and what stands on statements of cards
 * (docs/decisions/0062-stores.md; colours as in 0040).
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/str.h"

/*
 * A colour that is read on our pages by day, and on it white: *sheet is what is made of it for both appearances, custom
 * properties and nothing else. false: *explain says how far it is from being seen, and which colour would do.
 */
bool store_accent_judge(struct arena *a, str text, str *sheet, str *explain);

/* What a card's statement shows of a payment: 5 to 22 Latin letters, digits and some signs, five letters among them. */
bool statement_descriptor_is_valid(str text);
#define STATEMENT_DESCRIPTOR_ALLOWED                                                                                   \
    STR("5 to 22 Latin letters, digits, single spaces and any of - . , / & +, at least five of them letters")
