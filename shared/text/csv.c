/* See csv.h. */
#include "shared/text/csv.h"

static void cell_begin(struct csv *c)
{
    if (c->has_cell)
        buf_add_char(c->out, ',');
    c->has_cell = true;
}

static bool is_one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

/* Some spreadsheets take the full-width form of a sign, as a Japanese or Chinese keyboard types it, for the sign. */
static bool is_formula(str text)
{
    static const char *const full_width[] = { "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\x9D", "\xEF\xBC\xA0" };
    for (size_t i = 0; i < sizeof full_width / sizeof full_width[0]; i++) /* U+FF0B + FF0D - FF1D = FF20 @ */
        if (str_starts(text, str_of(full_width[i])))
            return true;
    return is_one_of(text.p[0], "=+-@\t\r\n");
}

static bool needs_quotes(str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (is_one_of(text.p[i], ",\"\r\n;'\t"))
            return true;
    return text.n && (text.p[0] == ' ' || text.p[text.n - 1] == ' ');
}

void csv_text(struct csv *c, str text)
{
    cell_begin(c);
    if (!str_given(text) || text.n == 0)
        return;
    bool is_text = is_formula(text), quoted = is_text || needs_quotes(text);
    if (quoted)
        buf_add_char(c->out, '"');
    if (is_text)
        buf_add_char(c->out, '\'');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"')
            buf_add_char(c->out, '"');
        buf_add_char(c->out, text.p[i]);
    }
    if (quoted)
        buf_add_char(c->out, '"');
}

void csv_number(struct csv *c, str digits)
{
    cell_begin(c);
    buf_add(c->out, digits);
}

void csv_i64(struct csv *c, int64_t v)
{
    cell_begin(c);
    buf_add_i64(c->out, v);
}

void csv_line_end(struct csv *c)
{
    buf_add(c->out, STR("\r\n"));
    c->has_cell = false;
}
