/* Writes the headers (types, rows, prototypes) and the lists of statements and migrations. */
#include "shared/gen/sqlgen.h"

static void write_head(const struct sqlgen *g, str from, struct buf *out)
{
    buf_printf(out, "/* Made by sqlgen from %.*s/store/%.*s; not to be edited. */\n", STR_ARG(g->app), STR_ARG(from));
}

void sqlgen_write_literal(str text, const char *indent, struct buf *out)
{
    buf_printf(out, "%s\"", indent);
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '\n' && i + 1 < text.n)
            buf_printf(out, "\\n\"\n%s\"", indent);
        else if (c == '\n')
            buf_add(out, STR("\\n"));
        else if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else if (c < 32 || c > 126 || c == '?')
            buf_printf(out, "\\%03o", c);
        else
            buf_add_char(out, (char)c);
    }
    buf_add_char(out, '"');
}

void sqlgen_write_newtypes(const struct sqlgen *g, struct buf *out)
{
    write_head(g, STR("newtypes"), out);
    buf_add(out, STR("#pragma once\n\n#include <stdint.h>\n\n#include \"shared/base/array.h\"\n"
                     "#include \"shared/base/bytes.h\"\n#include \"shared/base/instant.h\"\n\n"));
    for (size_t i = 0; i < g->n_newtypes; i++) {
        const struct sql_type *made = &g->newtypes[i];
        /* The C type of the base is found by its column type: both rows of the table share it. */
        const char *base = str_eq(str_of(made->db_type), STR("DB_I64"))       ? "int64_t"
                           : str_eq(str_of(made->db_type), STR("DB_I32"))     ? "int32_t"
                           : str_eq(str_of(made->db_type), STR("DB_BYTES"))   ? "bytes"
                           : str_eq(str_of(made->db_type), STR("DB_DIGEST"))  ? "digest"
                           : str_eq(str_of(made->db_type), STR("DB_INSTANT")) ? "instant"
                           : str_eq(str_of(made->db_type), STR("DB_BOOL"))    ? "bool"
                                                                              : "str";
        buf_printf(out, "typedef struct {\n    %s v;\n} %s;\n\n", base, made->c_type);
    }
}

str sql_row_name(const struct sql_query *q)
{
    return str_given(q->row_of) ? q->row_of : q->name;
}

/* A comment of the SQL file cannot end ours early. */
static void write_comment(str comment, struct buf *out)
{
    if (comment.n == 0)
        return;
    buf_add(out, STR("/* "));
    for (size_t i = 0; i < comment.n; i++) {
        if (comment.p[i] == '\n')
            buf_add(out, STR("\n * "));
        else if (comment.p[i] == '/' && i > 0 && comment.p[i - 1] == '*')
            buf_add(out, STR(" /"));
        else if (comment.p[i] == '*' && i > 0 && comment.p[i - 1] == '/')
            buf_add(out, STR(" *"));
        else
            buf_add_char(out, comment.p[i]);
    }
    buf_add(out, STR(" */\n"));
}

static void write_row(const struct sql_query *q, struct buf *out)
{
    buf_printf(out, "struct %.*s_row {\n", STR_ARG(q->name));
    for (size_t i = 0; i < q->n_columns; i++) {
        const struct sql_column *c = &q->columns[i];
        buf_printf(out, "    %s %.*s;\n", c->type->c_type, STR_ARG(c->name));
        if (c->nullable && !c->type->absent_is_value)
            buf_printf(out, "    bool %.*s_given;\n", STR_ARG(c->name));
    }
    buf_add(out, STR("};\n\n"));
}

void sqlgen_write_rows(const struct sqlgen *g, const struct sql_file *f, struct buf *out)
{
    write_head(g, arena_printf(g->arena, "%.*s.sql", STR_ARG(f->stem)), out);
    buf_printf(out, "#pragma once\n\n#include \"%.*s/store/newtypes.h\"\n\n", STR_ARG(g->app));
    for (const struct sql_query *q = f->queries; q; q = q->next) {
        if (q->n_columns == 0 || str_given(q->row_of))
            continue;
        write_comment(q->comment, out);
        write_row(q, out);
    }
}

static void write_args(const struct sql_query *q, struct buf *out)
{
    buf_printf(out, "struct %.*s_args {\n", STR_ARG(q->name));
    for (size_t i = 0; i < q->n_params; i++) {
        if (!sql_param_is_argument(q, &q->params[i]))
            continue;
        buf_add(out, STR("    "));
        sqlgen_write_declaration(&q->params[i], q->params[i].name, out);
        buf_add(out, STR(";\n"));
    }
    buf_add(out, STR("};\n"));
}

static void write_item(const struct sql_query *q, struct buf *out)
{
    buf_printf(out, "struct %.*s_item {\n", STR_ARG(q->name));
    for (size_t i = 0; i < q->n_params; i++)
        if (sql_param_is_column(q, &q->params[i]))
            buf_printf(out, "    %s %.*s;\n", q->params[i].type->item, STR_ARG(q->params[i].name));
    buf_add(out, STR("};\n"));
}

