/*
 * What is decided beside what others do at the same moment: payouts of suspended partners are out of the way, entries
 * by hand of two moments count together, and who was paused meanwhile stays so. Rows are written without foreign keys
 * and triggers.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "paysrv/app.h"
#include "paysrv/flow/party/user_data.h"
#include "paysrv/store/audit.sql.h"
#include "paysrv/store/invoice.sql.h"
#include "paysrv/store/manual_entry.sql.h"
#include "paysrv/store/operator_search.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/payout_rail.sql.h"
#include "paysrv/store/refund_policy.sql.h"
#include "paysrv/store/user_data.sql.h"
#include "shared/base/num.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

static struct db_config config;

static void begin(struct arena *arena, struct task *t, const char *rows)
{
    paysrv_rows_begin(arena, t, &config, rows);
}

/* Three hundred of a suspended partner's, by bank and by card, all older than the two of another. */
#define PAYOUT_ROWS                                                                                                    \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at, suspended_at, suspended_reason) "     \
    "values ('good', 'G', 0, 0, now(), null, null), ('bad', 'B', 0, 0, now(), now(), 'fraud');"                        \
    "insert into pay_user (partner_id, user_id, name, email_verified, created_at) select p, 'usr_' || p, 'U', true, "  \
    "now() from (values ('good'), ('bad')) as v (p);"                                                                  \
    "insert into requisite (partner_id, requisite_id, user_id, version, kind, iban, holder_name, country, town, "      \
    "masked, destination, created_at, usable_from) select p, 'req_' || p, 'usr_' || p, 1, 'bank_account', "            \
    "'DE89370400440532013000', 'H', 'DE', 'B', 'DE', sha256(''), now(), now() from (values ('good'), ('bad')) as v "   \
    "(p);"                                                                                                             \
    "insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, " \
    "created_at, expires_at, rail) select 'po_' || n, p, 'usr_' || p, 'req_' || p, 1, 'EUR', sha256(''), 'K7', "       \
    "'confirmed', now(), now(), case n % 2 when 0 then 'bank' else 'card' end from (select n, case when n > 300 then " \
    "'good' else 'bad' end as p from generate_series(101, 302) as n) x;"

TEST(payouts_of_a_suspended_partner_are_put_off_and_walked_through_no_more)
{
    struct task t;
    const struct payout_due_row *due;
    const struct payouts_to_send_row *sending;
    int64_t put_off;
    size_t n;
    begin(arena, &t, PAYOUT_ROWS);
    CHECK_OK(payouts_put_off(&t, instant_add(task_wall(&t), HOURS(1)), &put_off));
    CHECK_I64(put_off, 200);
    CHECK_OK(payouts_put_off(&t, instant_add(task_wall(&t), HOURS(1)), &put_off));
    CHECK_I64(put_off, 0); /* until the hour is over */
    CHECK_OK(payout_due(&t, STR("EUR"), &due, &n));
    CHECK_I64(n, 1);
    CHECK_STR(due[0].payout_id.v, STR("po_302"));
    CHECK_OK(payouts_to_send(&t, &sending, &n));
    CHECK_I64(n, 1);
    CHECK_STR(sending[0].payout_id.v, STR("po_301"));
    test_postgres_sql(
        arena,
        "set session_replication_role = replica; update pay.partner set suspended_at = null, suspended_reason = null; "
        "update pay.payout set put_off_until = now() - interval '1 second' where put_off_until > "
        "now()");
    CHECK_OK(payout_due(&t, STR("EUR"), &due, &n));
    CHECK_I64(n, 101); /* it is back: an hour later at most all go */
    db_close(t.db);
}

/* ---- entries by hand ---- */

#define RIVALS 4
#define APPROVE_FROM 100

struct entry {
    int id;
    bool takes_two;
};

