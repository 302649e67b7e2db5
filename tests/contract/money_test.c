/*
 * Statements of paysrv that move money or lead jobs, asked what no request asks them: rows that are very old, steps
 * that were planned from what has changed since, and two servers at once. Rows are written without foreign keys and
 * triggers: each statement looks at a few of their columns alone.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "paysrv/faults.h"
#include "paysrv/store/charge.sql.h"
#include "paysrv/store/dispute.sql.h"
#include "paysrv/store/holdback.sql.h"
#include "paysrv/store/ledger_head.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/saved_card.sql.h"
#include "paysrv/store/subscription.sql.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

static struct db_config config;

#define CALL_ROWS                                                                                                      \
    "insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, tries, created_at, "     \
    "due_at) values ('rfn_1', 'refund', 'p', 'pay_1', 1, 'EUR', 'unknown', 5000, now(), now());"
#define DISPUTE_ROWS                                                                                                   \
    "insert into dispute (dispute_id, partner_id, payment_id, acquirer_ref, sequence, phase, status, reason, "         \
    "currency, amount, fee, fee_bearer, tries, due_at, created_at) values ('dp_1', 'p', 'pay_1', 'dis_1', 1, "         \
    "'chargeback', 'needs_response', 'general', 'EUR', 50, 0, 'seller', 5000, now(), now());"
#define CARD_ROWS                                                                                                      \
    "insert into saved_card (saved_card_id, partner_id, store_id, payment_id, buyer, email, mandate_id, "              \
    "consent_version, consented_at, state, token, tries, due_at) values ('scd_1', 'p', 'st_1', 'pay_1', 'b', "         \
    "'b@example.com', 'mdt_1', '1', now(), 'pending', '', 5000, now());"
#define PARTY_ROWS                                                                                                     \
    "insert into store (partner_id, store_id, user_id, name, currency, created_at) values "                            \
    "('p', 'st_1', 'usr_1', 'S', 'EUR', now());"                                                                       \
    "insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, "              \
    "partner_amount, seller_amount, platform_bp, partner_bp, status, description, origins, created_at, expires_at, "   \
    "succeeded_at) values ('pay_1', 'p', 'st_1', 'usr_1', 'EUR', 100, 0, 0, 100, 0, 0, 'succeeded', 'x', '{}', "       \
    "now(), now(), now());"

/* The pause doubles with each try: what was tried for weeks must not end the job for all by a number that is too large.
 */
TEST(what_waits_for_weeks_stops_no_job)
{
    struct task t;
    const struct call_find_row *calls;
    const struct disputes_due_row *disputes;
    const struct saved_card_due_row *card;
    size_t n;
    paysrv_rows_begin(arena, &t, &config, PARTY_ROWS CALL_ROWS DISPUTE_ROWS CARD_ROWS);
    CHECK_OK(calls_due(&t, 5, &calls, &n));
    CHECK_I64(n, 1);
    CHECK_OK(disputes_due(&t, 2, &disputes, &n));
    CHECK_I64(n, 1);
    CHECK_OK(saved_card_due(&t, t.now, &card));
    CHECK_OK(saved_card_again(&t, t.now, card->saved_card_id, t.now, &(int64_t){ 0 }));
    /* 320, 512 and 600 s; half of it would be as wrong as the double. */
    CHECK_STR(test_postgres_sql(arena, "select due_at - now() between interval '200 s' and '320 s' from "
                                       "pay.acquirer_call union all select due_at - now() between interval '300 s' and "
                                       "'512 s' from pay.dispute union all select due_at - now() between interval "
                                       "'400 s' and '600 s' from pay.saved_card"),
              STR("t\nt\nt"));
    db_close(t.db);
}

/* ---- what no balance holds ---- */

#define PAID_ROWS                                                                                                      \
    "insert into pay_user (partner_id, user_id, name, email_verified, created_at, closed_at, closed_reason) values "   \
    "('p', 'usr_1', 'U', true, now(), now(), 'requested');"                                                            \
    "insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, " \
    "created_at, expires_at, paid_at, msg_id) values ('po_1', 'p', 'usr_1', 'req', 100, 'EUR', sha256(''), 'K7', "     \
    "'paid', now(), now(), now(), 'M1');"                                                                              \
    "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value values "      \
    "(1, 'p', 'seller', 'usr_1', 'EUR', -1), (2, 'p', 'bank', '', 'EUR', 1);"

