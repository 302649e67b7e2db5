/*
 * Jobs that must not stand still, and what is seen a second time: what is held follows further captures, a break that
 * was closed and comes again is open again, one booking of the bank's shows one settlement, who counts under one limit
 * takes turns, and a suspended partner waits. Rows are written without foreign keys and triggers.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "paysrv/store/approval.sql.h"
#include "paysrv/store/bank.sql.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/holdback.sql.h"
#include "paysrv/store/idempotency.sql.h"
#include "paysrv/store/invoice.sql.h"
#include "paysrv/store/mail.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/payout_schedule.sql.h"
#include "paysrv/store/settlement.sql.h"
#include "paysrv/store/subscription.sql.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

static struct db_config config;

static void begin(struct arena *arena, struct task *t, const char *rows)
{
    paysrv_rows_begin(arena, t, &config, rows);
}

#define MAIL_ROWS                                                                                                      \
    "insert into mail (mail_id, kind, recipient, content, due_at, created_at, sent_at, failed_at) select 'm' || n, "   \
    "'k', 'a@b', case when n = 4 then bytea 'x' end, now(), now(), case when n < 3 then now() - interval '1 day' * n " \
    "end, case when n = 3 then now() - interval '40 days' end from generate_series(1, 4) as n;"

TEST(mails_that_were_sent_or_given_up_go_after_their_time_and_no_other)
{
    struct task t;
    int64_t gone;
    begin(arena, &t, MAIL_ROWS);
    CHECK_OK(mails_purge(&t, (instant){ t.now.us - HOURS(36).us }, 1, &gone));
    CHECK_I64(gone, 1); /* the oldest first, in steps */
    CHECK_OK(mails_purge(&t, (instant){ t.now.us - HOURS(36).us }, 9, &gone));
    CHECK_I64(gone, 1);
    CHECK_STR(test_postgres_sql(arena, "select string_agg(mail_id, ' ' order by mail_id) from pay.mail"), STR("m1 m4"));
    db_close(t.db);
}

/* po_1 waits, the code of po_2 was replaced, po_3 is confirmed, pol_4 and pos_5 wait, po_6 has expired. */
#define CODED_ROWS                                                                                                     \
    "insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, " \
    "created_at, expires_at) select 'po_' || n, 'p', 'usr_' || n, 'req', 1, 'EUR', sha256(''), 'K7', case n when 3 "   \
    "then 'confirmed' when 6 then 'expired' else 'awaiting_code' end, now(), now() from generate_series(1, 6) as n;"   \
    "insert into payout_list (list_id, partner_id, user_id, label, status, payouts, hash, created_at, expires_at, "    \
    "clock) values ('pol_4', 'p', 'usr_4', 'K7', 'awaiting_code', 1, sha256(''), now(), now(), '');"                   \
    "insert into payout_schedule (schedule_id, partner_id, user_id, requisite_id, currency, unit, day, minute, zone, " \
    "settles, minimum, label, status, hash, created_at, expires_at) values ('pos_5', 'p', 'usr_5', 'req', 'EUR', "     \
    "'day', 0, 0, 'UTC', false, 1, 'K7', 'awaiting_code', sha256(''), now(), now());"                                  \
    "insert into payout_code (subject, code_key, mac, bind_hash, attempts, max_attempts, resends, created_at, "        \
    "expires_at, is_live, consumed_at, mail_id) select s, sha256(''), sha256(''), sha256(''), 0, 5, 0, now(), now() "  \
    "+ interval '1 minute', m not in ('m2', 'm3'), case m when 'm3' then now() end, m from (values ('po_1', 'm1'), "   \
    "('po_2', 'm2'), ('po_2', 'm2b'), ('po_3', 'm3'), ('pol_4', 'm4'), ('pos_5', 'm5'), ('po_6', 'm6')) as x (s, m);"

