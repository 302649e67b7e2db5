/* Migrations are applied once, in order, alone, and never change; statements are compared with the schema. */
#include "shared/db/migrate.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "probe/probe.h"
#include "probe/store/statements.h"

static const struct migration good[] = {
    { 1, "first", "create table a (x int8 not null); insert into a values (1);" },
    { 2, "second", "alter table a add column y text;" },
};

TEST(migrations_are_applied_once)
{
    struct db_config config = test_postgres_schema(arena, "mig");
    int found, wanted;
    CHECK(!migrate_is_applied(&config, good, 2, &found, &wanted));
    CHECK(migrate_up(&config, good, 1));
    CHECK(!migrate_is_applied(&config, good, 2, &found, &wanted));
    CHECK_I64(found, 1);
    CHECK_I64(wanted, 2);
    CHECK(migrate_up(&config, good, 2));
    CHECK(migrate_up(&config, good, 2));
    CHECK(migrate_is_applied(&config, good, 2, &found, &wanted));
    CHECK_STR(test_postgres_sql(arena, "select count(*) from mig.a"), STR("1"));
    CHECK_STR(test_postgres_sql(arena, "select string_agg(version || name || length(sha256), ',' order by version)"
                                       " from mig.schema_migrations"),
              STR("1first64,2second64"));
}

/* Which of the tables have which of the settings, and when they got them. */
#define SETTLED                                                                                                        \
    "select string_agg(relname || coalesce(array_to_string(reloptions, '+'), ''), ' ' order by relname)"               \
    " from pg_class where relkind = 'r' and relnamespace = 'mig'::regnamespace"
#define WRITTEN                                                                                                        \
    "select string_agg(xmin::text, ' ' order by relname) from pg_class"                                                \
    " where relkind = 'r' and relnamespace = 'mig'::regnamespace"
#define THRESHOLDS                                                                                                     \
    "autovacuum_analyze_threshold=10000+autovacuum_vacuum_threshold=10000+autovacuum_vacuum_insert_threshold=10000"

TEST(tables_without_settings_of_their_own_are_analyzed_when_they_are_big)
{
    struct db_config config = test_postgres_schema(arena, "mig");
    const struct migration list[] = { good[0],
                                      { 2, "more",
                                        "create table b (x int8) with (fillfactor = 70);"
                                        "create table c (x int8) with (autovacuum_enabled = off);" } };
    CHECK(migrate_up(&config, list, 2));
    CHECK_STR(test_postgres_sql(arena, SETTLED), STR("a" THRESHOLDS " bfillfactor=70+" THRESHOLDS
                                                     " cautovacuum_enabled=off schema_migrations" THRESHOLDS));
    str written = test_postgres_sql(arena, WRITTEN);
    CHECK(migrate_up(&config, list, 2));
    CHECK_STR(test_postgres_sql(arena, WRITTEN), written);
}

TEST(missing_schema_is_made)
{
    test_postgres_sql(arena, "set client_min_messages = error; drop schema if exists mig2 cascade");
    struct db_config config = { .conninfo = test_postgres_url(), .search_path = "mig2" };
    CHECK(migrate_up(&config, good, 2));
    CHECK_STR(test_postgres_sql(arena, "select count(*) from mig2.a"), STR("1"));
}

TEST(changed_history_is_refused)
{
    struct db_config config = test_postgres_schema(arena, "mig");
    struct migration changed[] = { good[0], good[1] };
    int found, wanted;
    CHECK(migrate_up(&config, good, 2));
    changed[0].sql = "create table a (x int4);";
    CHECK(!migrate_up(&config, changed, 2));
    CHECK(!migrate_is_applied(&config, changed, 2, &found, &wanted));
}

TEST(database_of_a_newer_program_serves_and_is_not_migrated)
{
    struct db_config config = test_postgres_schema(arena, "mig");
    int found, wanted;
    CHECK(migrate_up(&config, good, 2));
    CHECK(!migrate_up(&config, good, 1));
    CHECK(migrate_is_applied(&config, good, 1, &found, &wanted));
    CHECK_I64(found, 2);
    CHECK_I64(wanted, 1);
}