static err back(struct task *t, const struct payout_return_row **row)
{
    return payout_return(t,
                         &(struct payout_return_args){ .payout = { STR("po_1") },
                                                       .partner = { STR("p") },
                                                       .clearing = STR(""),
                                                       .mail = STR(""),
                                                       .ended_event = { STR("evt_0") },
                                                       .ended_data = STR("{}"),
                                                       .event = { STR("evt_1") },
                                                       .data = STR("{}") },
                         row);
}

TEST(a_balance_that_no_number_holds_is_said_and_nothing_has_changed)
{
    struct task t;
    const struct payout_return_row *row;
    paysrv_rows_begin(arena, &t, &config,
                      PAID_ROWS "insert into balance (account_id, is_spent, posted) values "
                                "(1, true, 9223372036854775807 - 99), (2, false, 0);");
    err e = back(&t, &row);
    CHECK_FAULT(e, NUMBER_TOO_LARGE);
    CHECK_STR(e->explain, STR("A balance or a sum would exceed 9223372036854775807."));
    CHECK_STR(test_postgres_sql(arena, "select status, (select count(*) from pay.entry), (select count(*) from "
                                       "pay.anomaly) from pay.payout"),
              STR("paid|0|0"));
    test_postgres_sql(arena, "update pay.balance set posted = posted - 1 where account_id = 1");
    CHECK_OK(back(&t, &row));
    CHECK_STR(test_postgres_sql(arena, "select posted from pay.balance where account_id = 1"),
              STR("9223372036854775807"));
    CHECK_STR(test_postgres_sql(arena, "select kind, ref, detail from pay.anomaly"),
              STR("user_owed|usr_1|payout po_1 came back"));
    db_close(t.db);
}

/* ---- two servers ---- */

struct rival {
    struct arena *arena;
    err (*step)(struct task *t, bool *applied);
    bool first_applied, second_applied, has_failed;
    atomic_bool has_ended;
    pthread_t thread;
};

static void *second(void *arg)
{
    struct rival *r = arg;
    struct arena *arena = arena_create(32768, 16 << 20);
    struct task t = { .arena = arena, .db = db_open(&config), .now = wall_clock_now(), .what = "test" };
    r->has_failed = r->step(&t, &r->second_applied) != OK;
    atomic_store(&r->has_ended, true);
    db_close(t.db);
    arena_destroy(arena);
    return NULL;
}

static err first(struct task *t, void *context)
{
    static const char waiting[] = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'";
    struct rival *r = context;
    TRY(r->step(t, &r->first_applied));
    if (pthread_create(&r->thread, NULL, second, r) != 0)
        return FAIL(t, INTERNAL, "no thread");
    while (!atomic_load(&r->has_ended) && !str_eq(test_postgres_sql(r->arena, waiting), STR("1")))
        continue;
    return OK;
}

/* In a schema with these rows. The second begins before the first has committed, and waits for it. */
static void race(struct arena *arena, struct rival *r, const char *rows, err (*step)(struct task *t, bool *applied))
{
    struct task t;
    *r = (struct rival){ .arena = arena, .step = step };
    paysrv_rows_begin(arena, &t, &config, rows);
    CHECK_OK(db_tx(&t, first, r));
    pthread_join(r->thread, NULL);
    db_close(t.db);
}

static err capture_settle(struct task *t, bool *applied)
{
    static const str seller[] = { { "usr_1", 5 } };
    static const int64_t freed[] = { 100 };
    const struct settlement_make_row *row;
    const struct settlement_make_args args = { .payment = { STR("pay_1") },
                                               .capture = true,
                                               .source = STR("cap_1"),
                                               .sellers = { seller, 1 },
                                               .freed = { freed, 1 } };
    TRY(settlement_make(t, &args, &row));
    *applied = row->made;
    return OK;
}

#define CAPTURE_ROWS                                                                                                   \
    "insert into capture (capture_id, partner_id, payment_id, currency, amount, is_final, platform_amount, "           \
    "partner_amount, seller_amount, share_users, share_amounts, status, created_at) values ('cap_1', 'p', 'pay_1', "   \
    "'EUR', 100, true, 0, 0, 100, '{usr_1}', '{100}', 'succeeded', now());"
#define SELLER_ROWS                                                                                                    \
    "insert into account (partner_id, kind, user_id, currency, side) values ('p', 'seller', 'usr_1', 'EUR', -1);"      \
    "insert into balance (account_id, posted, held, is_spent) select account_id, 1000, 1000, true from account;"

TEST(what_a_capture_brought_is_released_once_by_two_servers)
{
    struct rival r;
    race(arena, &r, PARTY_ROWS CAPTURE_ROWS SELLER_ROWS, capture_settle);
    CHECK(r.first_applied && !r.second_applied && !r.has_failed);
    CHECK_STR(test_postgres_sql(arena, "select held from pay.balance"), STR("900"));
}

