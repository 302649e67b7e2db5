/*
 * One partner has very much at once, as on the first of a month or after days without a server: the little that others
 * have meanwhile is not behind it. Rows are written without foreign keys and triggers.
 */
#include "paysrv/store/invoice.sql.h"
#include "paysrv/store/mail.sql.h"
#include "paysrv/store/statements.h"
#include "paysrv/store/subscription.sql.h"
#include "paysrv/store/webhook.sql.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

static struct db_config config;

static void begin(struct arena *arena, struct task *t, const char *rows)
{
    paysrv_rows_begin(arena, t, &config, rows);
}

/* Of 'big' three hundred that are older than the two of 'small'. */
#define BIG_AND_SMALL                                                                                                  \
    "from (select n, case when n > 300 then 'small' else 'big' end as p from generate_series(1, 302) n) x"
#define SINCE "now() - interval '30 days' + n * interval '1 second'"
#define PARTNER_ROWS                                                                                                   \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('big', 'B', 0, 0, now()), "   \
    "('small', 'S', 0, 0, now());"
#define SUBSCRIPTION_ROWS                                                                                              \
    "insert into subscription (subscription_id, partner_id, store_id, price_id, quantity, saved_card_id, status, "     \
    "zone, anchor_local, period_n, period_start, period_end, keep_unpaid, created_at, due_at) select 'sub_' || n, p, " \
    "'st', 'price', 1, 'card', 'active', 'UTC', 0, 0, now(), now(), false, now(), " SINCE " " BIG_AND_SMALL ";"
#define INVOICE_ROWS                                                                                                   \
    "insert into invoice (invoice_id, partner_id, subscription_id, kind, period_n, period_start, period_end, "         \
    "currency, total, applied, due, lines, status, created_at, look_at) select 'inv_' || n, p, 'sub_' || n, "          \
    "'period', 1, now(), now(), 'EUR', 0, 0, 0, '[]', 'open', now(), " SINCE " " BIG_AND_SMALL ";"

TEST(periods_of_partners_begin_in_turn)
{
    struct task t;
    const struct subscriptions_due_row *rows;
    size_t n, taken = 0;
    begin(arena, &t, PARTNER_ROWS SUBSCRIPTION_ROWS);
    CHECK_OK(subscriptions_due(&t, 50, t.now, instant_add(t.now, MINUTES(1)), &rows, &n));
    CHECK_I64(n, 50);
    CHECK_STR(rows[0].subscription_id.v, STR("sub_1"));
    CHECK_STR(rows[1].subscription_id.v, STR("sub_301"));
    CHECK_STR(rows[3].subscription_id.v, STR("sub_302"));
    CHECK_STR(rows[4].subscription_id.v, STR("sub_3"));
    for (; n > 0 && taken < 400; taken += n)
        CHECK_OK(subscriptions_due(&t, 50, t.now, instant_add(t.now, MINUTES(1)), &rows, &n));
    CHECK_I64(taken, 252); /* each once */
    db_close(t.db);
}

TEST(invoices_of_partners_are_collected_in_turn)
{
    struct task t;
    const struct invoices_due_row *rows;
    size_t n, taken = 0;
    begin(arena, &t, PARTNER_ROWS INVOICE_ROWS);
    CHECK_OK(invoices_due(&t, 50, t.now, instant_add(t.now, MINUTES(1)), &rows, &n));
    CHECK_I64(n, 50);
    CHECK_STR(rows[0].invoice_id.v, STR("inv_1"));
    CHECK_STR(rows[1].invoice_id.v, STR("inv_301"));
    CHECK_STR(rows[3].invoice_id.v, STR("inv_302"));
    for (; n > 0 && taken < 400; taken += n)
        CHECK_OK(invoices_due(&t, 50, t.now, instant_add(t.now, MINUTES(1)), &rows, &n));
    CHECK_I64(taken, 252);
    db_close(t.db);
}

/* Three hundred notices, and two codes that were asked for after them. */
#define MAIL_ROWS                                                                                                      \
    "insert into mail (mail_id, kind, recipient, content, due_at, created_at) select 'm' || n, case n when 301 then "  \
    "'payout_code' when 302 then 'confirmation_code' else 'subscription_renewal' end, 'a@b', 'x', "                    \
    "now() - interval '1 hour' + n * interval '1 second', now() from generate_series(1, 302) n;"

