/* Writes one query's tables and its typed function. */
#include "shared/gen/sqlgen.h"

bool sql_param_is_column(const struct sql_query *q, const struct sql_param *p)
{
    return q->is_batch && p->type->item;
}

bool sql_column_is_text(const struct sql_param *p)
{
    return str_eq(str_of(p->type->item), STR("str"));
}

bool sql_param_is_argument(const struct sql_query *q, const struct sql_param *p)
{
    return !p->of_task && !sql_param_is_column(q, p);
}

static size_t count_arguments(const struct sql_query *q)
{
    size_t n = 0;
    for (size_t i = 0; i < q->n_params; i++)
        n += sql_param_is_argument(q, &q->params[i]) ? 1 : 0;
    return n;
}

bool sql_query_takes_struct(const struct sql_query *q)
{
    return count_arguments(q) > SQLGEN_POSITIONAL_MAX;
}

static bool param_is_pointer(const struct sql_param *p)
{
    return p->nullable && !p->type->absent_is_value;
}

void sqlgen_write_declaration(const struct sql_param *p, str name, struct buf *out)
{
    if (param_is_pointer(p))
        buf_printf(out, "const %s *%.*s", p->type->c_type, STR_ARG(name));
    else
        buf_printf(out, "%s %.*s", p->type->c_type, STR_ARG(name));
}

/* An argument may not hide a type or one of the function's own names: it gets an underscore. */
static str argument_name(const struct sqlgen *g, str name)
{
    static const char *const taken[] = {
        "t", "row", "rows", "n", "affected", "ret", "params", "items", "n_items", "i"
    };
    bool clash = sqlgen_is_type_name(g, name);
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        clash = clash || str_eq(name, str_of(taken[i]));
    return clash ? arena_printf(g->arena, "%.*s_", STR_ARG(name)) : name;
}

void sqlgen_write_prototype(const struct sqlgen *g, const struct sql_query *q, struct buf *out)
{
    buf_printf(out, "err %.*s(struct task *t", STR_ARG(q->name));
    if (q->is_batch)
        buf_printf(out, ", const struct %.*s_item *items, size_t n_items", STR_ARG(q->name));
    if (sql_query_takes_struct(q))
        buf_printf(out, ", const struct %.*s_args *args", STR_ARG(q->name));
    for (size_t i = 0; i < q->n_params && !sql_query_takes_struct(q); i++) {
        if (!sql_param_is_argument(q, &q->params[i]))
            continue;
        buf_add(out, STR(", "));
        sqlgen_write_declaration(&q->params[i], argument_name(g, q->params[i].name), out);
    }
    str row = sql_row_name(q);
    switch (q->cardinality) {
    case SQL_ONE:
    case SQL_MAYBE:
        buf_printf(out, ", const struct %.*s_row **row)", STR_ARG(row));
        break;
    case SQL_MANY:
        buf_printf(out, ", const struct %.*s_row **rows, size_t *n)", STR_ARG(row));
        break;
    case SQL_EXEC:
        buf_add(out, STR(", int64_t *affected)"));
        break;
    }
}

/* What stands for the value of a SQL NULL. */
static const char *zero_of(const struct sql_type *type)
{
    if (str_eq(str_of(type->field), STR("time")))
        return "(instant){ 0 }";
    if (str_eq(str_of(type->field), STR("dig")))
        return "(digest){ { 0 } }";
    return "0";
}

