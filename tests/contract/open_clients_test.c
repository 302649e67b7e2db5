/*
 * Clients of open registration that nobody allows anything go, and each that is in use is looked at once a day
 * (authsrv/store/client.sql).
 */
#include "authsrv/store/client.sql.h"
#include "authsrv/store/migrations.h"
#include "shared/db/migrate.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

static const char rows[] =
    "set search_path to auth;"
    "insert into client (id, metadata, first_party, verified, created_at, updated_at, document_at) "
    "select x.id, json_build_object('client_name', 'x', 'token_endpoint_auth_method', 'none'), false, x.verified, "
    "now() - x.age, now(), x.document_at "
    "from (values ('open_new', false, interval '1 hour', null::timestamptz), ('open_idle', false, '2 days', null), "
    "('open_used', false, '2 days', null), ('open_known', true, '2 days', null), ('closed', false, '2 days', null), "
    "('https://c.example/', false, '2 days', now())) as x (id, verified, age, document_at);"
    "set session_replication_role = replica;"
    "insert into consent (user_id, client_id, redirect_uri, client_version, scope, granted_at) "
    "values ('usr_1', 'open_used', '', 1, '', now())";

static str ask(struct arena *arena, const char *sql)
{
    return test_postgres_sql(arena, arena_cstr(arena, arena_printf(arena, "set search_path to auth; %s", sql)));
}

static int64_t purged(struct task *t, int64_t days_on)
{
    int64_t n = 0;
    t->now = instant_add(wall_clock_now(), DAYS(days_on));
    CHECK_OK(open_client_purge(t, instant_add(t->now, (duration){ -DAYS(1).us }), &n));
    return n;
}

TEST(open_clients_go_when_nobody_allows_them_anything_and_are_looked_at_once_a_day)
{
    struct db_config config = test_postgres_schema(arena, "auth");
    CHECK(migrate_up(&config, authsrv_migrations, authsrv_migrations_n));
    test_postgres_sql(arena, rows);
    struct task t = { .arena = arena, .db = db_open(&config), .what = "test" };
    CHECK_I64(purged(&t, 0), 2);
    CHECK_STR(ask(arena, "select string_agg(id, ' ' order by id) from client"),
              STR("closed open_known open_new open_used"));
    ask(arena, "delete from consent");
    CHECK_I64(purged(&t, 0), 0);
    ask(arena, "update client set verified = false where id = 'open_known'");
    CHECK_I64(purged(&t, 0), 1);
    CHECK_I64(purged(&t, 2), 2);
    CHECK_STR(ask(arena, "select string_agg(id, ' ') from client"), STR("closed"));
    CHECK_STR(ask(arena, "select count(*) from open_client"), STR("0"));
    db_close(t.db);
}
