/* See letter.h. */
#include "authsrv/domain/letter.h"

#include "shared/text/url.h"

#define APART STR("    ")

static bool is_link(str s)
{
    struct url u;
    return url_parse(s, &u) && u.host.n > 0 && (str_eq(u.scheme, STR("https")) || str_eq(u.scheme, STR("http")));
}

static size_t lines_of(str text)
{
    size_t n = 1;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

/* The line goes to the paragraph before it, or begins a part of its own. */
static size_t line_take(struct letter_part *parts, size_t n, str *lines, bool begins, str line)
{
    bool apart = str_starts(line, APART);
    str words = apart ? (str){ line.p + APART.n, line.n - APART.n } : line;
    *lines = words;
    if (!begins && !apart && n > 0 && parts[n - 1].kind == LETTER_WORDS) {
        parts[n - 1].lines.n++;
        return n;
    }
    parts[n] = (struct letter_part){ .kind = !apart           ? LETTER_WORDS
                                             : is_link(words) ? LETTER_LINK
                                                              : LETTER_APART,
                                     .lines = { lines, 1 } };
    return n + 1;
}

size_t letter_split(struct arena *a, str text, const struct letter_part **ret)
{
    size_t max = lines_of(text), n = 0, used = 0;
    struct letter_part *parts = arena_array(a, struct letter_part, max);
    str *lines = arena_array(a, str, max), line;
    bool begins = true, more = true;
    while (more) {
        more = str_cut(&text, '\n', &line);
        if (!more)
            line = text;
        if (line.n > 0)
            n = line_take(parts, n, &lines[used++], begins, line);
        begins = line.n == 0;
    }
    *ret = parts;
    return n;
}