static void write_value(const struct sqlgen *g, const struct sql_query *q, const struct sql_param *p, struct buf *out)
{
    const struct sql_type *type = p->type;
    if (p->of_task) {
        buf_printf(out, "        { .type = %s, .as.%s = %s },\n", type->db_type, type->field, p->of_task);
        return;
    }
    if (sql_param_is_column(q, p)) {
        buf_printf(out, "        { .type = %s, .as.array = { %.*s_column, n_items } },\n", type->db_type,
                   STR_ARG(p->name));
        return;
    }
    str name =
        sql_query_takes_struct(q) ? arena_printf(g->arena, "args->%.*s", STR_ARG(p->name)) : argument_name(g, p->name);
    const char *v = type->is_newtype ? ".v" : "";
    buf_printf(out, "        { .type = %s, ", type->db_type);
    if (type->item && param_is_pointer(p))
        buf_printf(out, ".is_null = !%.*s, .as.array = { %.*s ? %.*s->items : NULL, %.*s ? %.*s->n : 0 } },\n",
                   STR_ARG(name), STR_ARG(name), STR_ARG(name), STR_ARG(name), STR_ARG(name));
    else if (type->item)
        buf_printf(out, ".as.array = { %.*s.items, %.*s.n } },\n", STR_ARG(name), STR_ARG(name));
    else if (param_is_pointer(p))
        buf_printf(out, ".is_null = !%.*s, .as.%s = %.*s ? %s%.*s%s : %s },\n", STR_ARG(name), type->field,
                   STR_ARG(name), type->is_newtype ? "" : "*", STR_ARG(name), type->is_newtype ? "->v" : "",
                   zero_of(type));
    else if (p->nullable)
        buf_printf(out, ".is_null = !%.*s%s.p, .as.%s = %.*s%s },\n", STR_ARG(name), v, type->field, STR_ARG(name), v);
    else
        buf_printf(out, ".as.%s = %.*s%s },\n", type->field, STR_ARG(name), v);
}

static void write_columns(const struct sql_query *q, struct buf *out)
{
    if (q->n_columns == 0)
        return;
    str row = sql_row_name(q);
    buf_printf(out, "static const struct db_column %.*s_columns[] = {\n", STR_ARG(q->name));
    for (size_t i = 0; i < q->n_columns; i++) {
        const struct sql_column *c = &q->columns[i];
        buf_printf(out, "    { \"%.*s\", %s, offsetof(struct %.*s_row, %.*s), %s, ", STR_ARG(c->name), c->type->db_type,
                   STR_ARG(row), STR_ARG(c->name), c->nullable ? "true" : "false");
        if (c->nullable && !c->type->absent_is_value)
            buf_printf(out, "offsetof(struct %.*s_row, %.*s_given) },\n", STR_ARG(row), STR_ARG(c->name));
        else
            buf_add(out, STR("0 },\n"));
    }
    buf_add(out, STR("};\n"));
}

static void write_small_tables(const struct sql_query *q, struct buf *out)
{
    if (q->n_params > 0) {
        buf_printf(out, "static const enum db_type %.*s_params[] = {", STR_ARG(q->name));
        for (size_t i = 0; i < q->n_params; i++)
            buf_printf(out, "%s %s", i ? "," : "", q->params[i].type->db_type);
        buf_add(out, STR(" };\n"));
    }
    if (q->n_uniques > 0) {
        buf_printf(out, "static const struct db_unique %.*s_uniques[] = {\n", STR_ARG(q->name));
        for (size_t i = 0; i < q->n_uniques; i++)
            buf_printf(out, "    { \"%.*s\", &FAULT_%.*s, \"%.*s\" },\n", STR_ARG(q->uniques[i].constraint),
                       STR_ARG(q->uniques[i].fault), STR_ARG(q->uniques[i].param));
        buf_add(out, STR("};\n"));
    }
}

static void write_params(const struct sql_query *q, struct buf *out)
{
    if (q->n_params == 0)
        return;
    buf_printf(out, "    .n_params = %zu,\n    .param_types = %.*s_params,\n    .param_names = \"", q->n_params,
               STR_ARG(q->name));
    for (size_t i = 0; i < q->n_params; i++)
        buf_printf(out, "%s%.*s", i ? " " : "", STR_ARG(q->params[i].name));
    buf_add(out, STR("\",\n"));
}