/* Rows shared with a query of another file need that file's rows. */
static void write_row_includes(const struct sqlgen *g, const struct sql_file *f, struct buf *out)
{
    for (const struct sql_file *other = g->files; other; other = other->next) {
        bool needed = other == f;
        for (const struct sql_query *q = f->queries; q && !needed; q = q->next) {
            for (const struct sql_query *o = other->queries; o && str_given(q->row_of); o = o->next)
                needed = needed || str_eq(o->name, q->row_of);
        }
        if (needed)
            buf_printf(out, "#include \"%.*s/store/%.*s.rows.h\"\n", STR_ARG(g->app), STR_ARG(other->stem));
    }
}

void sqlgen_write_header(const struct sqlgen *g, const struct sql_file *f, struct buf *out)
{
    write_head(g, arena_printf(g->arena, "%.*s.sql", STR_ARG(f->stem)), out);
    buf_add(out, STR("#pragma once\n\n"));
    write_row_includes(g, f, out);
    buf_add(out, STR("#include \"shared/base/err.h\"\n#include \"shared/base/task.h\"\n\n"));
    for (const struct sql_query *q = f->queries; q; q = q->next) {
        if (q->is_batch)
            write_item(q, out);
        if (sql_query_takes_struct(q))
            write_args(q, out);
        write_comment(q->comment, out);
        buf_add(out, STR("MUST_USE "));
        sqlgen_write_prototype(g, q, out);
        buf_add(out, STR(";\n\n"));
    }
}

static bool file_has_uniques(const struct sql_file *f)
{
    for (const struct sql_query *q = f->queries; q; q = q->next) {
        if (q->n_uniques > 0)
            return true;
    }
    return false;
}

void sqlgen_write_source(const struct sqlgen *g, const struct sql_file *f, struct buf *out)
{
    write_head(g, arena_printf(g->arena, "%.*s.sql", STR_ARG(f->stem)), out);
    buf_printf(out, "#include \"%.*s/store/%.*s.sql.h\"\n\n#include <stddef.h>\n\n", STR_ARG(g->app), STR_ARG(f->stem));
    if (file_has_uniques(f))
        buf_printf(out, "#include \"%.*s/faults.h\"\n", STR_ARG(g->app));
    buf_printf(out, "#include \"%.*s/store/statements.h\"\n#include \"shared/db/db.h\"\n\n", STR_ARG(g->app));
    for (const struct sql_query *q = f->queries; q; q = q->next)
        sqlgen_write_function(g, q, out);
}

void sqlgen_write_statements_h(const struct sqlgen *g, struct buf *out)
{
    write_head(g, STR("all queries"), out);
    buf_add(out, STR("#pragma once\n\n#include \"shared/db/db.h\"\n\n"));
    buf_printf(out, "extern const struct db_statement *const %.*s_statements[];\n", STR_ARG(g->app));
    buf_printf(out, "extern const size_t %.*s_statements_n;\n\n", STR_ARG(g->app));
    for (const struct sql_file *f = g->files; f; f = f->next) {
        for (const struct sql_query *q = f->queries; q; q = q->next)
            buf_printf(out, "extern const struct db_statement %.*s_statement;\n", STR_ARG(q->name));
    }
}

void sqlgen_write_statements_c(const struct sqlgen *g, struct buf *out)
{
    size_t n = 0;
    write_head(g, STR("all queries"), out);
    buf_printf(out, "#include \"%.*s/store/statements.h\"\n\n", STR_ARG(g->app));
    buf_printf(out, "const struct db_statement *const %.*s_statements[] = {\n", STR_ARG(g->app));
    for (const struct sql_file *f = g->files; f; f = f->next) {
        for (const struct sql_query *q = f->queries; q; q = q->next, n++)
            buf_printf(out, "    &%.*s_statement,\n", STR_ARG(q->name));
    }
    buf_printf(out, "    NULL,\n};\nconst size_t %.*s_statements_n = %zu;\n", STR_ARG(g->app), n);
}

void sqlgen_write_migrations_h(const struct sqlgen *g, struct buf *out)
{
    write_head(g, STR("migrations"), out);
    buf_add(out, STR("#pragma once\n\n#include \"shared/db/migrate.h\"\n\n"));
    buf_printf(out, "extern const struct migration %.*s_migrations[];\n", STR_ARG(g->app));
    buf_printf(out, "extern const size_t %.*s_migrations_n;\n", STR_ARG(g->app));
}

void sqlgen_write_migrations_c(const struct sqlgen *g, struct buf *out)
{
    size_t n = 0;
    write_head(g, STR("migrations"), out);
    buf_printf(out, "#include \"%.*s/store/migrations.h\"\n\n", STR_ARG(g->app));
    buf_printf(out, "const struct migration %.*s_migrations[] = {\n", STR_ARG(g->app));
    for (const struct sql_migration *m = g->migrations; m; m = m->next, n++) {
        buf_printf(out, "    { %d, \"%.*s\",\n", m->version, STR_ARG(m->name));
        sqlgen_write_literal(m->text, "      ", out);
        buf_add(out, STR(" },\n"));
    }
    buf_printf(out, "    { 0, NULL, NULL },\n};\nconst size_t %.*s_migrations_n = %zu;\n", STR_ARG(g->app), n);
}
