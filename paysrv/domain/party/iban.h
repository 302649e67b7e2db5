/* International bank account numbers: ISO 13616 (length per country, check digits by ISO 7064 mod 97-10). */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/str.h"

#define IBAN_MAX 34

enum iban_verdict { IBAN_GOOD = 1, IBAN_BAD_SYNTAX, IBAN_UNKNOWN_COUNTRY, IBAN_BAD_LENGTH, IBAN_BAD_CHECK_DIGITS };

/* Typed spaces are dropped and letters made capital; *ret is the electronic format, written only on IBAN_GOOD. */
enum iban_verdict iban_judge(struct arena *a, str typed, str *ret);
/* What the owner of the wrong input may be told. */
str iban_verdict_explain(enum iban_verdict verdict);
/* DE•• •••• 3000: enough to recognise, too little to use. */
str iban_masked(struct arena *a, str iban);
/* True when the country is in the SEPA scheme, so that a euro transfer can reach it. */
bool iban_country_is_sepa(str country);
/* ISO 9362: 8 or 11 characters. */
bool bic_is_valid(str bic);
