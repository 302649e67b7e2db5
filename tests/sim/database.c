/* See database.h. */
#include "tests/sim/database.h"

#include "paysrv/store/migrations.h"
#include "shared/db/migrate.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

const struct db_column question_column = { .name = "n", .type = DB_I64 };

int64_t question_ask(struct task *t, const struct db_statement *question)
{
    struct db_rows rows;
    CHECK_OK(db_run(t, question, NULL, &rows));
    return *(const int64_t *)rows.rows;
}

struct db_config database_make(void)
{
    static struct arena *process; /* as long as the program */
    process = arena_create(1 << 12, 1 << 20);
    struct db_config config = test_postgres_schema(process, "pay");
    CHECK(migrate_up(&config, paysrv_migrations, paysrv_migrations_n));
    return config;
}