/* As manual_entry_ask of the flow does: 40 each, of one person, of which two stay below what takes another one. */
static err entry_book(struct task *t, void *context)
{
    struct entry *e = context;
    const struct manual_entry_alone_sums_row *sums;
    const struct manual_entry_store_row *row;
    TRY(manual_entry_alone_sums(t, STR("ann"), (partner_id){ STR("p") }, STR(""), STR("EUR"), (instant){ 0 }, &sums));
    e->takes_two = sums->by_person + 40 >= APPROVE_FROM;
    const struct manual_entry_store_args args = { .id = arena_printf(t->arena, "men_%d", e->id),
                                                  .kind = STR("write_off"),
                                                  .object = arena_printf(t->arena, "usr_%d", e->id),
                                                  .partner = { STR("p") },
                                                  .user = STR(""),
                                                  .currency = STR("EUR"),
                                                  .amount = 40,
                                                  .borne_by = STR("platform"),
                                                  .reason = STR("r"),
                                                  .by = STR("ann"),
                                                  .name = STR("Ann"),
                                                  .alone = !e->takes_two };
    return manual_entry_store(t, &args, &row);
}

static void *entries_of_a_rival(void *context)
{
    static atomic_int ids;
    struct arena *arena = arena_create(32768, 16 << 20);
    struct task t = { .arena = arena, .db = db_open(&config), .now = wall_clock_now(), .what = "test" };
    struct entry e = { .id = atomic_fetch_add(&ids, 1) };
    err failed = db_tx(&t, entry_book, &e);
    for (int i = 0; failed && i < 50; i++) /* others were at it at the same moment */
        failed = db_tx(&t, entry_book, &e);
    if (failed)
        fprintf(stderr, "%.*s\n", STR_ARG(failed->detail));
    db_close(t.db);
    arena_destroy(arena);
    return context;
}

TEST(entries_by_hand_at_the_same_moment_count_together)
{
    struct task t;
    pthread_t threads[RIVALS];
    begin(arena, &t,
          "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'P', 0, 0, now())");
    for (size_t i = 0; i < RIVALS; i++)
        CHECK(pthread_create(&threads[i], NULL, entries_of_a_rival, NULL) == 0);
    for (size_t i = 0; i < RIVALS; i++)
        pthread_join(threads[i], NULL);
    CHECK_STR(test_postgres_sql(arena, "select string_agg(status, ' ' order by status) from pay.manual_entry"),
              STR("alone alone waiting waiting"));
    db_close(t.db);
}

/* ---- a change that nobody can pay ---- */

#define CHANGE_ROWS                                                                                                    \
    "insert into subscription (subscription_id, partner_id, store_id, price_id, quantity, saved_card_id, status, "     \
    "zone, anchor_local, period_n, period_start, period_end, keep_unpaid, created_at, due_at, status_reason) select "  \
    "'sub_' || s, 'p', 'st', 'price', 1, 'card', s, 'UTC', 0, 0, now(), now(), false, now(), null, null from "         \
    "unnest('{active,paused,trialing}'::text[]) as s;"                                                                 \
    "insert into invoice (invoice_id, partner_id, subscription_id, kind, period_n, period_start, period_end, "         \
    "currency, total, applied, due, lines, status, payment_id, created_at, look_at, clock) select 'inv_' || s, 'p', "  \
    "'sub_' || s, "                                                                                                    \
    "'change', 1, now(), now(), 'EUR', 3, 1, 2, '[]', 'open', 'pay_' || s, now(), now(), '' from "                     \
    "unnest('{active,paused,trialing}'::text[]) as s;"

TEST(who_paused_while_a_change_was_dropped_stays_paused)
{
    struct task t;
    const struct invoice_close_row *row;
    static const str states[] = { { "active", 6 }, { "paused", 6 }, { "trialing", 8 } };
    begin(arena, &t, CHANGE_ROWS);
    for (size_t i = 0; i < 3; i++) {
        const struct invoice_close_args args = {
            .to = STR("void"),
            .invoice = { arena_printf(arena, "inv_%.*s", STR_ARG(states[i])) },
            .subscription_status = STR("active"),
            .reason = STR("method_unavailable"),
            .failed_event = { arena_printf(arena, "evt_failed_%zu", i) },
            .failed_data = STR("{}"),
            .event = { arena_printf(arena, "evt_%zu", i) },
            .data = STR("{}"),
            .end_event = { arena_printf(arena, "evt_end_%zu", i) },
            .end_data = STR("{}"),
        };
        CHECK_OK(invoice_close(&t, &args, &row));
        CHECK(row->applied);
    }
    CHECK_STR(test_postgres_sql(arena,
                                "select string_agg(status || ' ' || (due_at is not null) || ' ' || balance, ', ' "
                                "order by status) from pay.subscription"),
              STR("active true 1, paused false 1, trialing true 1"));
    CHECK_STR(test_postgres_sql(arena, "select string_agg(distinct type, ' ') from pay.event"), STR("invoice.void"));
    db_close(t.db);
}

