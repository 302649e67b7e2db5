/*
 * One SQL statement: finds its end and replaces :name::type by $1::cast. Knows just enough of PostgreSQL's lexer that
 * strings, quoted names, dollar quotes, comments and casts are never mistaken for parameters.
 */
#include "shared/gen/sqlgen.h"

struct statement {
    struct sql_source *src;
    struct sql_query *q;
    struct buf out;
};

static bool name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool name_char(char c)
{
    return name_start(c) || (c >= '0' && c <= '9');
}

static char peek(const struct sql_source *s, size_t ahead)
{
    if (s->at + ahead >= s->text.n)
        return '\0';
    return s->text.p[s->at + ahead];
}

static bool at_end(const struct sql_source *s)
{
    return s->at >= s->text.n;
}

static char take(struct sql_source *s)
{
    char c = s->text.p[s->at++];
    if (c == '\n')
        s->line++;
    return c;
}

static void copy(struct statement *st, size_t n)
{
    for (size_t i = 0; i < n; i++)
        buf_add_char(&st->out, take(st->src));
}

static str take_name(struct sql_source *s)
{
    size_t from = s->at;
    while (!at_end(s) && name_char(s->text.p[s->at]))
        s->at++;
    return (str){ s->text.p + from, s->at - from };
}

/* Copies a quoted stretch whose first character is the quote. Doubling escapes it; a backslash too when escapes. */
static bool copy_quoted(struct statement *st, bool escapes)
{
    struct sql_source *s = st->src;
    int line = s->line;
    char quote = peek(s, 0);
    copy(st, 1);
    while (!at_end(s)) {
        bool escaped = escapes && peek(s, 0) == '\\' && s->at + 1 < s->text.n;
        if (escaped || (peek(s, 0) == quote && peek(s, 1) == quote)) {
            copy(st, 2);
        } else if (peek(s, 0) == quote) {
            copy(st, 1);
            return true;
        } else {
            copy(st, 1);
        }
    }
    return sqlgen_wrong(s->g, s->path, line, "the quote that begins here is never closed");
}

/* A header line inside a statement means that the semicolon before it was forgotten. */
static bool skip_line_comment(struct statement *st)
{
    struct sql_source *s = st->src;
    str comment = { s->text.p + s->at, 0 };
    while (!at_end(s) && peek(s, 0) != '\n')
        s->at++;
    comment.n = (size_t)(s->text.p + s->at - comment.p);
    if (str_starts(comment, STR("-- name:")))
        return WRONG(s, "the statement of %.*s has no semicolon at its end", STR_ARG(st->q->name));
    return true;
}

static bool skip_block_comment(struct sql_source *s)
{
    int line = s->line;
    int depth = 0;
    while (!at_end(s)) {
        if (peek(s, 0) == '/' && peek(s, 1) == '*') {
            depth++;
            s->at += 2;
        } else if (peek(s, 0) == '*' && peek(s, 1) == '/') {
            depth--;
            s->at += 2;
        } else {
            take(s);
        }
        if (depth == 0)
            return true;
    }
    return sqlgen_wrong(s->g, s->path, line, "the comment that begins here is never closed");
}

/* $tag$ ... $tag$; anything else after a dollar sign is refused, $1 above all. */
static bool copy_dollar_quoted(struct statement *st)
{
    struct sql_source *s = st->src;
    int line = s->line;
    size_t n = 1;
    while (name_char(peek(s, n)))
        n++;
    if (peek(s, n) != '$' || (peek(s, 1) >= '0' && peek(s, 1) <= '9'))
        return sqlgen_wrong(s->g, s->path, line, "write a parameter as :name::type, not with a dollar sign");
    str tag = { s->text.p + s->at, n + 1 };
    copy(st, tag.n);
    while (!at_end(s)) {
        str rest = { s->text.p + s->at, s->text.n - s->at };
        if (str_starts(rest, tag)) {
            copy(st, tag.n);
            return true;
        }
        copy(st, 1);
    }
    return sqlgen_wrong(s->g, s->path, line, "the dollar quote %.*s is never closed", STR_ARG(tag));
}

static struct sql_param *find_param(struct sql_query *q, str name)
{
    for (size_t i = 0; i < q->n_params; i++) {
        if (str_eq(q->params[i].name, name))
            return &q->params[i];
    }
    return NULL;
}

static struct sql_param *add_param(struct sql_source *s, struct sql_query *q, const struct sql_param *p)
{
    if (!sql_name_valid(p->name) || sql_name_is_reserved(p->name)) {
        WRONG(s,
              "the parameter :%.*s cannot be an argument in C: a-z, 0-9 and _ are "
              "allowed, keywords are not",
              STR_ARG(p->name));
        return NULL;
    }
    if (q->n_params == SQLGEN_ITEMS_MAX) {
        WRONG(s, "more than %d parameters", SQLGEN_ITEMS_MAX);
        return NULL;
    }
    q->params[q->n_params] = *p;
    return &q->params[q->n_params++];
}

/* Reads `::type` or `::type?` after a parameter. Without one, ret->type stays NULL. */
static bool read_param_type(struct sql_source *s, struct sql_param *ret)
{
    if (peek(s, 0) != ':' || peek(s, 1) != ':')
        return true;
    s->at += 2;
    str name = take_name(s);
    ret->type = sqlgen_type(s->g, name);
    if (!ret->type)
        return WRONG(s,
                     "%.*s is not a parameter type: text, i64, i32, bool, bytes, digest, "
                     "instant, json, texts, i64s, digests and the names in newtypes are",
                     STR_ARG(name));
    if (peek(s, 0) == '?') {
        s->at++;
        ret->nullable = true;
    }
    return true;
}