TEST(a_mail_ends_what_waits_for_its_own_code_and_nothing_else)
{
    static const struct {
        const char *mail, *subject, *kind;
    } cases[] = {
        { "m1", "po_1", "payout" },
        { "m2", NULL, NULL },
        { "m2b", "po_2", "payout" },
        { "m3", NULL, NULL },
        { "m4", "pol_4", "payout_list" },
        { "m6", NULL, NULL },
        { "m7", NULL, NULL },
        { "m5", "pos_5", "payout_schedule" },
    };
    struct task t;
    begin(arena, &t, CODED_ROWS);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct mail_code_lock_row *of;
        const struct mail_code_waits_row *code;
        CHECK_OK(mail_code_lock(&t, str_of(cases[i].mail), &of));
        if ((of != NULL) != (cases[i].subject != NULL))
            test_fail(__FILE__, __LINE__, "%s", cases[i].mail);
        if (!of)
            continue;
        CHECK_STR(of->subject, str_of(cases[i].subject));
        CHECK_STR(of->kind, str_of(cases[i].kind));
        CHECK_OK(mail_code_waits(&t, str_of(cases[i].mail), &code));
        CHECK(code->waits);
    }
    db_close(t.db);
}

/* Another code is mailed, or the owner types it, between the lock and the question: then it is not this mail's any
 * more. */
TEST(a_code_that_was_replaced_a_moment_ago_is_not_waited_for)
{
    struct task t;
    const struct mail_code_lock_row *of;
    const struct mail_code_waits_row *code;
    begin(arena, &t, CODED_ROWS);
    CHECK_OK(mail_code_lock(&t, STR("m1"), &of));
    CHECK(of);
    test_postgres_sql(arena, "update pay.payout_code set is_live = false where mail_id = 'm1'");
    CHECK_OK(mail_code_waits(&t, STR("m1"), &code));
    CHECK(!code->waits);
    db_close(t.db);
}

/* More than one statement ends, and more than a minute's worth of them once was: 500. */
#define KEY_ROWS                                                                                                       \
    "insert into idempotency (partner_id, route, key, fingerprint, op, status, body, created_at) select 'p', 'r', "    \
    "'k' || n, sha256(''), 'op', case when n <> 3 then 200 end, (select string_agg(md5(n::text || i), '') from "       \
    "generate_series(1, 50) as i), case when n < 3000 then now() - interval '40 days' else now() end from "            \
    "generate_series(1, 3010) as n;"

TEST(keys_past_their_time_go_however_many_there_are_and_no_others)
{
    struct task t;
    const struct idempotency_purge_row *row;
    int64_t gone = 0, page = 0;
    begin(arena, &t, KEY_ROWS);
    do {
        CHECK_OK(idempotency_purge(&t, page, 64, (instant){ t.now.us - HOURS(24 * 30).us }, &row));
        gone += row->gone;
        page += 64;
    } while (page < row->pages);
    CHECK(row->pages > 128); /* several steps */
    CHECK_I64(gone, 2998);
    CHECK_STR(test_postgres_sql(arena, "select count(*), count(*) filter (where status is null) from pay.idempotency"),
              STR("12|1"));
    db_close(t.db);
}

#define PAYOUT_ROW(id, status)                                                                                         \
    "insert into pay.payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, "     \
    "status, created_at, expires_at) values ('" id "', 'p', 'usr_1', 'req', 1, 'EUR', sha256(''), 'K7', '" status      \
    "', now(), now()) on conflict do nothing;"

TEST(no_two_payouts_of_an_owner_wait_under_one_label)
{
    struct task t;
    begin(arena, &t,
          PAYOUT_ROW("po_1", "canceled") PAYOUT_ROW("po_2", "awaiting_code") PAYOUT_ROW("po_3", "awaiting_code"));
    CHECK_STR(test_postgres_sql(arena, "select count(*) from pay.payout"), STR("2"));
    db_close(t.db);
}

