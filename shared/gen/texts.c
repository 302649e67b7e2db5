/* The texts of the pages: "key = text" lines to an enum and a table per language. English is the only one today. */
#include "shared/gen/htmlgen.h"

#define ENTRIES_MAX 2000

static str trim(str s)
{
    while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = (str){ s.p + 1, s.n - 1 };
    while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r'))
        s.n--;
    return s;
}

static bool entry_parse(str line, const struct text_entry *entries, size_t n, struct gen_complaints *c,
                        struct gen_place at, struct text_entry *ret)
{
    str text = line, key;
    if (!str_cut(&text, '=', &key))
        return gen_complain(c, at, "a line is written \"key = text\", or begins with #");
    *ret = (struct text_entry){ trim(key), trim(text) };
    if (!gen_is_word(ret->key))
        return gen_complain(c, at, "\"%.*s\" is not a name (a-z, 0-9, _)", STR_ARG(ret->key));
    if (ret->text.n == 0)
        return gen_complain(c, at, "the text is empty");
    for (size_t i = 0; i < n; i++) {
        if (str_eq(entries[i].key, ret->key))
            return gen_complain(c, at, "the key %.*s stands here twice", STR_ARG(ret->key));
    }
    return true;
}

bool texts_parse(struct arena *a, const struct gen_file *file, struct gen_complaints *c, struct text_entry **entries,
                 size_t *n)
{
    *entries = arena_array(a, struct text_entry, ENTRIES_MAX);
    *n = 0;
    str rest = file->text;
    for (int number = 1; rest.n; number++) {
        str line = rest;
        if (!str_cut(&rest, '\n', &line))
            rest.n = 0;
        line = trim(line);
        if (line.n == 0 || line.p[0] == '#')
            continue;
        struct gen_place at = { file->path, number };
        if (*n == ENTRIES_MAX)
            return gen_complain(c, at, "more than %d texts", ENTRIES_MAX);
        if (!entry_parse(line, *entries, *n, c, at, &(*entries)[*n]))
            return false;
        ++*n;
    }
    return true;
}

static void table_write(struct arena *a, const struct text_entry *entries, size_t n, const char *name, bool escaped,
                        struct buf *code)
{
    buf_printf(code, "\nstatic const str %s[] = {\n", name);
    for (size_t i = 0; i < n; i++) {
        struct buf text;
        buf_init(&text, a, 65536);
        if (escaped)
            htmlgen_escape(&text, entries[i].text);
        else
            buf_add(&text, entries[i].text);
        buf_printf(code, "    [TEXT_%.*s] = { \"", STR_ARG(gen_upper(a, entries[i].key)));
        gen_c_literal(code, buf_str(&text));
        buf_printf(code, "\", %zu },\n", text.n);
    }
    buf_add(code, STR("};\n"));
}

void texts_write(struct arena *a, const struct text_entry *entries, size_t n, struct buf *header, struct buf *code)
{
    buf_add(header,
            STR("/* Made by htmlgen from web/text. Do not edit. */\n#pragma once\n\n#include \"shared/base/str.h\"\n\n"
                "enum text_key {\n"));
    for (size_t i = 0; i < n; i++)
        buf_printf(header, "    TEXT_%.*s%s,\n", STR_ARG(gen_upper(a, entries[i].key)), i ? "" : " = 1");
    buf_add(header, STR("};\n\n/* The text as it is, and escaped for HTML. */\nstr text_of(enum text_key key);\n"
                        "str text_html(enum text_key key);\n"));
    buf_add(code, STR("/* Made by htmlgen from web/text. Do not edit. */\n#include \"web/text.h\"\n"));
    table_write(a, entries, n, "plain_en", false, code);
    table_write(a, entries, n, "html_en", true, code);
    buf_add(code, STR("\nstr text_of(enum text_key key)\n{\n    return plain_en[key];\n}\n\n"
                      "str text_html(enum text_key key)\n{\n    return html_en[key];\n}\n"));
}
