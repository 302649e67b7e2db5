/*
 * No statement walks a whole table that grows, none of those inside functions and triggers either. Each is planned as
 * its server plans it, against tables that are empty and never were analyzed, as in a new installation, and every scan
 * of its plan has to begin at the first column of an index, or to read one that only holds what is open. Which tables
 * stay small, which indexes only hold what is open, and who may walk for what reason is written in plans_authsrv.h and
 * plans_paysrv.h (decision 0078).
 */
#include "contract_store.h"

#include <stdio.h>

#include "shared/db/batch.h"
#include "shared/db/group.h"
#include "shared/db/migrate.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

#include CONTRACT_PLANS

#define PLANS_SQL STOA_TESTS_DIR "/contract/plans.sql"
#define N(array) (sizeof(array) / sizeof *(array))

/* One scan that begins nowhere. */
struct walk {
    str relation;
    str index;     /* absent: the table itself */
    str condition; /* that which begins at another column than the index does */
    bool is_partial;
};

static const enum db_type walks_params[] = { DB_TEXT, DB_I32 };
static const struct db_column walks_columns[] = {
    { .name = "relation", .type = DB_TEXT, .offset = offsetof(struct walk, relation) },
    { .name = "index", .type = DB_TEXT, .offset = offsetof(struct walk, index), .nullable = true },
    { .name = "condition", .type = DB_TEXT, .offset = offsetof(struct walk, condition), .nullable = true },
    { .name = "is_partial", .type = DB_BOOL, .offset = offsetof(struct walk, is_partial) },
};
#define SCANS(id, from, types)                                                                                         \
    static const struct db_statement id = {                                                                            \
        .name = #id,                                                                                                   \
        .file = __FILE__,                                                                                              \
        .cardinality = DB_MANY,                                                                                        \
        .sql = "select relation, index, condition, is_partial from public." from,                                      \
        .n_params = N(types),                                                                                          \
        .param_types = types,                                                                                          \
        .n_columns = N(walks_columns),                                                                                 \
        .columns = walks_columns,                                                                                      \
        .row_size = sizeof(struct walk),                                                                               \
    };
SCANS(walks_find, "plans_walks($1::text, $2::int)", walks_params)
/* The same of those that compare each row of a step with each of another one. */
SCANS(pairs_find, "plans_pairs($1::text, $2::int)", walks_params)
/* The same of those that look at much for somebody who has little. */
static const enum db_type looks_params[] = { DB_TEXT, DB_TEXT };
SCANS(looks_find, "plans_looks($1::text, $2::text)", looks_params)
/* The same of those that look at much for a page. */
SCANS(pages_find, "plans_pages($1::text, $2::text)", looks_params)

/* A statement inside a function or a trigger, as one of its own. */
struct inside {
    str function, sql;
    int32_t n_params;
};

static const struct db_column inside_columns[] = {
    { .name = "inside", .type = DB_TEXT, .offset = offsetof(struct inside, function) },
    { .name = "statement", .type = DB_TEXT, .offset = offsetof(struct inside, sql) },
    { .name = "parameters", .type = DB_I32, .offset = offsetof(struct inside, n_params) },
};
static const struct db_statement inside_find = {
    .name = "inside_find",
    .file = __FILE__,
    .cardinality = DB_MANY,
    .sql = "select inside, statement, parameters from public.plans_inside()",
    .n_columns = 3,
    .columns = inside_columns,
    .row_size = sizeof(struct inside),
};

/* What was needed of the lists: a reason that nobody needs any more is to go. */
static bool few_used[N(plans_few)], open_used[N(plans_open)], reason_used[N(plans_reasons)];

static bool is_listed(const char *const *list, size_t n, bool *used, str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(name, str_of(list[i])))
            return used[i] = true;
    return false;
}

/* What a statement is looked at for. */
enum occasion { ALWAYS, WHEN_FULL, WHEN_PAGED };

static enum occasion occasion_of(const struct plan_reason *r)
{
    return r->when_paged ? WHEN_PAGED : r->when_full ? WHEN_FULL : ALWAYS;
}

static bool reason_counts(const struct plan_reason *r, enum occasion when)
{
    return when == ALWAYS ? !r->when_paged : occasion_of(r) == when;
}

static bool has_reason(const struct db_statement *s, str relation, enum occasion when)
{
    for (size_t i = 0; i < N(plans_reasons); i++) {
        const struct plan_reason *r = &plans_reasons[i];
        if (strcmp(r->statement, s->name) == 0 && (!r->relation || str_eq(relation, str_of(r->relation))) &&
            reason_counts(r, when))
            return reason_used[i] = true;
    }
    return false;
}

