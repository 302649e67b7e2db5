/*
 * Compares every statement with the migrated schema: types of parameters and columns, their number, and whether a
 * column that is declared without `?` can be NULL in the table it comes from. Computed columns have no table; what
 * they are declared as is believed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shared/base/num.h"
#include "shared/db/conn.h"
#include "shared/db/migrate.h"

__attribute__((format(printf, 2, 3))) static bool differs(const struct db_statement *s, const char *format, ...)
{
    char what[512];
    va_list ap;
    va_start(ap, format);
    vsnprintf(what, sizeof what, format, ap);
    va_end(ap);
    fprintf(stderr, "%s: %s: %s\n", s->file, s->name, what);
    return false;
}

static bool params_match(const struct db_statement *s, const PGresult *r)
{
    if ((size_t)PQnparams(r) != s->n_params)
        return differs(s, "has %d parameters, %zu are declared", PQnparams(r), s->n_params);
    bool good = true;
    for (size_t i = 0; i < s->n_params; i++) {
        unsigned oid = PQparamtype(r, (int)i);
        if (oid != db_type_oid(s->param_types[i]))
            good = differs(s, "parameter %zu has the type oid %u, declared is %u", i + 1, oid,
                           db_type_oid(s->param_types[i]));
    }
    return good;
}

/* The columns of the schema's tables that may be NULL, read once. */
struct nullables {
    struct {
        unsigned table;
        int column;
    } * items;
    size_t n;
};

static struct nullables nullables_read(PGconn *pg, struct arena *a)
{
    PGresult *r = PQexec(pg, "select a.attrelid::int8, a.attnum from pg_attribute a"
                             " join pg_class c on c.oid = a.attrelid join pg_namespace s on s.oid = c.relnamespace"
                             " where s.nspname = current_schema() and c.relkind in ('r', 'p') and a.attnum > 0"
                             " and not a.attnotnull");
    struct nullables ret = { NULL, (size_t)PQntuples(r) };
    ret.items = arena_calloc(a, ret.n, sizeof *ret.items);
    for (size_t i = 0; i < ret.n; i++) {
        int64_t table = 0, column = 0;
        (void)num_parse(str_of(PQgetvalue(r, (int)i, 0)), &table);
        (void)num_parse(str_of(PQgetvalue(r, (int)i, 1)), &column);
        ret.items[i].table = (unsigned)table;
        ret.items[i].column = (int)column;
    }
    PQclear(r);
    return ret;
}

static bool may_be_null(const struct nullables *list, unsigned table, int column)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->items[i].table == table && list->items[i].column == column)
            return true;
    }
    return false;
}

static bool column_matches(const struct nullables *nullables, const struct db_statement *s, const PGresult *r, size_t i)
{
    const struct db_column *c = &s->columns[i];
    if (PQftype(r, (int)i) != db_type_oid(c->type))
        return differs(s, "column %zu (%s) has the type oid %u, declared is %u", i + 1, c->name, PQftype(r, (int)i),
                       db_type_oid(c->type));
    if (!c->nullable && may_be_null(nullables, PQftable(r, (int)i), PQftablecol(r, (int)i)))
        return differs(s, "column %zu (%s) may be null in the table, declared is not null", i + 1, c->name);
    return true;
}

static bool columns_match(const struct nullables *nullables, const struct db_statement *s, const PGresult *r)
{
    size_t n = (size_t)PQnfields(r);
    if (s->cardinality == DB_EXEC)
        return true;
    if (n != s->n_columns)
        return differs(s, "gives %zu columns, %zu are declared", n, s->n_columns);
    bool good = true;
    for (size_t i = 0; i < n; i++)
        good = column_matches(nullables, s, r, i) && good;
    return good;
}

/* ---- the conversation: a round trip a batch, not three a statement ---- */

enum { STATEMENTS_AT_ONCE = 16 }; /* few enough that neither side's buffers fill while both write */

struct comparison {
    PGconn *pg;
    struct nullables nullables;
    PGresult *uniques; /* names of the schema's unique indexes */
};

static bool unique_exists(const struct comparison *c, const char *name)
{
    for (int i = 0; i < PQntuples(c->uniques); i++)
        if (strcmp(PQgetvalue(c->uniques, i, 0), name) == 0)
            return true;
    return false;
}

static bool constraints_exist(const struct comparison *c, const struct db_statement *s)
{
    bool good = true;
    for (size_t i = 0; i < s->n_uniques; i++)
        if (!unique_exists(c, s->uniques[i].constraint))
            good = differs(s, "there is no unique constraint or index %s", s->uniques[i].constraint);
    return good;
}

static bool statement_send(PGconn *pg, const struct db_statement *s)
{
    return PQsendPrepare(pg, "", s->sql, 0, NULL) == 1 && PQsendDescribePrepared(pg, "") == 1 &&
           PQpipelineSync(pg) == 1;
}

/* What one command of the pipeline gave; the NULL behind it is read too. */
static PGresult *result_next(PGconn *pg)
{
    PGresult *r = PQgetResult(pg);
    if (PQresultStatus(r) != PGRES_PIPELINE_SYNC)
        PQclear(PQgetResult(pg));
    return r;
}

static bool statement_read(const struct comparison *c, const struct db_statement *s)
{
    PGresult *prepared = result_next(c->pg), *described = result_next(c->pg);
    PQclear(result_next(c->pg)); /* the sync */
    bool good = conn_result_good(prepared);
    if (good)
        good = conn_result_good(described) && params_match(s, described);
    else
        differs(s, "%s", prepared ? PQresultErrorMessage(prepared) : PQerrorMessage(c->pg));
    good = good && columns_match(&c->nullables, s, described);
    PQclear(prepared);
    PQclear(described);
    return constraints_exist(c, s) && good;
}

static bool statements_match(const struct comparison *c, const struct db_statement *const *list, size_t n)
{
    bool good = PQenterPipelineMode(c->pg) == 1;
    for (size_t first = 0; first < n; first += STATEMENTS_AT_ONCE) {
        size_t end = n - first < STATEMENTS_AT_ONCE ? n : first + STATEMENTS_AT_ONCE;
        for (size_t i = first; i < end; i++)
            good = statement_send(c->pg, list[i]) && good;
        for (size_t i = first; i < end; i++)
            good = statement_read(c, list[i]) && good;
    }
    return good;
}

bool statements_match_schema(const struct db_config *config, const struct db_statement *const *list, size_t n)
{
    char trouble[256] = "";
    char *options = conn_options(config, "");
    struct arena *a = arena_create(16384, 1 << 20);
    unsigned host;
    struct comparison c = { .pg = conn_connect(arena_cstr(a, config->conninfo), options, &host, trouble,
                                               sizeof trouble) };
    free(options);
    if (!c.pg) {
        arena_destroy(a);
        fprintf(stderr, "statements cannot be compared with the schema: %s\n", trouble);
        return false;
    }
    c.nullables = nullables_read(c.pg, a);
    c.uniques = PQexec(c.pg, "select c.relname from pg_class c join pg_index x on x.indexrelid = c.oid"
                             " where x.indisunique and pg_table_is_visible(c.oid)");
    bool good = statements_match(&c, list, n);
    PQclear(c.uniques);
    PQfinish(c.pg);
    arena_destroy(a);
    return good;
}
