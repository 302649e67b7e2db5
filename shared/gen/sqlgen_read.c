/*
 * Reads query files (header lines `-- name:`, `-- row:`, `-- unique`, comments, one statement each) and migrations.
 * The format is docs/generators.md; every message says what is allowed.
 */
#include "shared/base/num.h"
#include "shared/gen/sqlgen.h"

static str trim(str s)
{
    while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
        s = (str){ s.p + 1, s.n - 1 };
    while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t' || s.p[s.n - 1] == '\r'))
        s.n--;
    return s;
}

/* The next line without moving. */
static str peek_line(const struct sql_source *s)
{
    str rest = { s->text.p + s->at, s->text.n - s->at };
    str line;
    return str_cut(&rest, '\n', &line) ? line : rest;
}

static void skip_line(struct sql_source *s)
{
    s->at += peek_line(s).n;
    if (s->at < s->text.n) {
        s->at++;
        s->line++;
    }
}

/* `-- name: rest`: true and the rest when the comment line begins with this word. */
static bool header_is(str line, str word, str *rest)
{
    line = trim(line);
    if (!str_starts(line, STR("--")))
        return false;
    line = trim((str){ line.p + 2, line.n - 2 });
    if (!str_starts(line, word))
        return false;
    *rest = trim((str){ line.p + word.n, line.n - word.n });
    return true;
}

static bool cardinality_parse(str s, enum sql_cardinality *ret)
{
    static const char *const words[] = { ":one", ":maybe", ":many", ":exec" };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_eq(s, str_of(words[i]))) {
            *ret = (enum sql_cardinality)(i + 1);
            return true;
        }
    }
    return false;
}

static const struct sql_query *find_query(const struct sqlgen *g, str name)
{
    for (const struct sql_file *f = g->files; f; f = f->next) {
        for (const struct sql_query *q = f->queries; q; q = q->next) {
            if (str_eq(q->name, name))
                return q;
        }
    }
    return NULL;
}

static bool read_name(struct sql_source *s, str rest, struct sql_query *q)
{
    str cardinality, word;
    if (!str_next_word(&rest, &q->name) || !str_next_word(&rest, &cardinality) ||
        !cardinality_parse(cardinality, &q->cardinality))
        return WRONG(s, "a query begins with `-- name: noun_verb :one`; :one, :maybe, :many, :exec are allowed");
    if (!sql_name_valid(q->name) || sql_name_is_reserved(q->name))
        return WRONG(s, "%.*s cannot be a function in C: a-z, 0-9 and _ are allowed", STR_ARG(q->name));
    const struct sql_query *other = find_query(s->g, q->name);
    if (other)
        return sqlgen_wrong(s->g, s->path, s->line, "the query %.*s exists already", STR_ARG(q->name));
    while (str_next_word(&rest, &word)) {
        if (!str_eq(word, STR("grouped")) && !str_eq(word, STR("batch")))
            return WRONG(s, "%.*s is not allowed here; only `grouped` and `batch` are", STR_ARG(word));
        q->grouped = q->grouped || str_eq(word, STR("grouped"));
        q->is_batch = q->is_batch || str_eq(word, STR("batch"));
    }
    q->line = s->line;
    return true;
}

static bool column_is_known(const struct sql_query *q, str name)
{
    for (size_t i = 0; i < q->n_columns; i++) {
        if (str_eq(q->columns[i].name, name))
            return true;
    }
    return false;
}

