/* See gen_text.h. Files are read and written here and nowhere else in the generators. */
#include "shared/gen/gen_text.h"

#include <stdio.h>

#define FILE_MAX_BYTES (1u << 20)

bool gen_complain(struct gen_complaints *c, struct gen_place at, const char *format, ...)
{
    if (c->any)
        return false;
    c->any = true;
    va_list ap;
    va_start(ap, format);
    str what = arena_vprintf(c->text.arena, format, ap);
    va_end(ap);
    buf_printf(&c->text, "%.*s:%d: %.*s\n", STR_ARG(at.path), at.line, STR_ARG(what));
    return false;
}

static bool read_stream(struct arena *a, FILE *f, str *ret)
{
    char *p = arena_alloc(a, FILE_MAX_BYTES);
    size_t n = fread(p, 1, FILE_MAX_BYTES, f);
    if (ferror(f) || n == FILE_MAX_BYTES)
        return false;
    *ret = (str){ p, n };
    return true;
}

bool gen_read(struct arena *a, str path, struct gen_file *ret)
{
    FILE *f = fopen(arena_cstr(a, path), "rb");
    str text = STR_NONE;
    bool read = f && read_stream(a, f, &text);
    if (f)
        fclose(f);
    if (!read) {
        fprintf(stderr, "%.*s: cannot be read, or is larger than 1 MiB\n", STR_ARG(path));
        return false;
    }
    *ret = (struct gen_file){ path, text };
    return true;
}

static bool is_current(struct arena *a, const char *path, str text)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    str now = STR_NONE;
    bool same = read_stream(a, f, &now) && str_eq(now, text);
    fclose(f);
    return same;
}

bool gen_write(struct arena *a, str path, str text)
{
    const char *name = arena_cstr(a, path);
    if (is_current(a, name, text))
        return true;
    FILE *f = fopen(name, "wb");
    bool written = f && fwrite(text.p, 1, text.n, f) == text.n;
    if (f && fclose(f) != 0)
        written = false;
    if (!written)
        fprintf(stderr, "%s: cannot be written\n", name);
    return written;
}

void gen_c_literal(struct buf *out, str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '\n')
            buf_add(out, STR("\\n"));
        else if (c == '"' || c == '\\' || c == '?')
            buf_printf(out, "\\%c", c);
        else if (c < 0x20 || c >= 0x7f)
            buf_printf(out, "\\%03o", c);
        else
            buf_add_char(out, (char)c);
    }
}

bool gen_has_control(str text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f)
            return true;
    return false;
}

static bool is_c_keyword(str s)
{
    return str_has_word(STR("auto break case char const continue default do double else enum extern float for goto if "
                            "inline int long register restrict return short signed sizeof static struct switch "
                            "typedef union unsigned void volatile while asm typeof bool true false"),
                        s);
}

bool gen_is_word(str s)
{
    if (s.n == 0 || s.n > 48 || s.p[0] < 'a' || s.p[0] > 'z')
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return true;
}

bool gen_is_name(str s)
{
    return gen_is_word(s) && !is_c_keyword(s);
}

str gen_upper(struct arena *a, str s)
{
    char *p = arena_alloc(a, s.n + 1);
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool is_word = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        p[i] = '_';
        if (c >= 'a' && c <= 'z')
            p[i] = (char)(c - 'a' + 'A');
        else if (is_word)
            p[i] = c;
    }
    return (str){ p, s.n };
}
