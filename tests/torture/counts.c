/* See counts.h. */
#include "tests/torture/counts.h"

#include <stdlib.h>
#include <string.h>

#include "shared/db/db.h"
#include "tests/sim/sim.h"

static char *tables; /* a,b,c */
static char *question;

/* One row per try, and what jobs leave for their own sake. */
static const char *const tries[] = { "acquirer_call_try" };

static str ask(const char *sql)
{
    static const struct db_column column = { .name = "text", .type = DB_TEXT };
    const struct db_statement statement = { .name = "torture_counts",
                                            .sql = sql,
                                            .file = __FILE__,
                                            .cardinality = DB_ONE,
                                            .n_columns = 1,
                                            .columns = &column,
                                            .row_size = sizeof(str) };
    struct db_rows rows;
    CHECK_OK(db_run(sim_outside(), &statement, NULL, &rows));
    return *(const str *)rows.rows;
}

static void question_make(void)
{
    str text = ask("select string_agg(tablename::text, ',' order by tablename) from pg_tables where schemaname = 'pay'");
    tables = strndup(text.p, text.n);
    text = ask("select 'select concat_ws('','', ' || string_agg(format('(select count(*) from %I)', tablename), ', ' "
               "order by tablename) || ', (select sum(abs(amount)) from posting))' from pg_tables "
               "where schemaname = 'pay'");
    question = strndup(text.p, text.n);
    CHECK(tables && question);
}

void counts_take(struct counts *ret)
{
    if (!question)
        question_make();
    char *text = arena_cstr(sim_memory(), ask(question));
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

static bool is_of_tries(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++)
        if (strlen(tries[i]) == n && memcmp(tries[i], name, n) == 0)
            return true;
    return false;
}

void counts_are(const struct counts *got, const struct counts *wanted)
{
    const char *name = tables;
    for (size_t i = 0; i < COUNTS_MAX; i++) {
        size_t n = strcspn(name, ",");
        if (got->of[i] != wanted->of[i] && !is_of_tries(name, n))
            test_fail(__FILE__, __LINE__, "%lld rows of %.*s instead of %lld", (long long)got->of[i], n ? (int)n : 7,
                      n ? name : "posting", (long long)wanted->of[i]);
        name += n;
        name += *name == ',';
    }
}
