/* See letter.h. */
#include "authsrv/domain/account/letter.h"

#include "shared/text/url.h"

#define APART STR("    ")

static bool is_link(str s, str home)
{
    struct url u;
    return str_starts(s, home) && s.n > home.n && s.p[home.n] == '/' && url_parse(s, &u);
}

static size_t lines_of(str text)
{
    size_t n = 1;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

static enum letter_kind kind_of(str *line, str home)
{
    if (!str_starts(*line, APART))
        return LETTER_WORDS;
    *line = (str){ line->p + APART.n, line->n - APART.n };
    return is_link(*line, home) ? LETTER_LINK : LETTER_APART;
}

/* The line goes to the paragraph before it, or begins a part of its own. */
static size_t line_take(struct letter_part *parts, size_t n, str *line, bool begins, str home)
{
    enum letter_kind kind = kind_of(line, home);
    if (!begins && kind == LETTER_WORDS && n > 0 && parts[n - 1].kind == LETTER_WORDS) {
        parts[n - 1].lines.n++;
        return n;
    }
    parts[n] = (struct letter_part){ .kind = kind, .lines = { line, 1 } };
    return n + 1;
}

size_t letter_split(struct arena *a, str text, str home, const struct letter_part **ret)
{
    size_t max = lines_of(text), n = 0, used = 0;
    struct letter_part *parts = arena_array(a, struct letter_part, max);
    str *lines = arena_array(a, str, max), line;
    bool begins = true, more = true;
    while (more) {
        more = str_cut(&text, '\n', &line);
        if (!more)
            line = text;
        if (line.n > 0) {
            lines[used] = line;
            n = line_take(parts, n, &lines[used++], begins, home);
        }
        begins = line.n == 0;
    }
    *ret = parts;
    return n;
}
