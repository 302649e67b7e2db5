/* See clock_seen.h. The statements stand here because they are every schema's that has the table. */
#include "shared/db/clock_seen.h"

#include <stddef.h>

#include "shared/db/db.h"

static const struct db_column columns[] = {
    { "database", DB_INSTANT, offsetof(struct clock_seen, database), false, 0 },
    { "latest", DB_INSTANT, offsetof(struct clock_seen, latest), false, 0 },
};
static const struct db_statement read_statement = {
    .name = "clock_seen_read",
    .sql = "select clock_timestamp() as database, coalesce((select latest from clock_seen), 'epoch') as latest",
    .file = __FILE__,
    .cardinality = DB_ONE,
    .n_columns = sizeof columns / sizeof columns[0],
    .columns = columns,
    .row_size = sizeof(struct clock_seen),
};

static const enum db_type note_params[] = { DB_INSTANT, DB_INSTANT };
static const struct db_statement note_statement = {
    .name = "clock_seen_note",
    .sql = "update clock_seen set latest = $1 where latest < $1::timestamptz - interval '4 seconds' and latest = $2",
    .file = __FILE__,
    .cardinality = DB_EXEC,
    .n_params = 2,
    .param_types = note_params,
};

static const struct db_statement accept_statement = {
    .name = "clock_seen_accept",
    .sql = "update clock_seen set latest = clock_timestamp()",
    .file = __FILE__,
    .cardinality = DB_EXEC,
};

err clock_seen_read(struct task *t, struct clock_seen *ret)
{
    struct db_rows rows;
    TRY(db_run(t, &read_statement, NULL, &rows));
    *ret = *(const struct clock_seen *)rows.rows;
    return OK;
}

err clock_seen_note(struct task *t, instant at, instant was)
{
    const struct db_value params[] = { { .type = DB_INSTANT, .as.time = at }, { .type = DB_INSTANT, .as.time = was } };
    struct db_rows rows;
    return db_run(t, &note_statement, params, &rows);
}

err clock_seen_accept(struct task *t)
{
    struct db_rows rows;
    return db_run(t, &accept_statement, NULL, &rows);
}