/* Of a partner in good standing, of one that is suspended, and of one that is suspended and a sandbox. */
#define STANDING_ROWS                                                                                                  \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at, suspended_at, suspended_reason) "     \
    "values ('good', 'G', 0, 0, now(), null, null), ('bad', 'B', 0, 0, now(), now(), 'fraud'), "                       \
    "('test', 'T', 0, 0, now(), now(), 'fraud');"                                                                      \
    "insert into invoice (invoice_id, partner_id, subscription_id, kind, period_n, period_start, period_end, "         \
    "currency, total, applied, due, lines, status, created_at, look_at, clock) select 'inv_' || p, p, 'sub_' || p, "   \
    "'period', 1, now(), now(), 'EUR', 0, 0, 0, '[]', 'open', now(), now() - interval '1 s', c from (values "          \
    "('good', ''), ('bad', ''), ('test', 'test')) as v (p, c);"                                                        \
    "insert into payout_schedule (schedule_id, partner_id, user_id, requisite_id, currency, unit, day, minute, zone, " \
    "settles, minimum, label, status, hash, created_at, expires_at, next_at) select 'pos_' || p, p, 'usr', 'req', "    \
    "'EUR', 'day', 0, 0, 'UTC', false, 1, 'K7', 'active', sha256(''), now(), now(), now() - interval '1 hour' from "   \
    "(values ('good'), ('bad')) as v (p);"                                                                             \
    "insert into pay_user (partner_id, user_id, name, email_verified, created_at) select p, 'usr_' || p, 'U', true, "  \
    "now() from (values ('good'), ('bad')) as v (p);"                                                                  \
    "insert into requisite (partner_id, requisite_id, user_id, version, kind, iban, holder_name, country, town, "      \
    "masked, "                                                                                                         \
    "destination, created_at, usable_from) select p, 'req_' || p, 'usr_' || p, 1, 'bank_account', "                    \
    "'DE89370400440532013000', 'H', "                                                                                  \
    "'DE', 'B', 'DE', sha256(''), now(), now() from (values ('good'), ('bad')) as v (p);"                              \
    "insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, " \
    "created_at, expires_at) select 'po_' || p, p, 'usr_' || p, 'req_' || p, 1, 'EUR', sha256(''), 'K7', "             \
    "'confirmed', now(), now() from (values ('good'), ('bad')) as v (p);"

static size_t invoices_taken(struct task *t, size_t *waiting)
{
    const struct invoices_due_row *rows;
    size_t n, taken = 0;
    CHECK_OK(invoices_due(t, 50, instant_add(t->now, HOURS(1)), instant_add(t->now, SECONDS(30)), &rows, &n));
    for (size_t i = 0; i < n; i++) {
        taken += !rows[i].waits;
        CHECK(rows[i].waits || str_eq(rows[i].invoice_id.v, STR("inv_good")) || str_eq(t->clock, STR("test")));
    }
    *waiting = n - taken;
    return taken;
}

TEST(a_suspended_partner_is_paid_nothing_and_its_buyers_are_not_charged)
{
    struct task t;
    const struct payout_schedules_due_row *schedules;
    const struct payout_due_row *payouts;
    size_t n;
    begin(arena, &t, STANDING_ROWS);
    CHECK_I64(invoices_taken(&t, &n), 1);
    CHECK_I64(n, 1);
    CHECK_OK(payout_schedules_due(&t, instant_add(t.now, SECONDS(30)), &schedules, &n));
    CHECK_I64(n, 2);
    CHECK(schedules[0].waits == str_eq(schedules[0].partner_id.v, STR("bad")));
    CHECK(schedules[1].waits != schedules[0].waits);
    CHECK_OK(payout_due(&t, STR("EUR"), &payouts, &n));
    CHECK_I64(n, 1);
    CHECK_STR(payouts[0].partner_id.v, STR("good"));
    t.clock = STR("test"); /* in a sandbox time goes on */
    CHECK_I64(invoices_taken(&t, &n), 1);
    CHECK_I64(n, 0);
    db_close(t.db);
}

/* Two hundred of a suspended partner's, all older than the one of another. */
#define MANY_ROWS                                                                                                      \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at, suspended_at, suspended_reason) "     \
    "values ('good', 'G', 0, 0, now(), null, null), ('bad', 'B', 0, 0, now(), now(), 'fraud');"                        \
    "insert into subscription (subscription_id, partner_id, store_id, price_id, quantity, saved_card_id, status, "     \
    "zone, anchor_local, period_n, period_start, period_end, keep_unpaid, created_at, due_at) select 'sub_' || n, "    \
    "case n when 0 then 'good' else 'bad' end, 'st', 'price', 1, 'card', 'active', 'UTC', 0, 0, now(), now(), false, " \
    "now(), now() - interval '1 hour' - n * interval '1 second' from generate_series(0, 200) as n;"