static bool read_column(struct sql_source *s, str text, struct sql_query *q)
{
    struct sql_column c = { .nullable = false };
    str type, more;
    if (!str_next_word(&text, &c.name) || !str_next_word(&text, &type) || str_next_word(&text, &more))
        return WRONG(s, "a column is written `name type`, columns are separated by commas");
    if (!sql_name_valid(c.name) || sql_name_is_reserved(c.name))
        return WRONG(s, "%.*s cannot be a member in C: a-z, 0-9 and _ are allowed", STR_ARG(c.name));
    if (column_is_known(q, c.name))
        return WRONG(s, "the column %.*s is listed twice", STR_ARG(c.name));
    if (str_ends(type, STR("?"))) {
        c.nullable = true;
        type.n--;
    }
    c.type = sqlgen_type(s->g, type);
    if (!c.type)
        return WRONG(s,
                     "%.*s is not a column type: text, i64, i32, bool, bytes, digest, instant, json, texts, "
                     "i64s, digests and the names in newtypes are",
                     STR_ARG(type));
    if (q->n_columns == SQLGEN_ITEMS_MAX)
        return WRONG(s, "more than 64 columns");
    q->columns[q->n_columns++] = c;
    return true;
}

static bool share_row(struct sql_source *s, str name, struct sql_query *q)
{
    const struct sql_query *other = find_query(s->g, name);
    if (!other || other->n_columns == 0)
        return WRONG(s, "%.*s is no earlier query with a row", STR_ARG(name));
    q->row_of = sql_row_name(other);
    q->n_columns = other->n_columns;
    memcpy(q->columns, other->columns, sizeof q->columns);
    return true;
}

/* Columns to the end of the line; *open says that the line ended with a comma and the list goes on. */
static bool read_columns(struct sql_source *s, str rest, struct sql_query *q, bool *open)
{
    if (str_starts(rest, STR("=")))
        return share_row(s, trim((str){ rest.p + 1, rest.n - 1 }), q);
    str column;
    while (str_cut(&rest, ',', &column)) {
        if (!read_column(s, trim(column), q))
            return false;
    }
    rest = trim(rest);
    *open = rest.n == 0;
    return *open || read_column(s, rest, q);
}

