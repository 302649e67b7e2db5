/*
 * Rounds of jobs that took so many a period, or whose failing rows came first for ever. Rows are written without
 * foreign keys and triggers.
 */
#include "paysrv/app.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/message/webhook_walk.h"
#include "paysrv/flow/payout/payout_fee.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

#define SQL(text) test_postgres_sql(arena, text)

static void begin(struct arena *arena, struct task *t, const char *rows)
{
    static struct app app = { .env = &pay_env_live };
    struct db_config config;
    paysrv_rows_begin(arena, t, &config, rows);
    t->app = &app;
}

#define FEE_ROWS                                                                                                       \
    "insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, " \
    "created_at, expires_at, msg_id) select 'po_' || n, 'p', 'usr_1', 'req', 1, 'EUR', sha256(''), 'K7', 'paid', "     \
    "now(), "                                                                                                          \
    "now(), 'M1' from generate_series(1001, 1500) as n;"                                                               \
    "insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value select n, 'p', "          \
    "'payout_fee', 'po_' || n, now() from generate_series(1001, 1500) as n;"                                           \
    "insert into payout_fee (payout_id, partner_id, fee, payee, on_return, entry_id, due_at, clock) select 'po_' || "  \
    "n, 'p', 1, 'platform', 'keep', n, now() - interval '1 hour', '' from generate_series(1001, 1500) as n;"

TEST(fees_of_payouts_are_looked_at_past_those_that_fail)
{
    struct task t;
    begin(arena, &t, FEE_ROWS);
    SQL("create function pay.refuse() returns trigger language plpgsql as 'begin raise exception ''no''; end'; create "
        "trigger refused before update on pay.payout_fee for each row when (new.payout_id <= 'po_1250') execute "
        "function pay.refuse()");
    CHECK_OK(payout_fees_run(&t));
    SQL("set client_min_messages = error; drop function pay.refuse() cascade");
    CHECK_STR(SQL("select count(*), max(payout_id) from pay.payout_fee where due_at is not null"), STR("250|po_1250"));
    db_close(t.db);
}

#define RECEIPT_ROWS                                                                                                   \
    "insert into receipt (subject, partner_id, document, created_at, look_at) select 'pay_' || n, 'p', '{}', now(), "  \
    "now() - interval '1 second' from generate_series(1, 900) as n;"

TEST(receipts_are_looked_at_until_none_is_due)
{
    struct task t;
    begin(arena, &t, RECEIPT_ROWS);
    CHECK_OK(webhooks_fan_out(&t));
    CHECK_STR(SQL("select count(*) from pay.receipt where look_at < created_at"), STR("0"));
    db_close(t.db);
}