static bool may_walk(const struct db_statement *s, const struct walk *w, enum occasion when)
{
    if (is_listed(plans_few, N(plans_few), few_used, w->relation))
        return true;
    if (w->is_partial && is_listed(plans_open, N(plans_open), open_used, w->index))
        return true;
    return has_reason(s, w->relation, when);
}

/* How many of these scans may not be. */
static size_t walks_refused(const struct db_statement *s, const struct db_rows *rows, enum occasion when)
{
    const struct walk *w = rows->rows;
    size_t found = 0;
    for (size_t i = 0; i < rows->n; i++) {
        if (may_walk(s, &w[i], when))
            continue;
        printf("# %s: %s walks %.*s by %.*s %.*s\n", s->file, s->name, STR_ARG(w[i].relation), STR_ARG(w[i].index),
               STR_ARG(w[i].condition));
        found++;
    }
    return found;
}

static size_t statement_found(struct task *t, const struct db_statement *find, const struct db_statement *s)
{
    const struct db_value params[] = {
        { .type = DB_TEXT, .as.text = str_of(s->sql) },
        { .type = DB_I32, .as.i64 = (int64_t)s->n_params },
    };
    struct db_rows rows;
    CHECK_OK(db_run(t, find, params, &rows));
    return walks_refused(s, &rows, ALWAYS);
}

static size_t statement_walks(struct task *t, const struct db_statement *s)
{
    return statement_found(t, &walks_find, s);
}

static size_t statement_pairs(struct task *t, const struct db_statement *s)
{
    return statement_found(t, &pairs_find, s);
}

static size_t run_found(struct task *t, const struct db_statement *find, const struct db_statement *s,
                        enum occasion when)
{
    const struct db_value params[] = {
        { .type = DB_TEXT, .as.text = str_of(s->sql) },
        { .type = DB_TEXT, .as.text = str_of(s->param_names ? s->param_names : "") },
    };
    struct db_rows rows;
    CHECK_OK(db_run(t, find, params, &rows));
    return walks_refused(s, &rows, when);
}

static size_t statement_looks(struct task *t, const struct db_statement *s)
{
    return run_found(t, &looks_find, s, WHEN_FULL);
}

static size_t statement_pages(struct task *t, const struct db_statement *s)
{
    return run_found(t, &pages_find, s, WHEN_PAGED);
}

/* Statements of batches stand in files of their own, and have connections of their own. */
static bool is_batch(const struct db_statement *s)
{
    return strstr(s->file, "/store/batch") != NULL;
}

static bool is_single(const struct db_statement *s)
{
    return !is_batch(s);
}

static bool is_grouped(const struct db_statement *s)
{
    return s->grouped;
}

static size_t walks_of(struct arena *arena, struct db_config config, const char *settings,
                       bool (*wanted)(const struct db_statement *s),
                       size_t (*count)(struct task *t, const struct db_statement *s))
{
    config.settings = settings;
    struct task t = { .arena = arena, .db = db_open(&config), .now = wall_clock_now(), .what = "test" };
    size_t found = 0;
    for (size_t i = 0; i < CONTRACT_STATEMENTS_N; i++)
        if (wanted(CONTRACT_STATEMENTS[i]))
            found += count(&t, CONTRACT_STATEMENTS[i]);
    db_close(t.db);
    return found;
}

/* The connection is that of single statements: triggers run in all, and a plan that ends here ends there. */
static size_t walks_inside(struct arena *arena, struct db_config config)
{
    config.settings = DB_PLANS;
    struct task t = { .arena = arena, .db = db_open(&config), .now = wall_clock_now(), .what = "test" };
    struct db_rows rows;
    size_t found = 0;
    CHECK_OK(db_run(&t, &inside_find, NULL, &rows));
    const struct inside *in = rows.rows;
    for (size_t i = 0; i < rows.n; i++) {
        const struct db_statement s = {
            .name = arena_cstr(arena, in[i].function),
            .file = "migrations",
            .sql = arena_cstr(arena, in[i].sql),
            .n_params = (size_t)in[i].n_params,
        };
        found += statement_walks(&t, &s);
    }
    CHECK(rows.n > 10);
    db_close(t.db);
    return found;
}

static size_t unused_count(const char *what, const bool *used, size_t n)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        if (!used[i]) {
            printf("# nobody needs number %zu of %s\n", i + 1, what);
            found++;
        }
    return found;
}