/* ---- who did what ---- */

#define AUDIT_ROWS                                                                                                     \
    "insert into audit (at, actor, actor_name, origin, request, action, object, partner_id, detail) select now(), "    \
    "'machine', '', 'o', '', 'a.b', 'x_' || n, 'p_' || n % 7, '' from generate_series(1, 20000) as n;"                 \
    "insert into audit (at, actor, actor_name, origin, request, action, object, partner_id, detail) values (now(), "   \
    "'operator:1', 'Ann', 'o', '', 'c.d', 'usr_1', 'mine', '');"                                                       \
    "insert into audit (at, actor, actor_name, origin, request, action, object, partner_id, detail) select now(), "    \
    "'machine', '', 'o', '', 'a.b', 'y_' || n, 'p_' || n % 7, '' from generate_series(1, 20000) as n; analyze audit;"

static int64_t number_of(struct arena *arena, const char *sql)
{
    int64_t n = -1;
    CHECK(num_parse(test_postgres_sql(arena, sql), &n));
    return n;
}

static int64_t rows_walked(struct arena *arena, const char *table)
{
    str sql = arena_printf(arena,
                           "select coalesce(seq_tup_read, 0) + (select sum(idx_tup_read) from pg_stat_user_indexes i "
                           "where i.relid = t.relid) from pg_stat_user_tables t "
                           "where schemaname = 'pay' and relname = '%s'",
                           table);
    return number_of(arena, arena_cstr(arena, sql));
}

/* The server counts what it walked through when the connection is gone. */
static void walked_few(struct arena *arena, struct task *t, const char *table, int64_t before)
{
    db_close(t->db);
    for (int i = 0; i < 100 && rows_walked(arena, table) == before; i++)
        ;
    CHECK(rows_walked(arena, table) > before && rows_walked(arena, table) < before + 100);
}

TEST(what_was_done_to_one_thing_is_found_without_walking_through_all)
{
    struct task t;
    const struct audit_page_row *rows;
    size_t n;
    const struct audit_page_args wanted[] = {
        { .object = STR("usr_1") },     { .partner = STR("mine") },
        { .actor = STR("operator:1") }, { .actor = STR("Ann") },
        { .action = STR("c.d") },       { .object = STR("usr_1"), .actor = STR("Ann"), .action = STR("c.d") }
    };
    begin(arena, &t, AUDIT_ROWS);
    const int64_t before = rows_walked(arena, "audit");
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        struct audit_page_args args = wanted[i];
        args.before = INT64_MAX;
        args.limit = 51;
        CHECK_OK(audit_page(&t, &args, &rows, &n));
        CHECK_I64(n, 1);
        CHECK_STR(rows[0].object, STR("usr_1"));
    }
    walked_few(arena, &t, "audit", before);
}

#define SELLER_ROWS                                                                                                    \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('big', 'B', 0, 0, now()), "   \
    "('mine', 'M', 0, 0, now());"                                                                                      \
    "insert into pay_user (partner_id, user_id, name, email_verified, created_at) select 'big', 'usr_' || n, "         \
    "case when n % 2 = 0 then 'Adam ' else 'Zoe ' end || n, true, now() from generate_series(10001, 30000) as n;"      \
    "insert into pay_user (partner_id, user_id, name, email_verified, external_id, created_at) values "                \
    "('mine', 'usr_1', 'Zoe', true, null, now()), ('mine', 'usr_2', 'zoe', true, null, now()), "                       \
    "('mine', 'usr_3', 'ZOE 3', true, null, now()), ('mine', 'usr_4', 'Bob', true, 'Zoe', now()); analyze pay_user;"