TEST(a_code_does_not_wait_behind_what_nobody_waits_for)
{
    struct task t;
    const struct mail_claim_row *rows;
    size_t n, taken = 0;
    begin(arena, &t, MAIL_ROWS);
    CHECK_OK(mail_claim(&t, instant_add(t.now, MINUTES(1)), &rows, &n));
    CHECK_I64(n, 12);
    CHECK_STR(rows[0].mail_id, STR("m301"));
    CHECK_STR(rows[1].mail_id, STR("m302"));
    for (taken = n; n > 0 && taken < 400; taken += n)
        CHECK_OK(mail_claim(&t, instant_add(t.now, MINUTES(1)), &rows, &n));
    CHECK_I64(taken, 302);
    db_close(t.db);
}

/* And as many codes keep no notice for ever. */
TEST(notices_have_their_half_beside_codes)
{
    struct task t;
    const struct mail_claim_row *rows;
    size_t n, notices = 0;
    begin(arena, &t, MAIL_ROWS "update mail set kind = 'payout_code' where mail_id <> 'm1';");
    CHECK_OK(mail_claim(&t, instant_add(t.now, MINUTES(1)), &rows, &n));
    for (size_t i = 0; i < n; i++)
        notices += str_eq(rows[i].mail_id, STR("m1"));
    CHECK_I64(notices, 1);
    db_close(t.db);
}

/* Five thousand that were asked for again at one moment. */
#define DELIVERY_ROWS                                                                                                  \
    "insert into webhook_endpoint (partner_id, webhook_endpoint_id, url, events, secret, paused_until, busy_until, "   \
    "created_at, api_version) values ('p', 'we', 'u', '{}', '', now(), now(), now(), '2026-11-27');"                   \
    "insert into event (event_id, partner_id, type, object_id, data, created_at, is_pending, sequence) select "        \
    "'evt_' || 10000 + n, 'p', 't', 'o', '{}', now(), false, 1 from generate_series(1, 5000) n;"                       \
    "insert into webhook_delivery (webhook_endpoint_id, event_id, status, due_at, created_at) select 'we', 'evt_' || " \
    "10000 + 5001 - n, 'pending', timestamptz '2026-01-01', now() from generate_series(1, 5000) n; analyze;"

/* What the scans of that statement look at, with its parameters written into it. */
struct looked {
    int64_t rows;
};

static const enum db_type looked_params[] = { DB_TEXT };
static const struct db_column looked_columns[] = {
    { .name = "rows", .type = DB_I64, .offset = offsetof(struct looked, rows) },
};
static const struct db_statement looked_find = {
    .name = "looked_find",
    .file = __FILE__,
    .cardinality = DB_ONE,
    .sql =
        "select public.rows_looked_at(replace(replace(replace(replace(replace(replace(replace(replace($1::text, '$1', "
        "'''we'''), '$2', 'now()'), '$3', '10'), '$4', '''u'''), '$5', ''''''), '$6', '64'), '$7', 'false'), '$8', "
        "'''2026-11-27'''))",
    .n_params = 1,
    .param_types = looked_params,
    .n_columns = 1,
    .columns = looked_columns,
    .row_size = sizeof(struct looked),
};

TEST(many_deliveries_that_are_due_at_one_moment_are_not_all_looked_at_for_the_next_ten)
{
    struct task t;
    const struct webhook_delivery_due_args args = { .endpoint = { STR("we") },
                                                    .most = 10,
                                                    .url = STR("u"),
                                                    .secret = bytes_of(STR("")),
                                                    .max_in_flight = 64,
                                                    .api_version = STR("2026-11-27") };
    const struct webhook_delivery_due_row *rows;
    struct db_rows found;
    size_t n;
    begin(arena, &t, DELIVERY_ROWS);
    CHECK_OK(webhook_delivery_due(&t, &args, &rows, &n));
    CHECK_I64(n, 10);
    CHECK_STR(rows[0].event_id.v, STR("evt_10001"));
    CHECK_STR(rows[9].event_id.v, STR("evt_10010"));
    const struct db_value params[] = { { .type = DB_TEXT, .as.text = str_of(webhook_delivery_due_statement.sql) } };
    CHECK_OK(db_run(&t, &looked_find, params, &found));
    const struct looked *looked = found.rows;
    CHECK(looked->rows >= 10 && looked->rows <= 50);
    db_close(t.db);
}
