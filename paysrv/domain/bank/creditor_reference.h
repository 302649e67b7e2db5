/*
 * The reference by which a transfer says what it pays: ISO 11649, "RF", two check digits (ISO 7064 mod 97-10) and here
 * fifteen digits. Digits only, so that every single wrong digit and every exchange of neighbours is found.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/bytes.h"
#include "shared/base/str.h"

#define CREDITOR_REFERENCE_DIGITS 15
#define CREDITOR_REFERENCE_N (4 + CREDITOR_REFERENCE_DIGITS)

/* The reference of an attempt: the same for the same id. */
str creditor_reference_of(struct arena *a, str attempt);
/* In electronic format, one of ours by its form and its check digits. */
bool creditor_reference_is_valid(str s);
/* RF18 5390 0754 7034 123: as people read and type it. */
str creditor_reference_grouped(struct arena *a, str reference);
/*
 * The one reference that a text has in it, typed with spaces, dots or hyphens, in small letters, within other words,
 * broken over lines. Absent: there is none, or there are several, and which one is meant is not for us to guess.
 */
str creditor_reference_find(struct arena *a, str text);
