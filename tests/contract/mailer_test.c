/*
 * The job of mails beside what happens while it runs, which may be minutes with a slow relay: what is done beside is
 * done by the database, at the moment when the first is sent.
 */
#include "authsrv/flow/mailer.h"

#include "authsrv/app.h"
#include "authsrv/store/migrations.h"
#include "shared/db/migrate.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"
#include "tests/unit/shared/net/canned.h"

#define MAILS 30 /* that were due one second after the other: more than are claimed at once */

static struct db_config config;
static struct app app;

static str ask(struct arena *arena, const char *sql)
{
    return test_postgres_sql(arena, arena_cstr(arena, arena_printf(arena, "set search_path to auth; %s", sql)));
}

static void run_beside(struct arena *arena, const char *done)
{
    config = test_postgres_schema(arena, "auth");
    CHECK(migrate_up(&config, authsrv_migrations, authsrv_migrations_n));
    struct letter letter = { .subject = STR("Something"), .text = STR("happened.") };
    struct task t = { .arena = arena, .db = db_open(&config), .now = wall_clock_now(), .what = "test", .app = &app };
    for (int i = 1; i <= MAILS; i++)
        CHECK_OK(mail_keep_to(&t, arena_printf(arena, "m%d@b.example", i), letter, MINUTES(10)));
    ask(arena, arena_cstr(arena, arena_printf(arena,
                                              "update mail set due_at = now() - interval '1 hour' + id * interval '1 "
                                              "second';"
                                              "create function beside() returns trigger language plpgsql as 'begin "
                                              "%s; return null; end';"
                                              "create trigger beside after update of sent_at on mail for each row when "
                                              "(new.id = 1) execute function beside()",
                                              done)));
    struct canned *relay = canned_start(CANNED_SMTP, "127.0.0.1", 0, "");
    app.config.smtp_url = arena_printf(arena, "smtp://127.0.0.1:%d", canned_port(relay));
    app.config.mail_from = STR("no-reply@b.example");
    CHECK_OK(mails_send(&t));
    canned_stop(relay);
    db_close(t.db);
}

/* As when the first took so long that the lease of those that were claimed with it was over. */
TEST(what_another_sender_has_by_now_is_left_to_him)
{
    run_beside(arena, "update auth.mail set due_at = clock_timestamp() + interval ''1 minute'' where id = 2");
    CHECK_STR(ask(arena, "select string_agg(id::text, ' ') from mail where sent_at is null"), STR("2"));
}

TEST(what_expires_while_others_are_sent_is_not_sent)
{
    run_beside(arena, "update auth.mail set expires_at = clock_timestamp() where id = 30");
    CHECK_STR(ask(arena, "select failed_at is not null and sent_at is null from mail where id = 30"), STR("t"));
    CHECK_STR(ask(arena, "select count(*) from mail where sent_at is not null"), STR("29"));
}

TEST(what_is_asked_for_while_others_are_sent_is_sent_with_them)
{
    run_beside(arena, "update auth.mail set due_at = clock_timestamp() where id = 30");
    CHECK_STR(ask(arena, "select count(*) from mail where sent_at is not null"), STR("30"));
}