/* ---- what was planned from a state that is over ---- */

static bool hold_applies(struct task *t, int64_t sequence)
{
    const struct dispute_book_row *row;
    const struct dispute_book_args args = { .dispute = { STR("dp_1") },
                                            .payment = { STR("pay_1") },
                                            .from = STR("none"),
                                            .to = STR("held"),
                                            .step = STR("hold"),
                                            .sequence = sequence,
                                            .captured = 100,
                                            .amount = 50,
                                            .event = { STR("evt_1") },
                                            .type = STR("dispute.funds_withdrawn"),
                                            .data = STR("{}") };
    CHECK_OK(dispute_book(t, &args, &row));
    return row->applied;
}

static bool move_applies(struct task *t, const char *booked)
{
    const struct dispute_move_row *row;
    const struct dispute_move_args args = { .dispute = { STR("dp_1") },
                                            .known = 1,
                                            .booked = str_of(booked),
                                            .sequence = 2,
                                            .phase = STR("chargeback"),
                                            .status = STR("under_review"),
                                            .reason = STR("general"),
                                            .amount = 80,
                                            .event = { STR("evt_2") },
                                            .type = STR("dispute.updated"),
                                            .data = STR("{}"),
                                            .mail = STR("") };
    CHECK_OK(dispute_move(t, &args, &row));
    return row->moved;
}

TEST(a_dispute_is_held_as_it_was_claimed_last_and_keeps_what_was_held)
{
    struct task t;
    paysrv_rows_begin(arena, &t, &config, PARTY_ROWS DISPUTE_ROWS);
    CHECK(!hold_applies(&t, 0));
    CHECK(hold_applies(&t, 1));
    CHECK(!move_applies(&t, "none"));
    CHECK(move_applies(&t, "held"));
    CHECK_STR(test_postgres_sql(arena, "select amount, taken, booked from pay.dispute"), STR("50|50|held"));
    db_close(t.db);
}

#define SUBSCRIPTION_ROWS                                                                                              \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'P', 0, 0, now());"      \
    "insert into subscription (subscription_id, partner_id, store_id, price_id, quantity, saved_card_id, status, "     \
    "zone, anchor_local, period_n, period_start, period_end, keep_unpaid, created_at, due_at) values ('sub_1', 'p', "  \
    "'st_1', 'price_1', 1, 'scd_1', 'active', 'UTC', 0, 0, '2026-01-01', '2026-02-01', false, now(), now());"

static err renew_as_read(struct task *t, int64_t quantity, bool *applied)
{
    const struct subscription_renew_row *row;
    const struct subscription_renew_args args = {
        .n = 1,
        .start = t->now,
        .end = t->now,
        .due = 700,
        .price = { STR("price_1") },
        .subscription = { STR("sub_1") },
        .from_status = STR("active"),
        .from_price = { STR("price_1") },
        .from_quantity = quantity,
        .invoice = { STR("inv_period") },
        .currency = STR("EUR"),
        .total = 700,
        .lines = STR("[]"),
        .payment = STR("pay_period"),
        .event = { STR("evt_period") },
        .data = STR("{}"),
        .paid_event = { STR("evt_paid") },
        .after_event = { STR("evt_price") },
        .after_data = STR("{}"),
    };
    TRY(subscription_renew(t, &args, &row));
    *applied = row->applied;
    return OK;
}

static err change_from(struct task *t, int64_t quantity, int64_t start_s, bool *applied)
{
    const struct subscription_change_row *row;
    str id = arena_printf(t->arena, "%lld", (long long)quantity);
    const struct subscription_change_args args = {
        .price = { STR("price_1") },
        .quantity = quantity + 1,
        .due = quantity == 1 ? 700 : 0,
        .subscription = { STR("sub_1") },
        .from_price = { STR("price_1") },
        .from_quantity = quantity,
        .status = STR("active"),
        .invoice = { id },
        .start = instant_of_seconds(start_s),
        .end = t->now,
        .currency = STR("EUR"),
        .total = quantity == 1 ? 700 : 0,
        .lines = STR("[]"),
        .payment = quantity == 1 ? id : STR_NONE,
        .event = { arena_printf(t->arena, "evt_%.*s", STR_ARG(id)) },
        .data = STR("{}"),
        .invoice_event = { arena_printf(t->arena, "evt_i%.*s", STR_ARG(id)) },
        .invoice_data = STR("{}"),
        .paid_event = { arena_printf(t->arena, "evt_p%.*s", STR_ARG(id)) },
    };
    TRY(subscription_change(t, &args, &row));
    *applied = row->applied;
    return OK;
}