TEST(a_suspended_partner_s_periods_are_put_off_and_keep_nobody_waiting)
{
    struct task t;
    const struct subscriptions_due_row *rows;
    size_t n, waiting = 0, rounds = 0;
    begin(arena, &t, MANY_ROWS);
    do {
        CHECK_OK(subscriptions_due(&t, 50, instant_add(t.now, HOURS(1)), instant_add(t.now, SECONDS(30)), &rows, &n));
        for (size_t i = 0; i < n; i++)
            waiting += rows[i].waits;
        rounds++;
    } while (n > 0 && rounds < 9);
    CHECK_I64(waiting, 200);
    CHECK_I64(rounds, 6); /* each once, and then none */
    t.now = instant_add(t.now, MINUTES(5));
    CHECK_OK(subscriptions_due(&t, 50, instant_add(t.now, HOURS(1)), instant_add(t.now, SECONDS(30)), &rows, &n));
    CHECK_I64(n, 1);
    CHECK_STR(rows[0].subscription_id.v, STR("sub_0"));
    db_close(t.db);
}

#define PAYMENT_COLUMNS                                                                                                \
    "insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, "              \
    "partner_amount, seller_amount, platform_bp, partner_bp, status, description, origins, created_at, expires_at, "   \
    "succeeded_at, settlement_terms, captured) "
#define TERMS_ROWS                                                                                                     \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'P', 0, 0, now());"      \
    "insert into settlement_terms (store_id, delay_days, is_working, reserve_bp, reserve_days, created_at, "           \
    "created_by) values ('st_1', 7, false, 0, 0, now(), 'o');"

#define CAPTURED_ROWS                                                                                                  \
    "insert into capture (capture_id, partner_id, payment_id, currency, amount, is_final, platform_amount, "           \
    "partner_amount, seller_amount, share_users, share_amounts, status, created_at, finished_at) select 'cap_' || n, " \
    "'p', 'pay_part', 'EUR', 30, false, 0, 0, 30, '{usr_1}', '{30}', 'succeeded', now(), now() from "                  \
    "generate_series(1, 2) as n;"
#define KINDS_ROWS                                                                                                     \
    PAYMENT_COLUMNS                                                                                                    \
    "select v.id, 'p', 'st_1', 'usr_1', 'EUR', 100, 0, 0, coalesce(nullif(v.captured, 0), 100), 0, 0, v.status, 'x', " \
    "'{}', "                                                                                                           \
    "now(), v.expires, v.paid, "                                                                                       \
    "1, v.captured from (values "                                                                                      \
    "('pay_paid', 'succeeded', now(), now(), null::bigint), "                                                          \
    "('pay_part', 'requires_capture', now(), null, 60), "                                                              \
    "('pay_none', 'requires_capture', now(), null, 0), "                                                               \
    "('pay_gone', 'canceled', now(), null, null), "                                                                    \
    "('pay_left', 'requires_payment_method', now() - interval '2 days', null, null), "                                 \
    "('pay_open', 'requires_payment_method', now(), null, null)) as v (id, status, expires, paid, captured);"

TEST(what_brought_money_is_due_and_what_brings_none_is_closed)
{
    struct task t;
    const struct settlements_due_row *rows;
    size_t n;
    int64_t closed, found;
    begin(arena, &t,
          TERMS_ROWS KINDS_ROWS CAPTURED_ROWS
          "insert into settlement_due select payment_id, payment_id, '' from payment where payment_id = 'pay_gone';"
          "update payment set is_settled = true where payment_id = 'pay_gone';");
    CHECK_OK(settlements_due(&t, 200, t.now, &rows, &n));
    CHECK_I64(n, 0); /* nobody walks what waits to be paid */
    CHECK_OK(settlements_sweep(&t, &found));
    CHECK_I64(found, 3);
    CHECK_OK(settlements_sweep(&t, &found));
    CHECK_I64(found, 0);
    CHECK_STR(test_postgres_sql(arena, "select count(*)::text from pay.settlement_due"), STR("3"));
    CHECK_OK(settlements_due(&t, 200, t.now, &rows, &n));
    CHECK_I64(n, 3);
    CHECK_STR(rows[0].payment_id.v, STR("pay_paid"));
    CHECK_STR(rows[1].source, STR("cap_1"));
    CHECK_STR(rows[2].source, STR("cap_2"));
    CHECK_I64(rows[2].captured, 60);
    CHECK_OK(settlements_close(&t, &closed));
    CHECK_I64(closed, 1);
    CHECK_STR(test_postgres_sql(arena, "select string_agg(payment_id, ' ' order by payment_id) from pay.payment where "
                                       "is_settled"),
              STR("pay_gone pay_left"));
    db_close(t.db);
}

