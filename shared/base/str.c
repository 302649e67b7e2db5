/* Slices of text: comparing and cutting. See str.h for the two kinds of nothing. */
#include "shared/base/str.h"

static char lower(char c)
{
    if (c < 'A' || c > 'Z')
        return c;
    return (char)(c - 'A' + 'a');
}

str str_of(const char *cstr)
{
    return cstr ? (str){ cstr, strlen(cstr) } : STR_NONE;
}

bool str_starts(str s, str prefix)
{
    return s.n >= prefix.n && str_eq((str){ s.p, prefix.n }, prefix);
}

bool str_ends(str s, str suffix)
{
    if (s.n < suffix.n)
        return false;
    return suffix.n == 0 || str_eq((str){ s.p + (s.n - suffix.n), suffix.n }, suffix);
}

bool str_eq_nocase(str a, str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++) {
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    }
    return true;
}

bool str_cut(str *rest, char c, str *head)
{
    const char *at = rest->n ? memchr(rest->p, c, rest->n) : NULL;
    if (!at)
        return false;
    str all = *rest;
    size_t before = (size_t)(at - all.p);
    *head = (str){ all.p, before };
    *rest = (str){ at + 1, all.n - before - 1 };
    return true;
}

bool str_next_word(str *rest, str *word)
{
    while (rest->n && rest->p[0] == ' ')
        *rest = (str){ rest->p + 1, rest->n - 1 };
    if (rest->n == 0)
        return false;
    if (!str_cut(rest, ' ', word)) {
        *word = *rest;
        *rest = (str){ rest->p + rest->n, 0 };
    }
    return true;
}

bool str_has_word(str list, str word)
{
    str each;
    while (str_next_word(&list, &each)) {
        if (str_eq(each, word))
            return true;
    }
    return false;
}