TEST(a_period_is_sold_for_what_it_was_read_to_be)
{
    struct task t;
    bool applied;
    paysrv_rows_begin(arena, &t, &config, SUBSCRIPTION_ROWS);
    CHECK_OK(renew_as_read(&t, 2, &applied));
    CHECK(!applied);
    CHECK_OK(renew_as_read(&t, 1, &applied));
    CHECK(applied);
    db_close(t.db);
}

TEST(changes_of_a_period_go_forward_in_time)
{
    struct task t;
    bool applied;
    paysrv_rows_begin(arena, &t, &config, SUBSCRIPTION_ROWS);
    CHECK_OK(change_from(&t, 1, 2000, &applied));
    CHECK(applied);
    test_postgres_sql(arena, "update pay.invoice set status = 'paid', look_at = null, finished_at = now()");
    CHECK_OK(change_from(&t, 2, 1999, &applied));
    CHECK(!applied);
    CHECK_OK(change_from(&t, 2, 2000, &applied));
    CHECK(applied);
    db_close(t.db);
}

/* Of a change, which makes an invoice and asks for nothing that renewing compares, and a renewal that waits for it. */
static err change_then_renew(struct task *t, bool *applied)
{
    static atomic_int calls;
    if (atomic_fetch_add(&calls, 1) > 0)
        return renew_as_read(t, 2, applied);
    TRY(change_from(t, 1, 2000, applied));
    return OK;
}

TEST(no_period_begins_beside_an_open_invoice)
{
    struct rival r;
    race(arena, &r, SUBSCRIPTION_ROWS, change_then_renew);
    CHECK(r.first_applied && !r.second_applied && !r.has_failed);
    CHECK_STR(test_postgres_sql(arena, "select count(*) from pay.invoice"), STR("1"));
}

/* ---- codes ---- */

#define CODE_ROWS                                                                                                      \
    "insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, " \
    "created_at, expires_at) values ('po_1', 'p', 'usr_1', 'req_1', 1, 'EUR', sha256(''), 'K7', 'awaiting_code', "     \
    "now(), now() + interval '1 hour');"                                                                               \
    "insert into payout_code (subject, code_key, mac, bind_hash, attempts, max_attempts, resends, created_at, "        \
    "expires_at) values ('po_1', sha256(''), sha256(''), sha256(''), 0, 5, 0, now() - interval '1 minute', now() + "   \
    "interval '1 hour');"

/* Confirming and resending lock the payout, then its code: else one of them would be ended as a deadlock. */
static err resend_or_confirm(struct task *t, bool *applied)
{
    static atomic_int calls;
    const int64_t code = 1;
    const digest none = { { 0 } };
    const struct payout_confirm_args confirm = { .payout = { STR("po_1") },
                                                 .partner = { STR("p") },
                                                 .code = &code,
                                                 .status = STR("confirmed"),
                                                 .event = { STR("evt_1") },
                                                 .body = STR("{}"),
                                                 .fingerprint = none };
    const struct code_resend_args resend = { .subject = STR("po_1"),
                                             .partner = { STR("p") },
                                             .resends = 3,
                                             .not_after = t->now,
                                             .expires_at = instant_add(t->now, HOURS(1)),
                                             .mail = STR("mail_1"),
                                             .recipient = STR("a@example.com"),
                                             .content = { (const unsigned char *)"x", 1 } };
    const struct code_resend_row *resent;
    const struct payout_confirm_row *confirmed;
    if (atomic_fetch_add(&calls, 1) > 0) {
        TRY(code_resend(t, &resend, &resent));
        *applied = resent != NULL;
        return OK;
    }
    TRY(payout_confirm(t, &confirm, &confirmed));
    *applied = confirmed->is_confirmed;
    return OK;
}

TEST(a_code_that_is_used_is_not_sent_anew)
{
    struct rival r;
    race(arena, &r,
         CODE_ROWS SELLER_ROWS
         "update balance set held = 0; insert into account (partner_id, kind, user_id, currency, side) values "
         "('p', 'payout_transit', 'usr_1', 'EUR', -1); insert into balance (account_id, is_spent) select "
         "account_id, true from account where kind = 'payout_transit';",
         resend_or_confirm);
    CHECK(r.first_applied && !r.second_applied && !r.has_failed);
    CHECK_STR(test_postgres_sql(arena, "select count(*) from pay.payout_code"), STR("1"));
}