static bool read_unique(struct sql_source *s, str rest, struct sql_query *q)
{
    struct sql_unique u = { .param = STR_NONE };
    str arrow, more;
    if (!str_next_word(&rest, &u.constraint) || !str_next_word(&rest, &arrow) || !str_eq(arrow, STR("->")) ||
        !str_next_word(&rest, &u.fault) || !sql_name_valid(u.constraint))
        return WRONG(s, "write `-- unique constraint_name -> FAULT_NAME`, and the input's name if there is one");
    if (str_next_word(&rest, &u.param) && (str_next_word(&rest, &more) || !sql_name_valid(u.param)))
        return WRONG(s, "after the fault comes at most the name of one input");
    for (size_t i = 0; i < u.fault.n; i++) {
        char c = u.fault.p[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9' && i > 0) || c == '_'))
            return WRONG(s, "%.*s is not a fault's name: A-Z, 0-9 and _ are allowed", STR_ARG(u.fault));
    }
    if (q->n_uniques == SQLGEN_ITEMS_MAX)
        return WRONG(s, "more than 64 unique lines");
    q->uniques[q->n_uniques++] = u;
    return true;
}

/* The comment lines under `-- name:`. Ends at the first line that is no comment. */
static bool read_header(struct sql_source *s, struct sql_query *q)
{
    struct buf comment;
    buf_init(&comment, s->g->arena, s->text.n + 2);
    bool in_row = false;
    for (str rest; s->at < s->text.n && header_is(peek_line(s), STR(""), &rest); skip_line(s)) {
        str list = rest;
        if (header_is(peek_line(s), STR("row:"), &list) || in_row) {
            if (!read_columns(s, list, q, &in_row))
                return false;
        } else if (header_is(peek_line(s), STR("unique "), &list)) {
            if (!read_unique(s, list, q))
                return false;
        } else if (header_is(peek_line(s), STR("name:"), &list)) {
            return WRONG(s, "%.*s has no statement", STR_ARG(q->name));
        } else {
            buf_add(&comment, comment.n ? STR("\n") : STR(""));
            buf_add(&comment, rest);
        }
    }
    q->comment = buf_str(&comment);
    if (in_row)
        return WRONG(s, "the list of columns ends with a comma");
    if (q->cardinality == SQL_EXEC && q->n_columns > 0)
        return WRONG(s, "%.*s is :exec and has no row", STR_ARG(q->name));
    if (q->cardinality != SQL_EXEC && q->n_columns == 0)
        return WRONG(s, "%.*s needs `-- row: name type, ...`", STR_ARG(q->name));
    return true;
}

/* After the semicolon only a comment may follow on the same line. */
static bool end_line(struct sql_source *s)
{
    str line = trim(peek_line(s));
    if (line.n > 0 && !str_starts(line, STR("--")))
        return WRONG(s, "text after the semicolon: one statement belongs to one `-- name:`");
    skip_line(s);
    return true;
}

/* A batch has columns; what an item may lack is text. */
static bool batch_judge(struct sql_source *s, const struct sql_query *q)
{
    size_t n = 0;
    for (size_t i = 0; i < q->n_params; i++) {
        if (q->is_batch && q->params[i].nullable && q->params[i].type->item && !sql_column_is_text(&q->params[i]))
            return WRONG(s, "%.*s is a column of a batch: only texts may be absent there", STR_ARG(q->params[i].name));
        n += q->params[i].type->item ? 1 : 0;
    }
    return !q->is_batch || n > 0 || WRONG(s, "%.*s is a batch and has no array", STR_ARG(q->name));
}

static bool read_query(struct sql_source *s, str name_line, struct sql_query ***tail)
{
    struct sql_query *q = arena_new(s->g->arena, struct sql_query);
    if (!read_name(s, name_line, q))
        return false;
    skip_line(s);
    if (!read_header(s, q) || !sql_read_statement(s, q) || !batch_judge(s, q) || !end_line(s))
        return false;
    **tail = q;
    *tail = &q->next;
    return true;
}

bool sqlgen_read_queries(struct sqlgen *g, str path, str stem, str text)
{
    struct sql_source s = { .g = g, .path = path, .text = text, .line = 1 };
    struct sql_file *f = arena_new(g->arena, struct sql_file);
    *f = (struct sql_file){ .path = path, .stem = stem };
    struct sql_file **end = &g->files;
    while (*end)
        end = &(*end)->next;
    *end = f;
    struct sql_query **tail = &f->queries;
    while (s.at < s.text.n) {
        str rest;
        str line = trim(peek_line(&s));
        if (header_is(line, STR("name:"), &rest)) {
            if (!read_query(&s, rest, &tail))
                return false;
        } else if (line.n > 0 && !str_starts(line, STR("--"))) {
            return WRONG(&s, "a statement without `-- name: noun_verb :one` before it");
        } else {
            skip_line(&s);
        }
    }
    return true;
}

bool sqlgen_read_migration(struct sqlgen *g, str path, str file_name, str text)
{
    str number, name = file_name;
    int64_t version = 0;
    if (!str_ends(name, STR(".sql")) || !str_cut(&name, '_', &number) || number.n != 4)
        return sqlgen_wrong(g, path, 1, "a migration is named NNNN_name.sql");
    name.n -= 4;
    while (number.n > 1 && number.p[0] == '0')
        number = (str){ number.p + 1, number.n - 1 };
    if (!num_parse(number, &version) || !sql_name_valid(name))
        return sqlgen_wrong(g, path, 1, "a migration is named NNNN_name.sql");
    if (text.n && memchr(text.p, '\0', text.n))
        return sqlgen_wrong(g, path, 1, "a NUL byte in SQL text");
    struct sql_migration **end = &g->migrations;
    int expected = 1;
    for (; *end; end = &(*end)->next)
        expected++;
    if (version != expected)
        return sqlgen_wrong(g, path, 1, "the next migration has the number %04d: no gaps, no number twice", expected);
    *end = arena_new(g->arena, struct sql_migration);
    **end = (struct sql_migration){ .version = (int)version, .name = name, .text = text };
    return true;
}
