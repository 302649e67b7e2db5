/*
 * sqlgen APP OUT_DIR FILE...: compiles the SQL files of one server into typed C functions (docs/generators.md).
 * A mistake in the input is printed as file:line: what is wrong; nothing is written then.
 */
#include "shared/gen/sqlgen.h"

#include <stdio.h>
#include <stdlib.h>

enum { INPUT_MAX_BYTES = 1 << 20, OUTPUT_MAX_BYTES = 16 << 20 };

static bool read_whole(struct arena *a, const char *path, str *ret)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    long size = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : -1;
    bool good = size >= 0 && size < INPUT_MAX_BYTES && fseek(f, 0, SEEK_SET) == 0;
    size_t n = good ? (size_t)size : 0;
    char *p = arena_alloc(a, n + 1);
    good = good && fread(p, 1, n, f) == n;
    good = fclose(f) == 0 && good;
    if (good)
        *ret = (str){ p, n };
    return good;
}

static str base_name(str path)
{
    str head;
    while (str_cut(&path, '/', &head))
        continue;
    return path;
}

static bool is_migration(str path)
{
    str name = base_name(path);
    return str_ends((str){ path.p, path.n - name.n }, STR("migrations/"));
}

static bool read_input(struct sqlgen *g, const char *arg, bool newtypes)
{
    str path = str_of(arg), name = base_name(path), text;
    if (str_eq(name, STR("newtypes")) != newtypes)
        return true;
    if (!read_whole(g->arena, arg, &text))
        return sqlgen_wrong(g, path, 1, "the file cannot be read, or is longer than %d bytes", INPUT_MAX_BYTES);
    if (newtypes)
        return sqlgen_read_newtypes(g, path, text);
    if (is_migration(path))
        return sqlgen_read_migration(g, path, name, text);
    str stem = name;
    stem.n -= str_ends(name, STR(".sql")) ? 4 : 0;
    if (!sql_name_valid(stem) || stem.n == name.n)
        return sqlgen_wrong(g, path, 1, "a query file is named after its aggregate: noun.sql");
    return sqlgen_read_queries(g, path, stem, text);
}

/* Unchanged files keep their time, so that only what changed is compiled again. */
static bool write_file(struct sqlgen *g, const char *dir, str name, str text)
{
    char *path = arena_cstr(g->arena, arena_printf(g->arena, "%s/%.*s", dir, STR_ARG(name)));
    str old;
    if (read_whole(g->arena, path, &old) && str_eq(old, text))
        return true;
    FILE *f = fopen(path, "wb");
    if (!f)
        return sqlgen_wrong(g, str_of(path), 1, "the file cannot be written");
    bool good = fwrite(text.p, 1, text.n, f) == text.n;
    good = fclose(f) == 0 && good;
    return good || sqlgen_wrong(g, str_of(path), 1, "the file cannot be written");
}

static bool write_one(struct sqlgen *g, const char *dir, const char *name,
                      void (*write)(const struct sqlgen *g, struct buf *out))
{
    struct buf out;
    buf_init(&out, g->arena, OUTPUT_MAX_BYTES);
    write(g, &out);
    return write_file(g, dir, str_of(name), buf_str(&out));
}

static bool write_query_file(struct sqlgen *g, const char *dir, const struct sql_file *f, const char *suffix,
                             void (*write)(const struct sqlgen *g, const struct sql_file *f, struct buf *out))
{
    struct buf out;
    buf_init(&out, g->arena, OUTPUT_MAX_BYTES);
    write(g, f, &out);
    return write_file(g, dir, arena_printf(g->arena, "%.*s.%s", STR_ARG(f->stem), suffix), buf_str(&out));
}

static bool write_all(struct sqlgen *g, const char *dir)
{
    bool good = write_one(g, dir, "newtypes.h", sqlgen_write_newtypes) &&
                write_one(g, dir, "statements.h", sqlgen_write_statements_h) &&
                write_one(g, dir, "statements.c", sqlgen_write_statements_c) &&
                write_one(g, dir, "migrations.h", sqlgen_write_migrations_h) &&
                write_one(g, dir, "migrations.c", sqlgen_write_migrations_c);
    for (const struct sql_file *f = g->files; f && good; f = f->next)
        good = write_query_file(g, dir, f, "rows.h", sqlgen_write_rows) &&
               write_query_file(g, dir, f, "sql.h", sqlgen_write_header) &&
               write_query_file(g, dir, f, "sql.c", sqlgen_write_source);
    return good;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fputs("usage: sqlgen APP OUT_DIR FILE...\n", stderr);
        return 2;
    }
    struct arena *a = arena_create((size_t)1 << 20, (size_t)1 << 30);
    struct sqlgen g = { .arena = a, .app = str_of(argv[1]) };
    bool good = true;
    for (int i = 3; i < argc && good; i++)
        good = read_input(&g, argv[i], true);
    for (int i = 3; i < argc && good; i++)
        good = read_input(&g, argv[i], false);
    good = good && write_all(&g, argv[2]);
    if (!good)
        fprintf(stderr, "%.*s:%d: %.*s\n", STR_ARG(g.wrong_file), g.wrong_line, STR_ARG(g.wrong));
    arena_destroy(a);
    return good ? 0 : 1;
}