/* All that begin so, and who is called so by his partner, once each, whatever the page's size. */
TEST(sellers_of_one_partner_are_found_by_their_names_without_walking_through_others)
{
    static const char *const wanted[] = { "usr_4", "usr_1", "usr_2", "usr_3" };
    struct task t;
    const struct seller_newest_row *rows;
    size_t n;
    begin(arena, &t, SELLER_ROWS);
    const int64_t before = rows_walked(arena, "pay_user");
    for (int64_t page = 1; page <= 3; page++) {
        str key = STR(""), last = STR("");
        size_t found = 0;
        do {
            CHECK_OK(seller_search(&t, STR("Zoe"), key, last, STR("mine"), page, &rows, &n));
            for (size_t i = 0; i < n; i++, found++)
                CHECK(found < 4 && str_eq(rows[i].user_id.v, str_of(wanted[found])));
            if (n > 0)
                key = rows[n - 1].key, last = rows[n - 1].user_id.v;
        } while (n > 0);
        CHECK_I64(found, 4);
    }
    CHECK_OK(seller_search(&t, STR("Zoe"), STR(""), STR(""), STR_NONE, 3, &rows, &n));
    CHECK_I64(n, 3);
    walked_few(arena, &t, "pay_user", before);
}

/* Statements of twenty thousand sellers of one partner, in order of their accounts. */
#define ACCOUNT_ROWS                                                                                                   \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('big', 'B', 0, 0, now());"    \
    "insert into pay_user (partner_id, user_id, name, email_verified, created_at, closed_at, closed_reason, "          \
    "erased_at) values ('big', "                                                                                       \
    "'usr_20000', '-', false, now(), now(), 'x', now());"                                                              \
    "insert into account (partner_id, kind, user_id, currency, side) select 'big', k, 'usr_' || n, 'EUR', -1 from "    \
    "generate_series(10001, 30000) as n cross join (values ('seller'), ('payout_transit')) as v (k);"                  \
    "insert into account_closing (account_id, entry_id, balance, owner) select account_id, 1, 0, user_id from "        \
    "account; analyze account; analyze account_closing;"

static int64_t index_pages(struct arena *arena)
{
    return number_of(arena, "select coalesce(idx_blks_hit + idx_blks_read, 0) from pg_statio_user_tables where relname "
                            "= 'account' and schemaname = 'pay'");
}

/* What others have looked at is counted when they are gone: those who wrote the rows, and who would vacuum them. */
static void rows_are_counted(struct arena *arena)
{
    test_postgres_sql(arena, "alter table pay.account set (autovacuum_enabled = false)");
    while (number_of(arena, "select count(*) from pg_stat_activity where datname = current_database() and pid <> "
                            "pg_backend_pid() and (backend_type = 'client backend' or query ~ 'account')") > 1)
        continue;
}

TEST(who_is_forgotten_is_so_on_his_statements_and_no_other_account_is_read)
{
    struct task t;
    int64_t changed;
    begin(arena, &t, ACCOUNT_ROWS);
    rows_are_counted(arena);
    const int64_t before = index_pages(arena);
    CHECK_OK(user_forget(&t, (partner_id){ STR("big") }, (user_id){ STR("usr_20000") }, &changed));
    CHECK_I64(changed, 1);
    CHECK_OK(user_forget_rest(&t, (partner_id){ STR("big") }, (user_id){ STR("usr_20000") }, &changed));
    db_close(t.db);
    for (int i = 0; i < 100 && index_pages(arena) == before; i++)
        ;
    CHECK(index_pages(arena) > before && index_pages(arena) < before + 30);
    CHECK_I64(number_of(arena, "select count(*) from pay.account_closing where owner = '-'"), 2);
    CHECK_I64(number_of(arena, "select count(*) from pay.account_closing c join pay.account a using (account_id) "
                               "where c.owner = '-' and a.user_id <> 'usr_20000'"),
              0);
}

/* As many of others' as are looked at in a round wait before it, and do not begin though their sellers have the money.
 */
