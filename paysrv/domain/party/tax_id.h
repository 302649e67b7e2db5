/*
 * Tax numbers, as far as they can be checked without asking anybody: Russian INN, VAT numbers of the European Union by
 * their shapes and, where the rule is public, by their check digits; all others by their characters.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/str.h"

/*
 * Takes spaces, hyphens, dots and slashes out and makes letters capital. A number that begins with the letters of the
 * country's VAT numbers has to be one. explain: what is allowed there.
 */
bool tax_id_judge(struct arena *a, str country, bool is_company, str typed, str *ret, str *explain);
/* "•••••6789" */
str tax_id_masked(struct arena *a, str tax_id);
