/*
 * One server's SQL against its own migrations: they apply to an empty schema, once, and every statement then has the
 * parameter and column types that the generated functions were made for (docs/generators.md).
 * STOA_TEST_DATABASE_URL names the database; without it the program starts a PostgreSQL of its own.
 */
#include "contract_store.h"

#include "shared/db/migrate.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

TEST(migrations_apply_to_an_empty_schema_and_every_statement_matches_it)
{
    struct db_config config = test_postgres_schema(arena, CONTRACT_SCHEMA);
    int found, wanted;
    CHECK(CONTRACT_MIGRATIONS_N > 0 && CONTRACT_STATEMENTS_N > 0);
    CHECK(migrate_up(&config, CONTRACT_MIGRATIONS, CONTRACT_MIGRATIONS_N));
    CHECK(migrate_is_applied(&config, CONTRACT_MIGRATIONS, CONTRACT_MIGRATIONS_N, &found, &wanted));
    CHECK_I64(found, wanted);
    CHECK(statements_match_schema(&config, CONTRACT_STATEMENTS, CONTRACT_STATEMENTS_N));
}
