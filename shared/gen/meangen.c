/* See meangen.h; docs/generators.md says how the lines are written. */
#include "shared/gen/meangen.h"

#include <stdlib.h>
#include <string.h>

#define ROWS_MAX 4000

struct row {
    const char *of;
    str says;
    int line;
};

static str trim(str s)
{
    while (s.n && s.p[0] == ' ')
        s = (str){ s.p + 1, s.n - 1 };
    while (s.n && s.p[s.n - 1] == ' ')
        s.n--;
    return s;
}

/* "Payment.split.amount"; of headers "post_v1_things.Content-Disposition" */
static bool is_place(str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool is_letter =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        if (!is_letter && (c != '.' || i == 0 || i + 1 == s.n))
            return false;
    }
    return s.n > 0;
}

static bool row_read(struct arena *a, str line, struct gen_complaints *c, struct gen_place at, struct row *ret)
{
    str says = line, of;
    if (!str_cut(&says, '=', &of) || !is_place(trim(of)))
        return gen_complain(c, at, "a line is written \"Object.member = sentence\", or begins with #");
    says = trim(says);
    if (says.n < 2 || says.p[says.n - 1] != '.')
        return gen_complain(c, at, "a sentence ends with a full stop");
    *ret = (struct row){ arena_cstr(a, trim(of)), says, at.line };
    return true;
}

static bool rows_read(struct arena *a, const struct gen_file *file, struct gen_complaints *c, struct row *rows,
                      size_t *n)
{
    str rest = file->text, line;
    for (int number = 1; str_cut(&rest, '\n', &line); number++) {
        struct gen_place at = { file->path, number };
        if (line.n == 0 || line.p[0] == '#')
            continue;
        if (*n == ROWS_MAX)
            return gen_complain(c, at, "more than %d lines", ROWS_MAX);
        if (!row_read(a, line, c, at, &rows[(*n)++]))
            return false;
    }
    return rest.n == 0 || gen_complain(c, (struct gen_place){ file->path, 1 }, "the last line has no end");
}

static int compare(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int order = strcmp(x->of, y->of);
    return order ? order : x->line - y->line;
}

static bool twice_find(const struct gen_file *file, const struct row *rows, size_t n, struct gen_complaints *c)
{
    for (size_t i = 1; i < n; i++)
        if (strcmp(rows[i - 1].of, rows[i].of) == 0)
            return gen_complain(c, (struct gen_place){ file->path, rows[i].line }, "%s stands here twice", rows[i].of);
    return true;
}

static void header_write(const char *name, struct buf *out)
{
    buf_printf(out,
               "/* Made by meangen from %s/meanings.txt. Do not edit. */\n#pragma once\n\n"
               "#include \"shared/text/shape.h\"\n\nextern const struct meanings %s_meanings;\n",
               name, name);
}

static void code_write(const char *name, const struct row *rows, size_t n, struct buf *out)
{
    buf_printf(out,
               "/* Made by meangen from %s/meanings.txt. Do not edit. */\n#include \"%s/meanings.h\"\n\n"
               "static const struct meaning rows[] = {\n",
               name, name);
    for (size_t i = 0; i < n; i++) {
        buf_printf(out, "    { \"%s\", \"", rows[i].of);
        gen_c_literal(out, rows[i].says);
        buf_add(out, STR("\" },\n"));
    }
    buf_printf(out, "};\nconst struct meanings %s_meanings = { rows, %zu };\n", name, n);
}

bool meanings_make(struct arena *a, const char *name, const struct gen_file *file, struct gen_complaints *c,
                   struct buf *header, struct buf *code)
{
    struct row *rows = arena_array(a, struct row, ROWS_MAX);
    size_t n = 0;
    if (!rows_read(a, file, c, rows, &n))
        return false;
    qsort(rows, n, sizeof *rows, compare);
    if (!twice_find(file, rows, n, c))
        return false;
    header_write(name, header);
    code_write(name, rows, n, code);
    return true;
}