/* Of the earlier capture half had gone back; with the further one it is a third of all. */
TEST(what_is_held_of_a_capture_follows_a_further_one)
{
    static const str seller[] = { { "usr_1", 5 } };
    static const int64_t freed[] = { 0 };
    struct task t;
    const struct settlement_make_row *made;
    const struct holdbacks_returned_row *rows;
    size_t n;
    const struct settlement_make_args args = { .payment = { STR("pay_part") },
                                               .capture = true,
                                               .returned = 20,
                                               .source = STR("cap_2"),
                                               .sellers = { seller, 1 },
                                               .freed = { freed, 1 } };
    begin(arena, &t,
          TERMS_ROWS KINDS_ROWS CAPTURED_ROWS
          "update payment set refunded = 20, returned_seen = 20 where payment_id = 'pay_part';");
    CHECK_OK(holdbacks_returned(&t, (payment_id){ STR_NONE }, STR(""), 9, &rows, &n));
    CHECK_I64(n, 0);
    CHECK_OK(settlement_make(&t, &args, &made));
    CHECK(made->made);
    CHECK_OK(holdbacks_returned(&t, (payment_id){ STR_NONE }, STR(""), 9, &rows, &n));
    CHECK_I64(n, 1);
    CHECK_I64(rows[0].captured, 60);
    db_close(t.db);
}

static void break_open(struct task *t, const char *detail)
{
    const struct bank_break_open_args args = { .kind = STR("refused"), .ref = STR("hash"), .detail = str_of(detail) };
    int64_t affected;
    CHECK_OK(bank_break_open(t, &args, &affected));
}

TEST(a_break_that_was_closed_and_comes_again_is_open_again)
{
    struct task t;
    int64_t affected;
    begin(arena, &t, "");
    break_open(&t, "first");
    break_open(&t, "twice");
    CHECK_STR(test_postgres_sql(arena, "select detail from pay.bank_break where closed_at is null"), STR("first"));
    CHECK_OK(bank_break_close(&t, STR("olga"), STR("seen"), 1, &affected));
    CHECK_I64(affected, 1);
    break_open(&t, "again");
    CHECK_STR(test_postgres_sql(arena, "select break_id, detail, closed_by is null from pay.bank_break where closed_at "
                                       "is null"),
              STR("1|again (closed before by olga: seen)|t"));
    db_close(t.db);
}

#define SETTLEMENT_ROWS                                                                                                \
    "insert into settlement (acquirer_ref, hash, currency, transfer_ref, gross, fee, net, lines, state, imported_by, " \
    "created_at, booked_at) select 'ST' || n, sha256(n::text::bytea), 'EUR', 'T1', 100, 0, 100, 0, 'booked', 'o', "    \
    "now(), now() from generate_series(1, 2) as n;"                                                                    \
    "insert into bank_line (file_id, line_key, kind, amount) values (1, sha256(''), 'credit', 100);"

TEST(one_booking_of_the_bank_shows_one_settlement)
{
    struct task t;
    const struct settlement_bank_line_row *row;
    begin(arena, &t, SETTLEMENT_ROWS);
    CHECK_OK(settlement_bank_line(&t, STR("applied"), 1, 1, &row));
    CHECK(row->taken);
    CHECK_OK(settlement_bank_line(&t, STR("applied"), 2, 1, &row));
    CHECK(!row->taken);
    CHECK_STR(test_postgres_sql(arena, "select settlement_id from pay.bank_line"), STR("1"));
    db_close(t.db);
}

/* ---- limits ---- */

enum { RIVALS = 12 };

