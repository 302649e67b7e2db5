/*
 * What a statement looks for before it decides: of one that takes effect each fact is changed, one at a time, and then
 * it does not. So a condition that is lost is missed, also one behind which another look stands that a request has
 * passed before: between the two something may happen. The facts stand in conditions_authsrv.txt and
 * conditions_paysrv.txt, the rows that they are about in conditions_authsrv.sql and conditions_paysrv.sql:
 *
 *   statement parameter=expression parameter=expression
 *       what is wrong: an SQL command that makes it so
 *       what is wrong: parameter=expression
 *       what is otherwise -> what the statement says then: either of these
 *       what is otherwise -> what is found afterwards: either of these, or neither // an SQL query
 */
#include "contract_store.h"

#include <string.h>

#include "shared/db/migrate.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

#define FACTS(name) STOA_TESTS_DIR "/contract/conditions" name ".sql"

static const enum db_type filled_params[] = { DB_TEXT, DB_TEXT, DB_TEXT };
static const enum db_type outcome_params[] = { DB_TEXT, DB_I64, DB_TEXT, DB_TEXT };
struct said {
    str text;
};
static const struct db_column said_columns[] = { { .name = "said", .type = DB_TEXT } };
#define ASKS(id, call, types)                                                                                          \
    static const struct db_statement id = {                                                                            \
        .name = #id,                                                                                                   \
        .file = __FILE__,                                                                                              \
        .cardinality = DB_ONE,                                                                                         \
        .sql = "select public." call " as said",                                                                       \
        .n_params = sizeof(types) / sizeof *(types),                                                                   \
        .param_types = types,                                                                                          \
        .n_columns = 1,                                                                                                \
        .columns = said_columns,                                                                                       \
        .row_size = sizeof(struct said),                                                                               \
    };
ASKS(filled_ask, "conditions_filled($1::text, $2::text, $3::text)", filled_params)
ASKS(outcome_ask, "conditions_outcome($1::text, $2::bigint, $3::text, $4::text)", outcome_params)

/* A line that begins a statement's, and how it went. */
struct asked {
    const struct db_statement *statement;
    str given;
    size_t facts;
};

static const struct db_statement *statement_named(str name)
{
    for (size_t i = 0; i < CONTRACT_STATEMENTS_N; i++)
        if (str_eq(name, str_of(CONTRACT_STATEMENTS[i]->name)))
            return CONTRACT_STATEMENTS[i];
    return NULL;
}

static int64_t rows_at_most(const struct db_statement *s)
{
    return s->cardinality == DB_EXEC ? 0 : s->cardinality == DB_MANY ? INT64_MAX : 1;
}

static str outcome(struct task *t, const struct asked *a, str other, str before, str look)
{
    const struct db_statement *s = a->statement;
    str given = arena_printf(t->arena, "%.*s %.*s", STR_ARG(other), STR_ARG(a->given));
    const struct db_value filled[] = { { .type = DB_TEXT, .as.text = str_of(s->sql) },
                                       { .type = DB_TEXT, .as.text = str_of(s->param_names ? s->param_names : "") },
                                       { .type = DB_TEXT, .as.text = given } };
    struct db_rows rows;
    CHECK_OK(db_run(t, &filled_ask, filled, &rows));
    const struct db_value asked[] = { { .type = DB_TEXT, .as.text = ((const struct said *)rows.rows)->text },
                                      { .type = DB_I64, .as.i64 = rows_at_most(s) },
                                      { .type = DB_TEXT, .as.text = before },
                                      { .type = DB_TEXT, .as.text = look } };
    err e = db_run(t, &outcome_ask, asked, &rows);
    if (e)
        return arena_printf(t->arena, "an error: %.*s", STR_ARG(e->detail));
    return ((const struct said *)rows.rows)->text;
}

static bool is_command(str text)
{
    static const char *const words[] = { "update ", "insert ", "delete ", "alter ", "with ", "select " };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_starts(text, str_of(words[i])))
            return true;
    return false;
}

/* Whether the fact makes the difference that it is to make. */
static bool fact_holds(struct task *t, const struct asked *a, str line)
{
    str what = line, wanted = STR(""), look = STR("");
    const char *colon = memmem(line.p, line.n, ": ", 2);
    CHECK(colon);
    what.n = (size_t)(colon - line.p);
    str change = { colon + 2, line.n - what.n - 2 };
    const char *arrow = memmem(what.p, what.n, " -> ", 4);
    if (arrow)
        wanted = (str){ arrow + 4, what.n - (size_t)(arrow - what.p) - 4 };
    const char *slashes = memmem(change.p, change.n, "// ", 3);
    if (slashes) {
        look = (str){ slashes + 3, change.n - (size_t)(slashes - change.p) - 3 };
        change.n = (size_t)(slashes - change.p);
    }
    bool is_done = is_command(change);
    str got = outcome(t, a, is_done ? STR("") : change, is_done ? change : STR(""), look);
    if (str_eq(got, wanted))
        return true;
    printf("# %s, %.*s: says %.*s\n", a->statement->name, STR_ARG(what), STR_ARG(got));
    return false;
}

static bool begins_well(struct task *t, struct asked *a, str line)
{
    str name;
    a->given = line;
    if (!str_cut(&a->given, ' ', &name)) {
        name = line;
        a->given = STR("");
    }
    a->statement = statement_named(name);
    a->facts = 0;
    str got = a->statement ? outcome(t, a, STR(""), STR(""), STR("")) : STR("");
    bool is_good = got.n > 0 && !str_starts(got, STR("an error"));
    if (!is_good)
        printf("# %.*s does nothing at all: %.*s\n", STR_ARG(name), STR_ARG(got));
    return is_good;
}

static size_t facts_missed(struct task *t, str facts)
{
    struct asked a = { NULL, STR_NONE, 0 };
    size_t missed = 0;
    str line;
    while (facts.n > 0) {
        if (!str_cut(&facts, '\n', &line)) {
            line = facts;
            facts.n = 0;
        }
        if (line.n == 0 || str_starts(line, STR("--")))
            continue;
        missed += str_starts(line, STR("    ")) ? !fact_holds(t, &a, (str){ line.p + 4, line.n - 4 })
                                                : !begins_well(t, &a, line);
    }
    return missed;
}

TEST(no_statement_takes_effect_when_one_of_its_facts_is_otherwise)
{
    struct db_config config = test_postgres_schema(arena, CONTRACT_SCHEMA);
    CHECK(migrate_up(&config, CONTRACT_MIGRATIONS, CONTRACT_MIGRATIONS_N));
    test_postgres_sql(arena, "\\i " FACTS(""));
    test_postgres_sql(arena, "\\i " FACTS("_" CONTRACT_APP));
    config.settings = "-c session_replication_role=replica";
    struct task t = { .arena = arena, .db = db_open(&config), .now = wall_clock_now(), .what = "test" };
    size_t missed = facts_missed(&t, test_file(arena, "contract/conditions_" CONTRACT_APP ".txt"));
    db_close(t.db);
    CHECK_I64(missed, 0);
}