TEST(database_that_is_away_has_no_version)
{
    struct db_config config = { .conninfo = STR("postgresql://127.0.0.1:1/none"), .search_path = "mig" };
    int found, wanted;
    CHECK(!migrate_is_applied(&config, good, 2, &found, &wanted));
    CHECK_I64(found, -1);
}

TEST(failed_migration_leaves_nothing_of_itself)
{
    struct db_config config = test_postgres_schema(arena, "mig");
    const struct migration broken[] = { good[0], { 2, "broken", "create table b (x int8); select 1 / 0;" } };
    int found, wanted;
    CHECK(!migrate_up(&config, broken, 2));
    CHECK(!migrate_is_applied(&config, good, 2, &found, &wanted));
    CHECK_I64(found, 1);
    CHECK_STR(test_postgres_sql(arena, "select count(*) from pg_tables where schemaname = 'mig' and tablename = 'b'"),
              STR("0"));
    CHECK(migrate_up(&config, good, 2));
}

static void *migrate_in_thread(void *config)
{
    return migrate_up(config, good, 2) ? config : NULL;
}

TEST(two_programs_migrate_at_once)
{
    struct db_config config = test_postgres_schema(arena, "mig");
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        CHECK_I64(pthread_create(&threads[i], NULL, migrate_in_thread, &config), 0);
    for (int i = 0; i < 4; i++) {
        void *ret;
        pthread_join(threads[i], &ret);
        CHECK(ret);
    }
    CHECK_STR(test_postgres_sql(arena, "select count(*) from mig.a"), STR("1"));
}

static void eventually_one(struct arena *arena, const char *sql)
{
    for (int i = 0; i < 1200 && !str_eq(test_postgres_sql(arena, sql), STR("1")); i++)
        usleep(50000);
    CHECK_STR(test_postgres_sql(arena, sql), STR("1"));
}

#define LOCKS_OF_A "from pg_locks where relation = 'mig.a'::regclass and mode = "

/* As a backup or a long report does. Whoever writes to the table meanwhile would wait behind the migration that waits.
 */
TEST(a_migration_that_waits_for_a_reader_does_not_hold_up_those_who_write)
{
    struct db_config config = test_postgres_schema(arena, "mig");
    CHECK(migrate_up(&config, good, 1));
    str reader = arena_printf(
        arena,
        "psql -Xqc 'begin; lock table mig.a in access share mode; select pg_sleep(600)' '%.*s' >/dev/null 2>&1 &",
        STR_ARG(test_postgres_url()));
    CHECK_I64(system(arena_cstr(arena, reader)), 0);
    eventually_one(arena, "select count(*) " LOCKS_OF_A "'AccessShareLock' and granted");
    pthread_t thread;
    CHECK_I64(pthread_create(&thread, NULL, migrate_in_thread, &config), 0);
    eventually_one(arena, "select count(*) " LOCKS_OF_A "'AccessExclusiveLock' and not granted");
    test_postgres_sql(arena, "set lock_timeout = '20s'; insert into mig.a values (2)");
    test_postgres_sql(arena, "select pg_terminate_backend(pid, 5000) " LOCKS_OF_A "'AccessShareLock' and granted");
    void *ret;
    pthread_join(thread, &ret);
    CHECK(ret);
    CHECK_STR(test_postgres_sql(arena, "select count(*) from mig.a where y is null"), STR("2"));
}

static const struct migration beside[] = {
    { 1, "first", "create table a (x int8 not null); insert into a values (1);" },
    { 2, "second",
      "-- concurrently\n-- Beside writers.\ndrop index concurrently if exists a_x;\n"
      "create unique index concurrently a_x on a (x);\n" },
};

static void *migrate_beside(void *config)
{
    return migrate_up(config, beside, 2) ? config : NULL;
}

#define INDEX_OF_A "select indisvalid::text from pg_index where indexrelid = 'mig.a_x'::regclass"

