/* See paysrv_rows.h. */
#include "tests/contract/paysrv_rows.h"

#include "paysrv/store/migrations.h"
#include "shared/db/migrate.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

#define ROWS_SQL STOA_TESTS_DIR "/contract/rows.sql"
#define IN_SCHEMA "set client_min_messages = error; set session_replication_role = replica; set search_path to pay; "

/* Migrated once for the program: what tests leave behind is taken away. A test that changes the schema has its own. */
struct db_config paysrv_rows_schema(struct arena *arena)
{
    static struct db_config config;
    if (config.conninfo.p) {
        test_postgres_sql(arena, IN_SCHEMA "select public.rows_renew()");
        return config;
    }
    struct db_config fresh = test_postgres_schema(arena, "pay");
    CHECK(migrate_up(&fresh, paysrv_migrations, paysrv_migrations_n));
    test_postgres_sql(arena, "\\i " ROWS_SQL);
    test_postgres_sql(arena, IN_SCHEMA "select public.rows_keep()");
    config = fresh;
    return config;
}

void paysrv_rows_begin(struct arena *arena, struct task *t, struct db_config *config, const char *rows)
{
    *config = paysrv_rows_schema(arena);
    test_postgres_sql(arena, arena_cstr(arena, arena_printf(arena, IN_SCHEMA "%s", rows)));
    *t = (struct task){ .arena = arena, .db = db_open(config), .now = wall_clock_now(), .what = "test" };
}