static size_t unused_reasons(enum occasion when)
{
    size_t found = 0;
    for (size_t i = 0; i < N(plans_reasons); i++)
        if (!reason_used[i] && occasion_of(&plans_reasons[i]) == when) {
            printf("# nobody needs the reason of %s\n", plans_reasons[i].statement);
            found++;
        }
    return found;
}

static str ask(struct arena *arena, const char *sql)
{
    return test_postgres_sql(arena,
                             arena_cstr(arena, arena_printf(arena, "set search_path to %s; %s", CONTRACT_SCHEMA, sql)));
}

static struct db_config begin(struct arena *arena)
{
    struct db_config config = test_postgres_schema(arena, CONTRACT_SCHEMA);
    CHECK(migrate_up(&config, CONTRACT_MIGRATIONS, CONTRACT_MIGRATIONS_N));
    test_postgres_sql(arena, "\\i " PLANS_SQL);
    return config;
}

/* With two thousand rows in each table, which take longer to write than to copy. */
static struct db_config begin_full(struct arena *arena)
{
    static struct db_config full;
    if (str_given(full.conninfo)) {
        test_postgres_control("again");
        return full;
    }
    struct db_config config = begin(arena);
    ask(arena, "select public.plans_fill(1250)");
    test_postgres_control("keep");
    full = config;
    return config;
}

TEST(no_statement_walks_a_table_that_grows)
{
    struct db_config config = begin(arena);
    ask(arena, "select public.plans_fill(1)");
    CHECK_STR(ask(arena, "select public.plans_unfilled()"), STR(""));
    CHECK_I64(walks_of(arena, config, DB_PLANS, is_single, statement_walks), 0);
    CHECK_I64(walks_of(arena, config, DB_BATCH_PLANS, is_batch, statement_walks), 0);
    CHECK_I64(walks_of(arena, config, DB_BATCH_PLANS, is_batch, statement_pairs), 0);
    CHECK_I64(walks_inside(arena, config), 0);
    CHECK_I64(unused_count("plans_few", few_used, N(few_used)), 0);
    CHECK_I64(unused_count("plans_open", open_used, N(open_used)), 0);
    CHECK_I64(unused_reasons(ALWAYS), 0);
}

/* Somebody may say "analyze" on the first day. The steps on the path of a payment and of a log-in bear it. */
TEST(what_is_written_together_bears_statistics_of_twenty_rows)
{
    struct db_config config = begin(arena);
    ask(arena, "select public.plans_fill(20); analyze");
    CHECK_I64(walks_of(arena, config, DB_GROUP_PLANS, is_grouped, statement_walks), 0);
    CHECK_I64(walks_of(arena, config, DB_BATCH_PLANS, is_batch, statement_walks), 0);
}

/* Where three partners are all there are, a third of a table is worth walking for the order of its ids; but who sells
 * little has none of it. */
TEST(no_list_of_one_partner_walks_those_of_others)
{
    struct db_config config = begin_full(arena);
    ask(arena, "select public.plans_share('partner_id'); analyze");
    CHECK_I64(walks_of(arena, config, DB_PLANS, is_single, statement_walks), 0);
    CHECK_I64(unused_reasons(WHEN_FULL), 0);
}

/* Three accounts have all there is in the books; who has another one has little. */
TEST(no_list_of_one_account_walks_those_of_others)
{
    struct db_config config = begin_full(arena);
    ask(arena, "select public.plans_share('account_id'); analyze");
    CHECK_I64(walks_of(arena, config, DB_PLANS, is_single, statement_walks), 0);
}

/* A user's own lists, where his partner has many users and he has little: what is looked at is his, not all that there
 * is to drop what is of others. */
TEST(no_list_of_one_user_walks_those_of_others)
{
    struct db_config config = begin_full(arena);
    ask(arena, "select public.plans_crowd(); analyze");
    CHECK_I64(walks_of(arena, config, DB_PLANS, is_single, statement_looks), 0);
}

/* Of three hundred partners one has nearly all there is: a page of what it has is looked for as a page, and not made of
 * all that it ever had. */
TEST(no_page_of_a_partner_that_has_much_reads_all_of_it)
{
    struct db_config config = begin_full(arena);
    ask(arena, "select public.plans_market(); analyze");
    CHECK_I64(walks_of(arena, config, DB_PLANS, is_single, statement_pages), 0);
    CHECK_I64(unused_reasons(WHEN_PAGED), 0);
}