/* The parameter under this name, made at its first use; NULL: wrong, and said so. */
static const struct sql_param *declare_param(struct sql_source *s, struct sql_query *q, const struct sql_param *p)
{
    const struct sql_param *known = find_param(q, p->name);
    if (!known && p->type)
        return add_param(s, q, p);
    if (!known) {
        WRONG(s, "the parameter :%.*s needs its type where it is first used, for example :%.*s::text", STR_ARG(p->name),
              STR_ARG(p->name));
        return NULL;
    }
    if (p->type && (known->type != p->type || known->nullable != p->nullable)) {
        WRONG(s, "the parameter :%.*s was declared as %.*s%s before", STR_ARG(p->name), STR_ARG(known->type->name),
              known->nullable ? "?" : "");
        return NULL;
    }
    return known;
}

/* Parameters that every task brings itself. */
static const struct {
    const char *name, *type, *value, *wrong;
} of_tasks[] = {
    { "now", "instant", "t->now", ":now is the task's time and always an instant" },
    { "wall", "instant", "task_wall(t)", ":wall is the wall clock's time and always an instant" },
    { "clock", "text", "task_clock(t)", ":clock is the name of the task's clock and always a text" },
};

static bool take_from_task(struct sql_source *s, struct sql_param *p)
{
    for (size_t i = 0; i < sizeof of_tasks / sizeof of_tasks[0]; i++) {
        if (!str_eq(p->name, str_of(of_tasks[i].name)))
            continue;
        if (p->nullable || (p->type && !str_eq(p->type->name, str_of(of_tasks[i].type))))
            return WRONG(s, "%s", of_tasks[i].wrong);
        p->type = sqlgen_type(s->g, str_of(of_tasks[i].type));
        p->of_task = of_tasks[i].value;
    }
    return true;
}

static bool replace_param(struct statement *st)
{
    struct sql_source *s = st->src;
    s->at++;
    struct sql_param p = { .name = take_name(s) };
    if (!read_param_type(s, &p))
        return false;
    if (!take_from_task(s, &p))
        return false;
    const struct sql_param *known = declare_param(s, st->q, &p);
    if (!known)
        return false;
    if (peek(s, 0) == '[')
        return WRONG(s,
                     "put the parameter in parentheses before taking an element: "
                     "(:%.*s)[1]",
                     STR_ARG(p.name));
    buf_printf(&st->out, "$%zu::%s", (size_t)(known - st->q->params) + 1, known->type->pg_cast);
    return true;
}

/* Copies a word; a string with escapes (E'...') is told by the word right before its quote. */
static bool copy_word(struct statement *st)
{
    struct sql_source *s = st->src;
    str word = take_name(s);
    buf_add(&st->out, word);
    if (peek(s, 0) != '\'')
        return true;
    return copy_quoted(st, str_eq_nocase(word, STR("e")));
}

static void trim_line(struct buf *out)
{
    while (out->n > 0 && (out->p[out->n - 1] == ' ' || out->p[out->n - 1] == '\t' || out->p[out->n - 1] == '\r'))
        out->n--;
}

/* White space between tokens: empty lines and blanks at the end of a line are dropped. */
static void copy_space(struct statement *st)
{
    struct buf *out = &st->out;
    char c = take(st->src);
    if (c == '\n')
        trim_line(out);
    bool at_line_start = out->n == 0 || out->p[out->n - 1] == '\n';
    if (out->n > 0 && !(c == '\n' && at_line_start))
        buf_add_char(out, c);
}

static bool copy_token(struct statement *st)
{
    struct sql_source *s = st->src;
    char c = peek(s, 0);
    if (c == '\0')
        return WRONG(s, "a NUL byte in SQL text");
    if (c == '-' && peek(s, 1) == '-')
        return skip_line_comment(st);
    if (c == '/' && peek(s, 1) == '*') {
        buf_add_char(&st->out, ' ');
        return skip_block_comment(s);
    }
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        copy_space(st);
        return true;
    }
    if (c == '\'' || c == '"')
        return copy_quoted(st, false);
    if (c == '$')
        return copy_dollar_quoted(st);
    if (name_char(c))
        return copy_word(st);
    if (c == ':' && peek(s, 1) == ':')
        copy(st, 2);
    else if (c == ':' && name_start(peek(s, 1)))
        return replace_param(st);
    else
        copy(st, 1);
    return true;
}

bool sql_read_statement(struct sql_source *src, struct sql_query *q)
{
    struct statement st = { .src = src, .q = q };
    buf_init(&st.out, src->g->arena, src->text.n * 16 + 1024);
    while (!at_end(src) && peek(src, 0) != ';') {
        if (!copy_token(&st))
            return false;
    }
    if (at_end(src))
        return sqlgen_wrong(src->g, src->path, q->line, "the statement of %.*s has no semicolon at its end",
                            STR_ARG(q->name));
    src->at++;
    while (st.out.n > 0 && strchr(" \t\r\n", st.out.p[st.out.n - 1]))
        st.out.n--;
    q->sql = buf_str(&st.out);
    if (q->sql.n == 0)
        return sqlgen_wrong(src->g, src->path, q->line, "%.*s has no statement", STR_ARG(q->name));
    return true;
}
