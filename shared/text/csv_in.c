/* See csv_in.h. */
#include "shared/text/csv_in.h"

static void skip(str *rest, size_t n)
{
    rest->p += n;
    rest->n -= n;
}

static str undoubled(struct arena *a, str text)
{
    char *copy = arena_alloc(a, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        copy[n++] = text.p[i];
        i += text.p[i] == '"';
    }
    return (str){ copy, n };
}

/* *rest begins with the opening quote and ends up behind the closing one. */
static bool quoted(struct arena *a, str *rest, str *cell)
{
    bool has_quotes = false;
    skip(rest, 1);
    for (size_t i = 0; i < rest->n; i++) {
        if (rest->p[i] != '"')
            continue;
        if (i + 1 < rest->n && rest->p[i + 1] == '"') {
            has_quotes = true;
            i++;
            continue;
        }
        *cell = (str){ rest->p, i };
        skip(rest, i + 1);
        if (has_quotes)
            *cell = undoubled(a, *cell);
        return true;
    }
    return false;
}

static bool bare(str *rest, str *cell)
{
    size_t i = 0;
    for (; i < rest->n && rest->p[i] != ',' && rest->p[i] != '\n' && rest->p[i] != '\r'; i++)
        if (rest->p[i] == '"')
            return false;
    *cell = (str){ rest->p, i };
    skip(rest, i);
    return true;
}

/* The end of a line is LF or CR LF; *rest begins with it. */
static bool end_of_line(str *rest)
{
    size_t n = rest->p[0] == '\n' ? 1 : rest->n > 1 && rest->p[0] == '\r' && rest->p[1] == '\n' ? 2 : 0;
    skip(rest, n);
    return n > 0;
}

bool csv_line(struct arena *a, str *rest, str *cells, size_t max, size_t *n, bool *malformed)
{
    *n = 0;
    *malformed = false;
    if (rest->n == 0)
        return false;
    for (;;) {
        *malformed = true;
        if (*n == max)
            return false;
        bool is_quoted = rest->n && rest->p[0] == '"';
        if (is_quoted ? !quoted(a, rest, &cells[*n]) : !bare(rest, &cells[*n]))
            return false;
        (*n)++;
        if (rest->n && rest->p[0] == ',') {
            skip(rest, 1);
            continue;
        }
        *malformed = rest->n && !end_of_line(rest);
        return !*malformed;
    }
}
