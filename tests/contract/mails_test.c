/*
 * The job of mails beside what happens while it runs, which may be minutes with a slow relay
 * (docs/decisions/0101-bursts.md): what is done beside is done by the database, at the moment when the first is sent.
 */
#include "paysrv/flow/message/mail.h"

#include "paysrv/app.h"
#include "paysrv/store/mail.sql.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"
#include "tests/unit/shared/net/canned.h"

#define NOTICES 30 /* that were due one second after the other */

static struct db_config config;
static struct app app;

static void mail_put(struct task *t, const char *kind, str recipient)
{
    struct letter letter = { .subject = STR("Something"), .text = STR("happened.") };
    struct mail_draft draft = mail_draft_make(t, recipient, LANGUAGE_EN, letter);
    int64_t n;
    CHECK_OK(mail_insert(t, draft.id, str_of(kind), draft.recipient, draft.content, &n));
}

static str ask(struct arena *arena, const char *sql)
{
    return test_postgres_sql(arena, arena_cstr(arena, arena_printf(arena, "set search_path to pay; %s", sql)));
}

/* How many of the notices went before this one; absent: it did not go. */
static str ahead_of(struct arena *arena, const char *recipient)
{
    return ask(arena, arena_cstr(arena, arena_printf(arena,
                                                     "select (select count(*) from mail n where n.kind <> "
                                                     "'payout_code' and n.sent_at < m.sent_at) from mail m where "
                                                     "recipient = '%s' and sent_at is not null",
                                                     recipient)));
}

/* Notices to n1, n2, ..., which are due, and a code that nobody has asked for yet. */
static void run_beside(struct arena *arena, const char *done)
{
    struct task t;
    paysrv_rows_begin(arena, &t, &config, "");
    t.app = &app;
    for (int i = 1; i <= NOTICES; i++)
        mail_put(&t, "subscription_renewal", arena_printf(arena, "n%d@b.example", i));
    mail_put(&t, "payout_code", STR("code@b.example"));
    ask(arena, arena_cstr(arena, arena_printf(arena,
                                              "update mail set due_at = case when kind = 'payout_code' then 'infinity' "
                                              "else now() - interval '1 hour' + substr(recipient, 2, "
                                              "position('@' in recipient) - 2)::int * interval '1 second' end;"
                                              "create function beside() returns trigger language plpgsql as 'begin "
                                              "%s; return null; end';"
                                              "create trigger beside after update of sent_at on mail for each row when "
                                              "(new.recipient = 'n1@b.example') execute function beside()",
                                              done)));
    struct canned *relay = canned_start(CANNED_SMTP, "127.0.0.1", 0, "");
    app.config.smtp_url = arena_printf(arena, "smtp://127.0.0.1:%d", canned_port(relay));
    app.config.mail_from = STR("no-reply@b.example");
    CHECK_OK(mail_send_due(&t));
    canned_stop(relay);
    db_close(t.db);
    ask(arena, "set client_min_messages = error; drop function beside cascade");
}

/* As when the first took so long that the lease of those that were claimed with it was over. */
TEST(what_another_sender_has_by_now_is_left_to_him)
{
    run_beside(arena, "update pay.mail set due_at = clock_timestamp() + interval ''1 minute'' where recipient = "
                      "''n2@b.example''");
    CHECK_STR(ask(arena, "select string_agg(recipient, ' ' order by recipient) from mail where sent_at is null"),
              STR("code@b.example n2@b.example"));
}

TEST(a_code_that_is_asked_for_while_notices_are_sent_is_among_the_next)
{
    run_beside(arena, "update pay.mail set due_at = clock_timestamp() where kind = ''payout_code''");
    CHECK_STR(ahead_of(arena, "code@b.example"), STR("10"));
    CHECK_STR(ask(arena, "select count(*) from mail where sent_at is null"), STR("0"));
}

/* Each takes longer to be postponed than it is postponed for at first. */
TEST(what_was_postponed_is_not_taken_again_in_the_same_run)
{
    struct task t;
    paysrv_rows_begin(arena, &t, &config, "");
    t.app = &app;
    mail_put(&t, "subscription_renewal", STR("n1@b.example"));
    mail_put(&t, "subscription_renewal", STR("n2@b.example"));
    ask(arena, "create function beside() returns trigger language plpgsql as 'begin perform pg_sleep(1.5); return "
               "null; end';"
               "create trigger beside after update of due_at on mail for each row when (new.due_at < "
               "clock_timestamp() + interval '30 s') execute function beside()");
    struct canned *relay = canned_start(CANNED_SMTP, "127.0.0.1", 0, "");
    app.config.smtp_url = arena_printf(arena, "smtp://127.0.0.1:%d", canned_port(relay));
    canned_stop(relay); /* it is away */
    CHECK_OK(mail_send_due(&t));
    CHECK_STR(ask(arena, "select string_agg(tries::text, ' ') from mail where sent_at is null and failed_at is null"),
              STR("1 1"));
    db_close(t.db);
    ask(arena, "set client_min_messages = error; drop function beside cascade");
}
