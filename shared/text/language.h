/* Which of the languages that there are is the one that somebody asked for: lookup of RFC 4647 section 3.4. */
#pragma once

#include "shared/base/str.h"

/* The tags that there are, and the place of the one that was found. */
struct languages {
    const str *tags;
    size_t n;
};

/* As it is written there, letter by letter. */
bool language_is_there(const struct languages *there, str tag);
/* Space-separated tags in the order of preference: ui_locales, a person's locale. false: none of them is there. */
bool language_find(const struct languages *there, str tags, size_t *ret);
/* Accept-Language (RFC 9110 section 12.5.4): the highest quality first, then as they stand. "*" chooses nothing. */
bool language_accept(const struct languages *there, str header, size_t *ret);