#define REFUND_ROWS                                                                                                    \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'P', 0, 0, now());"      \
    "insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, "              \
    "partner_amount, seller_amount, platform_bp, partner_bp, status, description, origins, created_at, expires_at) "   \
    "values ('pay_1', 'p', 'st_1', 'usr_1', 'EUR', 10, 0, 0, 10, 0, 0, 'succeeded', 'd', '{}', now(), now());"         \
    "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value "             \
    "select n, 'p', 'seller', 'usr_' || n, 'EUR', -1 from generate_series(1, 101) as n;"                               \
    "insert into balance (account_id, posted, is_spent) select n, 10, true from generate_series(1, 101) as n "         \
    "on conflict (account_id) do update set posted = 10;"                                                              \
    "insert into refund_queue (refund_id, partner_id, payment_id, user_id, currency, amount, needs, initiated_by, "    \
    "fees, status, created_at, ends_at) select 're_' || lpad(n::text, 3, '0'), 'p', 'pay_1', 'usr_' || n, 'EUR', 1, "  \
    "1, 'partner', '', 'queued', now(), now() + interval '1 day' from generate_series(1, 101) as n;"

TEST(refunds_that_wait_and_do_not_begin_keep_no_other_out)
{
    struct task t;
    const struct refund_queue_find_row *due;
    bool is_seen = false;
    size_t n;
    begin(arena, &t, REFUND_ROWS);
    for (int round = 0; round < 50 && !is_seen; round++) {
        CHECK_OK(refund_queue_due(&t, &due, &n));
        CHECK_I64(n, 100);
        for (size_t i = 0; i < n; i++)
            is_seen = is_seen || str_eq(due[i].refund_id.v, STR("re_101"));
        t.now = instant_add(t.now, SECONDS(5));
    }
    CHECK(is_seen);
    test_postgres_sql(arena,
                      "update pay.refund_queue set ends_at = now() - interval '1 minute' where refund_id = 're_101'");
    CHECK_OK(refund_queue_due(&t, &due, &n));
    CHECK_STR(due[0].refund_id.v, STR("re_101")); /* whose time is over is told so first */
    db_close(t.db);
}

/* By the wall, as the clock says the same each time. */
TEST(of_refunds_that_wait_under_a_clock_that_stands_others_are_looked_at_each_time)
{
    struct task t;
    const struct refund_queue_find_row *due;
    bool seen[102] = { false };
    size_t n, n_seen = 0;
    begin(arena, &t, REFUND_ROWS);
    for (int round = 0; round < 50 && n_seen < 101; round++) {
        CHECK_OK(refund_queue_due(&t, &due, &n));
        for (size_t i = 0; i < n; i++) {
            const char *digits = due[i].refund_id.v.p + 3;
            size_t which = (size_t)((digits[0] - '0') * 100 + (digits[1] - '0') * 10 + digits[2] - '0');
            n_seen += !seen[which];
            seen[which] = true;
        }
        t.ahead.us -= SECONDS(1).us;
    }
    CHECK_I64((int64_t)n_seen, 101);
    db_close(t.db);
}

/* ---- people whose time is over ---- */

#define ERASED_ROWS                                                                                                    \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'P', 0, 0, now());"      \
    "insert into pay_user (partner_id, user_id, name, email_verified, created_at, closed_at, closed_reason, "          \
    "erased_at) select 'p', 'usr_' || 1000 + n, 'U', true, now(), now(), 'requested', now() - interval '1 day' from "  \
    "generate_series(1, 350) n;"

TEST(all_whose_time_is_over_are_forgotten_in_a_round_past_those_who_cannot_be)
{
    static struct app app; /* user_retention: none */
    struct task t;
    begin(arena, &t, ERASED_ROWS);
    t.app = &app;
    test_postgres_sql(arena, "create function pay.refuse() returns trigger language plpgsql as 'begin raise exception "
                             "''no''; end'; create trigger refused before update on pay.pay_user for each row when "
                             "(new.user_id <= 'usr_1150') execute function pay.refuse()");
    err e = users_forget(&t);
    test_postgres_sql(arena, "set client_min_messages = error; drop function pay.refuse() cascade");
    CHECK(e);
    CHECK_STR(test_postgres_sql(arena, "select count(*), min(user_id) from pay.pay_user where forgotten_at is not "
                                       "null"),
              STR("200|usr_1151"));
    db_close(t.db);
}