TEST(a_right_code_that_was_of_no_use_is_no_guess)
{
    struct task t;
    const struct code_attempt_row *code;
    int64_t affected;
    paysrv_rows_begin(arena, &t, &config, CODE_ROWS);
    for (int i = 0; i < 9; i++) {
        CHECK_OK(code_attempt(&t, STR("po_1"), (partner_id){ STR("p") }, STR_NONE, &code));
        CHECK(code && code->attempts_left == 4);
        CHECK_OK(code_spare(&t, code->code_id, &affected));
    }
    CHECK_STR(test_postgres_sql(arena, "select attempts from pay.payout_code"), STR("0"));
    db_close(t.db);
}

/* ---- orders ---- */

#define ORDER_ROWS                                                                                                     \
    "insert into bank_batch (msg_id, debtor_name, debtor_iban, transfers, total, created_at, channel, due_at, tries) " \
    "values ('STOA-1', 'N', 'I', 1, 1, now(), 'bank', now() - interval '20 seconds', 1);"                              \
    "insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, " \
    "created_at, expires_at, confirmed_at, sent_at, msg_id) values ('po_1', 'p', 'usr_1', 'req_1', 1, 'EUR', "         \
    "sha256(''), 'K7', 'unknown', now(), now(), now(), now(), 'STOA-1');"

static bool is_to_be_sent(struct task *t)
{
    const struct batch_undelivered_row *rows;
    size_t n;
    int64_t tried, known;
    CHECK_OK(batch_tried(t, STR("STOA-1"), &tried));
    test_postgres_sql(t->arena,
                      "update pay.bank_batch set due_at = now() - interval '20 seconds' where due_at is not null");
    CHECK_OK(batch_known(t, &known));
    CHECK_OK(batch_undelivered(t, &rows, &n));
    CHECK_I64(tried, n);
    return n == 1;
}

TEST(an_order_is_not_sent_again_once_its_money_came_back)
{
    struct task t;
    const struct batch_recall_row *recalled;
    paysrv_rows_begin(arena, &t, &config, ORDER_ROWS);
    CHECK(is_to_be_sent(&t));
    test_postgres_sql(arena, "update pay.payout set status = 'rejected'");
    CHECK(!is_to_be_sent(&t));
    test_postgres_sql(arena, "update pay.payout set status = 'unknown'; update pay.bank_batch set delivered_at = null");
    CHECK(is_to_be_sent(&t));
    CHECK_OK(batch_recall(&t, STR("STOA-1"), &recalled));
    CHECK(!recalled);
    test_postgres_sql(arena, "update pay.bank_batch set due_at = due_at - interval '2 minutes'");
    CHECK_OK(batch_recall(&t, STR("STOA-1"), &recalled));
    CHECK(recalled);
    CHECK(!is_to_be_sent(&t));
    db_close(t.db);
}

#define SEAL_ROWS                                                                                                      \
    "insert into ledger_seal (seal_id, first_entry, last_entry, entries, postings, prev, hash, sealed_at) "            \
    "select n, n, n, 1, 2, sha256('a'), sha256(n::text::bytea), "                                                      \
    "       date_trunc('day', now() at time zone 'UTC') at time zone 'UTC' + (n - 3) * interval '1 second' "           \
    "  from generate_series(1, 4) n;"

/* Seals 1 and 2 are yesterday's, 3 and 4 today's. */
TEST(the_head_of_the_seals_is_published_once_for_each_day)
{
    struct task t;
    const struct ledger_head_publish_row *head;
    const struct ledger_head_list_row *rows;
    const struct ledger_head_broken_row *broken;
    size_t n;
    paysrv_rows_begin(arena, &t, &config, "");
    CHECK_OK(ledger_head_publish(&t, &head));
    CHECK(!head);
    test_postgres_sql(arena, "set session_replication_role = replica; set search_path to pay; " SEAL_ROWS);
    CHECK_OK(ledger_head_publish(&t, &head));
    CHECK(head && head->seal_id == 2);
    CHECK_OK(ledger_head_publish(&t, &head));
    CHECK(!head);
    t.now.us += DAYS(1).us;
    CHECK_OK(ledger_head_publish(&t, &head));
    CHECK(head && head->seal_id == 4);
    CHECK_OK(ledger_head_list(&t, 10, &rows, &n));
    CHECK_I64(n, 2);
    CHECK_I64(rows[0].seal_id, 4);
    CHECK_OK(ledger_head_broken(&t, &broken));
    CHECK(!broken);
    test_postgres_sql(
        arena, "set session_replication_role = replica; update pay.ledger_seal set hash = prev where seal_id = 2");
    CHECK_OK(ledger_head_broken(&t, &broken));
    CHECK(broken && broken->seal_id == 2);
    db_close(t.db);
}
