/*
 * The character set of bank messages (EPC best practices for SEPA): letters, digits and / - ? : ( ) . , ' + and space.
 * Letters of other alphabets are transliterated; what has no counterpart becomes a full stop.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/str.h"

/* At most max characters; no leading, trailing or double spaces, no leading or double slash. Empty: nothing in it is
 * a letter or digit. */
str bank_text(struct arena *a, str s, size_t max);
/* The same with Russian letters as they are, for banks that know the payee by them. */
str bank_text_ru(struct arena *a, str s, size_t max);
