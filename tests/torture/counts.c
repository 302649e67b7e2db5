/* See counts.h. */
#include "tests/torture/counts.h"

#include <stdlib.h>
#include <string.h>

#include "shared/db/db.h"
#include "tests/sim/sim.h"

static char *tables; /* a,b,c */
static char *question;

/* What days and tries leave, and not what was asked for; files, which worlds share that show the same; and what is the
 * first of a database. */
static const char *const besides[] = { "bank_file",       "bank_line",  "bank_batch",     "ledger_cut",
                                       "account_closing", "store_file", "reconcile_mark", "partner_month" };

/* Prepared by its address: each question has a statement of its own. */
static str ask(struct db_statement *s, const char *sql)
{
    static const struct db_column column = { .name = "text", .type = DB_TEXT };
    *s = (struct db_statement){ .name = "torture_counts",
                                .sql = sql,
                                .file = __FILE__,
                                .cardinality = DB_ONE,
                                .n_columns = 1,
                                .columns = &column,
                                .row_size = sizeof(str) };
    struct db_rows rows;
    CHECK_OK(db_run(sim_outside(), s, NULL, &rows));
    return *(const str *)rows.rows;
}

static void question_make(void)
{
    static struct db_statement names, counts;
    str text = ask(
        &names, "select string_agg(tablename::text, ',' order by tablename) from pg_tables where schemaname = 'pay'");
    tables = strndup(text.p, text.n);
    text =
        ask(&counts,
            "select 'select array_to_string(array[' || string_agg(format('(select count(*) from %I)', tablename), ', ' "
            "order by tablename) || ', (select sum(abs(amount))::bigint from posting)], '','')' from pg_tables "
            "where schemaname = 'pay'");
    question = strndup(text.p, text.n);
    CHECK(tables && question);
}

void counts_take(struct counts *ret)
{
    static struct db_statement statement;
    if (!question)
        question_make();
    char *text = arena_cstr(sim_memory(), ask(&statement, question));
    memset(ret, 0, sizeof *ret);
    for (size_t i = 0; i < COUNTS_MAX && *text; i++) {
        ret->of[i] = strtoll(text, &text, 10);
        text += *text == ',';
    }
}

void counts_less(const struct counts *a, const struct counts *b, struct counts *ret)
{
    for (size_t i = 0; i < COUNTS_MAX; i++)
        ret->of[i] = a->of[i] - b->of[i];
}

static bool is_besides(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof besides / sizeof besides[0]; i++)
        if (strlen(besides[i]) == n && memcmp(besides[i], name, n) == 0)
            return true;
    return false;
}

void counts_are(const struct counts *got, const struct counts *wanted)
{
    const char *name = tables;
    for (size_t i = 0; i < COUNTS_MAX; i++) {
        size_t n = strcspn(name, ",");
        if (got->of[i] != wanted->of[i] && !is_besides(name, n))
            test_fail(__FILE__, __LINE__, "%lld rows of %.*s instead of %lld", (long long)got->of[i], n ? (int)n : 7,
                      n ? name : "posting", (long long)wanted->of[i]);
        name += n;
        name += *name == ',';
    }
}
