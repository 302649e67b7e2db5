/*
 * The model between reading .sql files and writing C: queries, their parameters and columns (docs/generators.md).
 * Everything lives in one arena; the first mistake found is kept as file, line and sentence, and reading stops.
 */
#pragma once

#include "shared/base/arena.h"
#include "shared/base/buf.h"

enum { SQLGEN_NAME_MAX = 60, SQLGEN_ITEMS_MAX = 64, SQLGEN_POSITIONAL_MAX = 6 };

/* One type of docs/generators.md, or a newtype over one. */
struct sql_type {
    str name;
    const char *c_type;
    const char *db_type;  /* DB_I64 */
    const char *pg_cast;  /* int8 */
    const char *field;    /* member of db_value.as */
    bool absent_is_value; /* text and bytes have an absent value of their own */
    const char *item;     /* of an array: the C type of its items; NULL: no array */
    bool is_newtype;      /* the value is in .v */
};

struct sql_param {
    str name;
    const struct sql_type *type;
    bool nullable;
    const char *of_task; /* what it is bound from, for those that are no arguments; NULL: it is one */
};

struct sql_column {
    str name;
    const struct sql_type *type;
    bool nullable;
};

struct sql_unique {
    str constraint;
    str fault;
    str param; /* absent: none */
};

enum sql_cardinality { SQL_ONE = 1, SQL_MAYBE, SQL_MANY, SQL_EXEC };

struct sql_query {
    str name;
    int line;
    enum sql_cardinality cardinality;
    bool grouped;
    bool is_batch; /* its arrays are the columns of a list of items */
    str comment;   /* the lines between name and statement, for the header */
    str row_of;    /* "row: = other_query": shares that query's row struct */
    str sql;       /* with $1, without comments */
    struct sql_param params[SQLGEN_ITEMS_MAX];
    size_t n_params;
    struct sql_column columns[SQLGEN_ITEMS_MAX];
    size_t n_columns;
    struct sql_unique uniques[SQLGEN_ITEMS_MAX];
    size_t n_uniques;
    struct sql_query *next;
};

struct sql_file {
    str path; /* as messages name it */
    str stem; /* "code" of code.sql */
    struct sql_query *queries;
    struct sql_file *next;
};

struct sql_migration {
    int version;
    str name;
    str text;
    struct sql_migration *next;
};

struct sqlgen {
    struct arena *arena;
    str app; /* "authsrv" */
    struct sql_type *newtypes;
    size_t n_newtypes;
    struct sql_file *files;
    struct sql_migration *migrations;
    /* the first mistake */
    str wrong_file;
    int wrong_line;
    str wrong;
};

/* Where reading stands in one file. */
struct sql_source {
    struct sqlgen *g;
    str path;
    str text;
    size_t at;
    int line;
};

/* Keeps the first mistake; always false. */
bool sqlgen_wrong(struct sqlgen *g, str file, int line, const char *format, ...) __attribute__((format(printf, 4, 5)));

#define WRONG(source, ...) sqlgen_wrong((source)->g, (source)->path, (source)->line, __VA_ARGS__)

/* ---- types (sqlgen_types.c) ---- */
bool sql_name_valid(str s);
bool sql_name_is_reserved(str s); /* a C keyword */
const struct sql_type *sqlgen_type(const struct sqlgen *g, str name);
bool sqlgen_read_newtypes(struct sqlgen *g, str path, str text);
bool sqlgen_is_type_name(const struct sqlgen *g, str name);

/* ---- reading (sqlgen_read.c, sqlgen_sql.c) ---- */
bool sqlgen_read_queries(struct sqlgen *g, str path, str stem, str text);
bool sqlgen_read_migration(struct sqlgen *g, str path, str file_name, str text);
/* From src->at to the closing semicolon: fills q->sql and q->params. */
bool sql_read_statement(struct sql_source *src, struct sql_query *q);

/* ---- writing (sqlgen_write.c, sqlgen_function.c) ---- */
void sqlgen_write_newtypes(const struct sqlgen *g, struct buf *out);
void sqlgen_write_rows(const struct sqlgen *g, const struct sql_file *f, struct buf *out);
void sqlgen_write_header(const struct sqlgen *g, const struct sql_file *f, struct buf *out);
void sqlgen_write_source(const struct sqlgen *g, const struct sql_file *f, struct buf *out);
void sqlgen_write_statements_h(const struct sqlgen *g, struct buf *out);
void sqlgen_write_statements_c(const struct sqlgen *g, struct buf *out);
void sqlgen_write_migrations_h(const struct sqlgen *g, struct buf *out);
void sqlgen_write_migrations_c(const struct sqlgen *g, struct buf *out);

void sqlgen_write_prototype(const struct sqlgen *g, const struct sql_query *q, struct buf *out);
void sqlgen_write_function(const struct sqlgen *g, const struct sql_query *q, struct buf *out);
bool sql_query_takes_struct(const struct sql_query *q);
/* An array of a batch: a member of its items. */
bool sql_param_is_column(const struct sql_query *q, const struct sql_param *p);
bool sql_column_is_text(const struct sql_param *p);
/* What callers give beside items: not what the task has. */
bool sql_param_is_argument(const struct sql_query *q, const struct sql_param *p);
/* The C type as an argument or member: `const int64_t *` for a nullable number. */
void sqlgen_write_declaration(const struct sql_param *p, str name, struct buf *out);
/* The name of the query whose row struct this one uses. */
str sql_row_name(const struct sql_query *q);
/* Text as adjacent C string literals, one per line. */
void sqlgen_write_literal(str text, const char *indent, struct buf *out);
