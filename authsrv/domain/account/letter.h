/*
 * A mail's text as blocks, for its HTML alternative: paragraphs, and what stands apart because it is copied, compared
 * or followed (lines that begin with four spaces). The alternative is made of the text, so it never says anything else.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/array.h"

enum letter_kind { LETTER_WORDS = 1, LETTER_APART, LETTER_LINK };

struct letter_part {
    enum letter_kind kind;
    str_array lines; /* of one that stands apart, one */
};

/* Links are addresses below home, the issuer: what others may say stands apart as well, and leads nowhere. */
size_t letter_split(struct arena *a, str text, str home, const struct letter_part **ret);
