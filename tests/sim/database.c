/* See database.h. */
#include "tests/sim/database.h"

#include "paysrv/store/migrations.h"
#include "shared/db/migrate.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

struct db_config database_make(void)
{
    static struct arena *process; /* as long as the program */
    process = arena_create(1 << 12, 1 << 20);
    struct db_config config = test_postgres_schema(process, "pay");
    CHECK(migrate_up(&config, paysrv_migrations, paysrv_migrations_n));
    return config;
}
