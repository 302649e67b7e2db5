/* See secret_slot.h. The statements stand here because they are every schema's that has the table. */
#include "shared/db/secret_slot.h"

#include <stddef.h>

#include "shared/db/db.h"

static const struct db_column slot_columns[] = {
    { "name", DB_TEXT, offsetof(struct secret_slot, name), false, 0 },
    { "slot", DB_TEXT, offsetof(struct secret_slot, slot), false, 0 },
    { "wrapped", DB_BYTES, offsetof(struct secret_slot, wrapped), true, 0 },
    { "created_at", DB_INSTANT, offsetof(struct secret_slot, created_at), false, 0 },
    { "is_held", DB_BOOL, offsetof(struct secret_slot, is_held), false, 0 },
};
static const struct db_statement list_statement = {
    .name = "secret_slot_list",
    .sql = "select name, slot, wrapped, created_at, coalesce(opened_at > clock_timestamp() - interval '2 minutes', "
           "false) as is_held\n"
           "  from secret_slot order by name, created_at, slot",
    .file = __FILE__,
    .cardinality = DB_MANY,
    .n_columns = sizeof slot_columns / sizeof slot_columns[0],
    .columns = slot_columns,
    .row_size = sizeof(struct secret_slot),
};

static const enum db_type put_params[] = { DB_TEXT, DB_TEXT, DB_BYTES };
static const struct db_statement put_statement = {
    .name = "secret_slot_put",
    .sql = "insert into secret_slot (name, slot, wrapped, created_at) values ($1, $2, $3, clock_timestamp())\n"
           "on conflict (name, slot) do nothing",
    .file = __FILE__,
    .cardinality = DB_EXEC,
    .n_params = 3,
    .param_types = put_params,
};

static const enum db_type hold_params[] = { DB_TEXT, DB_TEXT };
static const struct db_statement hold_statement = {
    .name = "secret_slot_hold",
    .sql = "update secret_slot set opened_at = clock_timestamp() where name = $1 and slot = $2\n"
           "   and (opened_at < clock_timestamp() - interval '20 seconds') is not false",
    .file = __FILE__,
    .cardinality = DB_EXEC,
    .n_params = 2,
    .param_types = hold_params,
};

static const enum db_type delete_params[] = { DB_TEXT, DB_TEXT };
static const struct db_statement delete_statement = {
    .name = "secret_slot_delete",
    .sql = "delete from secret_slot where name = $1 and slot = $2",
    .file = __FILE__,
    .cardinality = DB_EXEC,
    .n_params = 2,
    .param_types = delete_params,
};

err secret_slot_list(struct task *t, const struct secret_slot **ret, size_t *n)
{
    struct db_rows rows;
    TRY(db_run(t, &list_statement, NULL, &rows));
    *ret = rows.rows;
    *n = rows.n;
    return OK;
}

err secret_slot_put(struct task *t, const char *name, str slot, bytes wrapped)
{
    const struct db_value params[] = { { .type = DB_TEXT, .as.text = str_of(name) },
                                       { .type = DB_TEXT, .as.text = slot },
                                       { .type = DB_BYTES, .as.bin = wrapped } };
    struct db_rows rows;
    return db_run(t, &put_statement, params, &rows);
}

static err slot_run(struct task *t, const struct db_statement *statement, const char *name, str slot)
{
    const struct db_value params[] = { { .type = DB_TEXT, .as.text = str_of(name) },
                                       { .type = DB_TEXT, .as.text = slot } };
    struct db_rows rows;
    return db_run(t, statement, params, &rows);
}

err secret_slot_hold(struct task *t, const char *name, str slot)
{
    return slot_run(t, &hold_statement, name, slot);
}

err secret_slot_delete(struct task *t, const char *name, str slot)
{
    return slot_run(t, &delete_statement, name, slot);
}