static void write_table(const struct sqlgen *g, const struct sql_query *q, str file, struct buf *out)
{
    static const char *const cardinality[] = { "", "DB_ONE", "DB_MAYBE", "DB_MANY", "DB_EXEC" };
    buf_printf(out, "const struct db_statement %.*s_statement = {\n    .name = \"%.*s\",\n    .sql =\n",
               STR_ARG(q->name), STR_ARG(q->name));
    sqlgen_write_literal(q->sql, "        ", out);
    buf_printf(out, ",\n    .file = \"%.*s/store/%.*s.sql\",\n    .cardinality = %s,\n    .grouped = %s,\n",
               STR_ARG(g->app), STR_ARG(file), cardinality[q->cardinality], q->grouped ? "true" : "false");
    write_params(q, out);
    if (q->n_columns > 0)
        buf_printf(out,
                   "    .n_columns = %zu,\n    .columns = %.*s_columns,\n    .row_size = sizeof(struct %.*s_row),\n",
                   q->n_columns, STR_ARG(q->name), STR_ARG(sql_row_name(q)));
    if (q->n_uniques > 0)
        buf_printf(out, "    .uniques = %.*s_uniques,\n    .n_uniques = %zu,\n", STR_ARG(q->name), q->n_uniques);
    buf_add(out, STR("};\n\n"));
}

/* Items into columns; a text that may be absent is an empty one then. */
static void write_batch_columns(const struct sql_query *q, struct buf *out)
{
    for (size_t i = 0; i < q->n_params; i++)
        if (sql_param_is_column(q, &q->params[i]))
            buf_printf(out, "    %s *%.*s_column = arena_calloc(t->arena, n_items, sizeof(%s));\n",
                       q->params[i].type->item, STR_ARG(q->params[i].name), q->params[i].type->item);
    buf_add(out, STR("    for (size_t i = 0; i < n_items; i++) {\n"));
    for (size_t i = 0; i < q->n_params; i++) {
        str name = q->params[i].name;
        if (!sql_param_is_column(q, &q->params[i]))
            continue;
        if (q->params[i].nullable)
            buf_printf(out, "        %.*s_column[i] = items[i].%.*s.p ? items[i].%.*s : STR(\"\");\n", STR_ARG(name),
                       STR_ARG(name), STR_ARG(name));
        else
            buf_printf(out, "        %.*s_column[i] = items[i].%.*s;\n", STR_ARG(name), STR_ARG(name));
    }
    buf_add(out, STR("    }\n"));
}

static void write_body(const struct sqlgen *g, const struct sql_query *q, struct buf *out)
{
    sqlgen_write_prototype(g, q, out);
    buf_add(out, STR("\n{\n"));
    if (q->is_batch)
        write_batch_columns(q, out);
    if (q->n_params > 0) {
        buf_add(out, STR("    const struct db_value params[] = {\n"));
        for (size_t i = 0; i < q->n_params; i++)
            write_value(g, q, &q->params[i], out);
        buf_add(out, STR("    };\n"));
    }
    buf_printf(out, "    struct db_rows ret;\n    TRY(db_run(t, &%.*s_statement, %s, &ret));\n", STR_ARG(q->name),
               q->n_params > 0 ? "params" : "NULL");
    switch (q->cardinality) {
    case SQL_ONE:
    case SQL_MAYBE:
        buf_add(out, STR("    *row = ret.n > 0 ? ret.rows : NULL;\n"));
        break;
    case SQL_MANY:
        buf_add(out, STR("    *rows = ret.rows;\n    *n = ret.n;\n"));
        break;
    case SQL_EXEC:
        buf_add(out, STR("    *affected = ret.affected;\n"));
        break;
    }
    buf_add(out, STR("    return OK;\n}\n\n"));
}

void sqlgen_write_function(const struct sqlgen *g, const struct sql_query *q, struct buf *out)
{
    str file = STR("?");
    for (const struct sql_file *f = g->files; f; f = f->next) {
        for (const struct sql_query *each = f->queries; each; each = each->next)
            file = each == q ? f->stem : file;
    }
    write_small_tables(q, out);
    write_columns(q, out);
    write_table(g, q, file, out);
    write_body(g, q, out);
}
