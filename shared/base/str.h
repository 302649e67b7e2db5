/*
 * A slice of text. Never NUL-terminated; embedded NUL is refused where text enters the process.
 * p == NULL means absent (SQL NULL, missing parameter); n == 0 with p != NULL means empty: two different facts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct {
    const char *p;
    size_t n;
} str;

#define STR(literal) ((str){ "" literal, sizeof(literal) - 1 })
#define STR_NONE ((str){ NULL, 0 })

/* printf("%.*s", STR_ARG(s)) */
#define STR_ARG(s) (int)(s).n, ((s).p ? (s).p : "")

static inline bool str_given(str s)
{
    return s.p != NULL;
}

static inline bool str_eq(str a, str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* From a NUL-terminated string; NULL gives an absent slice. Borrowed, not copied. */
str str_of(const char *cstr);
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
/* ASCII case-insensitive equality. */
bool str_eq_nocase(str a, str b);
/* Cuts *rest at the first c: *head is what stood before it, *rest what follows. false, nothing written: no c in *rest.
 */
bool str_cut(str *rest, char c, str *head);
/* True when word is one of the space-separated words of list (RFC 6749 section 3.3). */
bool str_has_word(str list, str word);
/* For X(NAME, "text") lists: STR("must be one of:" LIST(STR_LISTED)) names all texts. */
#define STR_LISTED(name, text) " " text
/* Takes the next space-separated word off *rest; false at the end. */
bool str_next_word(str *rest, str *word);