static err usage_count(struct task *t, void *context)
{
    const struct payout_usage_find_row *used;
    const partner_id partner = { STR("p") };
    const str periods[] = { STR("2026-11-27"), STR("2026-11") };
    int64_t affected;
    (void)context;
    TRY(payout_usage_find(t, periods[0], periods[1], partner, STR(""), STR("EUR"), &used));
    for (size_t i = 0; i < 2; i++)
        TRY(payout_usage_add(t, partner, STR(""), STR("EUR"), periods[i], 1, &affected));
    return OK;
}

static void *rival(void *failed)
{
    const partner_id partner = { STR("p") };
    const struct payout_limits_lock_row *taken;
    const struct payout_limits_unlock_row *given;
    struct task t;
    struct arena *arena = arena_create(32768, 16 << 20);
    t = (struct task){ .arena = arena, .db = db_open(&config), .now = wall_clock_now(), .what = "test" };
    for (int i = 0; i < 10; i++) {
        bool locked = !payout_limits_lock(&t, partner, STR("EUR"), &taken);
        if (!locked || db_tx(&t, usage_count, NULL) || payout_limits_unlock(&t, partner, STR("EUR"), &given) ||
            !given->was_held)
            atomic_fetch_add((atomic_int *)failed, 1);
    }
    db_close(t.db);
    arena_destroy(arena);
    return NULL;
}

TEST(many_who_count_under_one_limit_take_turns_and_none_is_sent_away)
{
    struct task t;
    pthread_t threads[RIVALS];
    atomic_int failed = 0;
    begin(arena, &t, "");
    for (size_t i = 0; i < RIVALS; i++)
        CHECK(pthread_create(&threads[i], NULL, rival, &failed) == 0);
    for (size_t i = 0; i < RIVALS; i++)
        pthread_join(threads[i], NULL);
    CHECK_I64(atomic_load(&failed), 0);
    CHECK_STR(test_postgres_sql(arena, "select string_agg(amount::text, ' ') from pay.payout_usage"), STR("120 120"));
    db_close(t.db);
}

/* 1 is queued, 2 has a delivery to come, 3 one to an endpoint that was switched off long ago, 4 and 5 are done, 6 is
 * new. */
#define EVENT_ROWS                                                                                                     \
    "insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at, is_pending) select "        \
    "'evt_0' "                                                                                                         \
    "|| n, 'p', 't', 'o', n, '{}', now() - interval '100 d', n = 1 from generate_series(1, 6) n;"                      \
    "update event set created_at = now() where event_id = 'evt_06';"                                                   \
    "insert into webhook_endpoint (partner_id, webhook_endpoint_id, url, events, secret, paused_until, busy_until, "   \
    "created_at, disabled_at) values ('p', 'we_1', 'u', '{}', '', now(), now(), now(), null), "                        \
    "('p', 'we_2', 'u', '{}', '', now(), now(), now(), now() - interval '95 d');"                                      \
    "insert into webhook_delivery (webhook_endpoint_id, event_id, status, due_at, created_at) values "                 \
    "('we_1', 'evt_02', 'pending', now(), now()), ('we_2', 'evt_03', 'pending', now(), now()), "                       \
    "('we_1', 'evt_04', 'delivered', now(), now());"

TEST(events_go_after_their_time_and_none_that_is_to_be_delivered)
{
    struct task t;
    const struct events_purge_row *row;
    begin(arena, &t, EVENT_ROWS);
    const instant before = { t.now.us - DAYS(90).us };
    static const int64_t seen[] = { 2, 2, 2, 0, 2 }, gone[] = { 0, 2, 1, 0, 0 };
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        CHECK_OK(events_purge(&t, STR("evt_1"), 2, before, &row));
        CHECK(row->seen == seen[i] && row->gone == gone[i]);
    }
    CHECK_STR(test_postgres_sql(arena, "select string_agg(event_id, ' ' order by event_id) from pay.event"),
              STR("evt_01 evt_02 evt_06"));
    CHECK_STR(test_postgres_sql(arena, "select string_agg(event_id, ' ') from pay.webhook_delivery"), STR("evt_02"));
    CHECK_STR(test_postgres_sql(arena, "select entry_id from pay.event_horizon"), STR("5"));
    db_close(t.db);
}