/* It has to wait until who began before has ended; who comes later does not wait for it. */
TEST(an_index_is_built_beside_those_who_write)
{
    struct db_config config = test_postgres_schema(arena, "mig");
    CHECK(migrate_up(&config, beside, 1));
    str writer = arena_printf(
        arena, "psql -Xqc 'begin; insert into mig.a values (2); select pg_sleep(600)' '%.*s' >/dev/null 2>&1 &",
        STR_ARG(test_postgres_url()));
    CHECK_I64(system(arena_cstr(arena, writer)), 0);
    eventually_one(arena, "select count(*) " LOCKS_OF_A "'RowExclusiveLock' and granted");
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        CHECK_I64(pthread_create(&threads[i], NULL, migrate_beside, &config), 0);
    eventually_one(arena, "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                          " and query like '%create unique index concurrently a_x%'");
    test_postgres_sql(arena, "set lock_timeout = '1s'; insert into mig.a values (3)");
    test_postgres_sql(arena, "select pg_terminate_backend(pid, 5000) " LOCKS_OF_A
                             "'RowExclusiveLock' and granted and pid <> pg_backend_pid()");
    for (int i = 0; i < 2; i++) {
        void *ret;
        pthread_join(threads[i], &ret);
        CHECK(ret);
    }
    CHECK_STR(test_postgres_sql(arena, INDEX_OF_A), STR("true"));
}

TEST(an_index_that_was_not_finished_is_built_anew)
{
    struct db_config config = test_postgres_schema(arena, "mig");
    int found, wanted;
    CHECK(migrate_up(&config, beside, 1));
    test_postgres_sql(arena, "insert into mig.a values (1)");
    CHECK(!migrate_up(&config, beside, 2));
    CHECK_STR(test_postgres_sql(arena, INDEX_OF_A), STR("false"));
    CHECK(!migrate_is_applied(&config, beside, 2, &found, &wanted));
    test_postgres_sql(arena, "delete from mig.a");
    CHECK(migrate_up(&config, beside, 2));
    CHECK_STR(test_postgres_sql(arena, INDEX_OF_A), STR("true"));
    CHECK(migrate_is_applied(&config, beside, 2, &found, &wanted));
}

TEST(statements_of_the_probe_match_its_schema_but_for_the_wrong_one)
{
    struct db_config config = probe_begin(arena);
    const struct db_statement *right[64];
    size_t n = 0;
    for (size_t i = 0; i < probe_statements_n; i++) {
        if (probe_statements[i] != &item_wrongly_not_null_statement)
            right[n++] = probe_statements[i];
    }
    CHECK(statements_match_schema(&config, right, n));
    CHECK(!statements_match_schema(&config, probe_statements, probe_statements_n));
}

TEST(differences_of_type_number_and_name_are_seen)
{
    struct db_config config = probe_begin(arena);
    const enum db_type i32[] = { DB_I32 };
    const struct db_column two[] = { { .name = "a", .type = DB_I64 }, { .name = "b", .type = DB_I64 } };
    const struct db_unique nowhere[] = { { "no_such_key", &FAULT_NOT_FOUND } };
    const struct db_statement wrong[] = {
        { .name = "w", .file = "f", .sql = "select 1::int4", .cardinality = DB_ONE, .n_columns = 1, .columns = two },
        { .name = "w", .file = "f", .sql = "select 1::int8", .cardinality = DB_ONE, .n_columns = 2, .columns = two },
        { .name = "w", .file = "f", .sql = "delete from item where id = $1::int8", .cardinality = DB_EXEC },
        { .name = "w",
          .file = "f",
          .sql = "delete from item where id = $1::int8",
          .cardinality = DB_EXEC,
          .n_params = 1,
          .param_types = i32 },
        { .name = "w", .file = "f", .sql = "delete from itme", .cardinality = DB_EXEC },
        { .name = "w",
          .file = "f",
          .sql = "delete from item",
          .cardinality = DB_EXEC,
          .n_uniques = 1,
          .uniques = nowhere },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const struct db_statement *each = &wrong[i];
        CHECK(!statements_match_schema(&config, &each, 1));
    }
}
