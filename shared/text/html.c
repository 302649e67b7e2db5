/* Escaping for pages and mails. See html.h. */
#include "shared/text/html.h"

const struct frame frame_none;

static bool is_control(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7f;
}

static str entity_of(char c)
{
    switch (c) {
    case '&':
        return STR("&amp;");
    case '<':
        return STR("&lt;");
    case '>':
        return STR("&gt;");
    case '"':
        return STR("&quot;");
    case '\'':
        return STR("&#39;");
    default:
        return STR_NONE;
    }
}

/* One escaping serves both places: it replaces what ends either. Plain stretches are copied whole. */
static void add_escaped(struct buf *out, str s)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        str entity = entity_of(c);
        bool dropped = is_control(c) && c != '\t' && c != '\n' && c != '\r';
        if (!str_given(entity) && !dropped)
            continue;
        buf_add(out, (str){ s.p + from, i - from });
        buf_add(out, entity);
        from = i + 1;
    }
    if (s.n > from)
        buf_add(out, (str){ s.p + from, s.n - from });
}

void html_add_text(struct buf *out, str s)
{
    add_escaped(out, s);
}

void html_add_attr(struct buf *out, str s)
{
    add_escaped(out, s);
}

static bool is_scheme(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool later = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
        if (!letter && !(i > 0 && later))
            return false;
    }
    return s.n > 0;
}

static bool scheme_in(str scheme, const char *list)
{
    str words = str_of(list), word;
    while (str_next_word(&words, &word)) {
        if (str_eq_nocase(word, scheme))
            return true;
    }
    return false;
}

/* http, https, mailto, a path on this server, or an app's own scheme (RFC 8252 section 7.1). */
static bool html_url_is_safe(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (is_control(s.p[i]) || s.p[i] == ' ' || s.p[i] == '\\' || (unsigned char)s.p[i] >= 0x80)
            return false;
    }
    if (s.n == 0)
        return false;
    if (s.p[0] == '/')
        return s.n == 1 || s.p[1] != '/';
    if (s.p[0] == '?' || s.p[0] == '#')
        return true;
    str rest = s, scheme;
    if (!str_cut(&rest, ':', &scheme) || !is_scheme(scheme))
        return false;
    if (scheme_in(scheme, "http https"))
        return str_starts(rest, STR("//"));
    if (scheme_in(scheme, "javascript data vbscript blob file filesystem about view-source ws wss ftp"))
        return false;
    return scheme_in(scheme, "mailto") || memchr(scheme.p, '.', scheme.n) || str_starts(rest, STR("//"));
}

void html_add_url(struct buf *out, str s)
{
    if (html_url_is_safe(s))
        add_escaped(out, s);
    else
        buf_add_char(out, '#');
}

void mail_add_text(struct buf *out, str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!is_control(s.p[i]))
            buf_add_char(out, s.p[i]);
    }
}

void mail_add_name(struct buf *out, str s, bool is_rtl)
{
    if (is_rtl)
        buf_add(out, STR("\xe2\x81\xa8")); /* FIRST STRONG ISOLATE */
    mail_add_text(out, s);
    if (is_rtl)
        buf_add(out, STR("\xe2\x81\xa9")); /* POP DIRECTIONAL ISOLATE */
}

int text_step(str *rest, struct buf *out)
{
    for (size_t i = 0; i < rest->n; i++) {
        int hole = (unsigned char)rest->p[i];
        if (hole >= TEXT_HOLES)
            continue;
        buf_add(out, (str){ rest->p, i });
        *rest = (str){ rest->p + i + 1, rest->n - i - 1 };
        return hole;
    }
    buf_add(out, *rest);
    *rest = STR("");
    return 0;
}

str text_filled(struct arena *a, str text, const str *values)
{
    struct buf out;
    buf_init(&out, a, LETTER_MAX_BYTES);
    for (int hole; (hole = text_step(&text, &out)) != 0;)
        buf_add(&out, values[hole - 1]);
    return buf_str(&out);
}
