/* See paysrv_rows.h. */
#include "tests/contract/paysrv_rows.h"

#include "paysrv/store/migrations.h"
#include "shared/db/migrate.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

void paysrv_rows_begin(struct arena *arena, struct task *t, struct db_config *config, const char *rows)
{
    *config = test_postgres_schema(arena, "pay");
    CHECK(migrate_up(config, paysrv_migrations, paysrv_migrations_n));
    test_postgres_sql(arena, arena_cstr(arena, arena_printf(arena,
                                                            "set session_replication_role = replica; set search_path "
                                                            "to pay; %s",
                                                            rows)));
    *t = (struct task){ .arena = arena, .db = db_open(config), .now = wall_clock_now(), .what = "test" };
}
