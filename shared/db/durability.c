/* See durability.h. */
#include "shared/db/durability.h"

#include <stddef.h>

#include "shared/db/db.h"

static const struct db_column columns[] = {
    { "fsync", DB_TEXT, offsetof(struct durability, fsync), false, 0 },
    { "full_page_writes", DB_TEXT, offsetof(struct durability, full_page_writes), false, 0 },
    { "synchronous_commit", DB_TEXT, offsetof(struct durability, synchronous_commit), false, 0 },
    { "synchronous_standby_names", DB_TEXT, offsetof(struct durability, synchronous_standby_names), false, 0 },
};
static const struct db_statement statement = {
    .name = "durability_read",
    .sql = "select current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,"
           " current_setting('synchronous_commit') as synchronous_commit,"
           " current_setting('synchronous_standby_names') as synchronous_standby_names",
    .file = __FILE__,
    .cardinality = DB_ONE,
    .n_columns = sizeof columns / sizeof columns[0],
    .columns = columns,
    .row_size = sizeof(struct durability),
};

err durability_read(struct task *t, struct durability *ret)
{
    struct db_rows rows;
    TRY(db_run(t, &statement, NULL, &rows));
    *ret = *(const struct durability *)rows.rows;
    return OK;
}

static bool is_on(str setting)
{
    return str_eq(setting, STR("on"));
}

bool durability_gap_find(const struct durability *d, struct durability_gap *ret)
{
    str commit = d->synchronous_commit;
    if (!is_on(d->fsync))
        *ret = (struct durability_gap){ "fsync", "on", "a loss of power may destroy the whole database", d->fsync };
    else if (!is_on(d->full_page_writes))
        *ret =
            (struct durability_gap){ "full_page_writes", "on",
                                     "a page that is half written when the power fails stays so", d->full_page_writes };
    else if (str_eq(commit, STR("off")))
        *ret = (struct durability_gap){ "synchronous_commit", "on, remote_apply or remote_write",
                                        "what was answered before it is on disk is lost with a crash", commit };
    else if (str_eq(commit, STR("local")) && d->synchronous_standby_names.n)
        *ret = (struct durability_gap){ "synchronous_commit", "on, remote_apply or remote_write",
                                        "synchronous_standby_names is set, and its standbys need not have what was "
                                        "answered when they take over",
                                        commit };
    else
        return false;
    return true;
}
