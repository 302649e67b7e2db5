/*
 * Payments that nobody paid in time (docs/decisions/0087-lists-of-payments.md): the walk gives a timer to those that
 * may still expire and reads the others once; the end is told once, and of nobody else; and a live payment that is paid
 * never writes the index of timers.
 */
#include "paysrv/domain/payment/payment.h"
#include "paysrv/flow/payment/timers.h"
#include "paysrv/store/attempt.sql.h"
#include "paysrv/store/batch.sql.h"
#include "paysrv/store/charge.sql.h"
#include "paysrv/store/transfer.sql.h"
#include "shared/crypto/crypto.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

static struct db_config config;

#define PAYMENTS                                                                                                       \
    "insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, "              \
    "partner_amount, seller_amount, platform_bp, partner_bp, description, origins, created_at, status, expires_at, "   \
    "timer_at, charge_id, version, clock) select id, 'p', 'st_1', 'usr_1', 'EUR', 100, 0, 0, 100, 0, 0, 'x', '{}', "   \
    "now(), status, now() + ends, now() + timer, charge, version, clock from (values "
#define END ") as v (id, status, ends, timer, charge, version, clock);"
#define LONG_AGO "interval '-1 day'"
#define LATER "interval '1 day'"
#define NONE "null::interval, null, 0, ''"

static str told(struct arena *arena)
{
    return test_postgres_sql(arena, "select string_agg(object_id || ' ' || type || ' ' || sequence || ' ' || data, ',' "
                                    "order by object_id) from pay.event");
}

static str timed(struct arena *arena)
{
    return test_postgres_sql(arena, "select string_agg(payment_id, ' ' order by payment_id) from pay.payment where "
                                    "timer_at = expires_at");
}

/* ---- the walk ---- */

#define WALKED                                                                                                         \
    PAYMENTS "('pay_1', 'requires_payment_method', " LONG_AGO ", " NONE "), ('pay_2', 'processing', " LATER ", " NONE  \
             "), ('pay_3', 'succeeded', " LONG_AGO ", " NONE "), ('pay_4', 'canceled', " LONG_AGO ", " NONE            \
             "), ('pay_5', 'requires_action', " LATER ", interval '1 hour', 'cha_5', 1, ''), "                         \
             "('pay_6', 'expired', " LONG_AGO ", " NONE "), ('pay_7', 'requires_payment_method', " LATER ", " NONE     \
             "), ('pay_8', 'requires_payment_method', " LONG_AGO ", " NONE ")" END                                     \
             "update payment_walk set began = '', position = '';"

static int64_t walk(struct task *t, const char *until, int64_t most)
{
    const struct payments_wind_row *row;
    CHECK_OK(payments_wind(t, str_of(until), most, &row));
    return row->looked;
}

TEST(the_walk_gives_a_timer_to_what_may_expire_and_reads_the_rest_once)
{
    struct task t;
    paysrv_rows_begin(arena, &t, &config, WALKED);
    str untouched = test_postgres_sql(arena, "select string_agg(payment_id || xmin, ' ' order by payment_id) from "
                                             "pay.payment where payment_id not in ('pay_1', 'pay_2', 'pay_7')");
    CHECK_I64(walk(&t, "pay_8", 2), 2);
    CHECK_STR(timed(arena), STR("pay_1 pay_2"));
    CHECK_I64(walk(&t, "pay_8", 3), 3);
    CHECK_STR(test_postgres_sql(arena, "select position from pay.payment_walk"), STR("pay_5"));
    CHECK_I64(walk(&t, "pay_8", 9), 2); /* not to those that are too young */
    CHECK_I64(walk(&t, "pay_8", 9), 0);
    CHECK_STR(timed(arena), STR("pay_1 pay_2 pay_7"));
    CHECK_STR(test_postgres_sql(arena, "select string_agg(payment_id || xmin, ' ' order by payment_id) from "
                                       "pay.payment where payment_id not in ('pay_1', 'pay_2', 'pay_7')"),
              untouched);
    CHECK_STR(test_postgres_sql(arena, "select count(*) from pay.v_inv_expired"), STR("0"));
    db_close(t.db);
}

static err walk_beside(struct task *t, void *other)
{
    CHECK_I64(walk(t, "pay_8", 2), 2);
    CHECK_I64(walk(other, "pay_8", 9), 0);
    return OK;
}

TEST(two_servers_do_not_walk_at_once)
{
    struct task t;
    paysrv_rows_begin(arena, &t, &config, WALKED);
    struct task other = { .arena = arena, .db = db_open(&config), .now = t.now, .what = "test" };
    CHECK_OK(db_tx(&t, walk_beside, &other));
    CHECK_I64(walk(&other, "pay_8", 9), 5);
    CHECK_STR(timed(arena), STR("pay_1 pay_2 pay_7"));
    db_close(other.db);
    db_close(t.db);
}

/* As the job does it, with ids as they are. */
TEST(the_walk_is_a_payments_life_behind)
{
    struct task t;
    paysrv_rows_begin(arena, &t, &config, "update payment_walk set began = '', position = '';");
    for (int i = 0; i < 2; i++) {
        duration age = { PAYMENT_LIFE.us + (i ? -MINUTES(1).us : MINUTES(1).us) };
        str id = random_id_least(arena, "pay_", (instant){ t.now.us - age.us });
        str row = arena_printf(arena,
                               "set search_path to pay; set session_replication_role = replica; " PAYMENTS
                               "('%.*s', 'requires_payment_method', interval '%d minutes', " NONE ")" END,
                               STR_ARG(id), i ? 1 : -1);
        test_postgres_sql(arena, arena_cstr(arena, row));
    }
    CHECK_OK(payment_timers_wind(&t));
    CHECK_STR(test_postgres_sql(arena, "select count(*) || ' ' || bool_and(expires_at < now()) from pay.payment where "
                                       "timer_at = expires_at"),
              STR("1 true"));
    db_close(t.db);
}

/* ---- the end ---- */

TEST(the_end_is_told_once_and_of_nobody_who_has_paid)
{
    struct task t;
    int64_t n;
    static const char *const others[] = { "pay_2", "pay_3", "pay_4", "pay_5", "pay_6", "pay_7" };
    paysrv_rows_begin(arena, &t, &config,
                      PAYMENTS "('pay_1', 'requires_payment_method', interval '0', " LONG_AGO ", null, 4, ''), "
                               "('pay_2', 'processing', " LONG_AGO ", " NONE "), ('pay_3', 'succeeded', " LONG_AGO
                               ", " NONE "), ('pay_4', 'canceled', " LONG_AGO ", " NONE
                               "), ('pay_5', 'requires_action', " LONG_AGO ", " NONE "), ('pay_6', 'expired', " LONG_AGO
                               ", " NONE "), ('pay_7', 'requires_payment_method', " LATER ", " NONE ")" END);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        CHECK_OK(payment_expire(&t, (payment_id){ str_of(others[i]) }, (event_id){ STR("evt_0") }, STR("{}"), &n));
        CHECK_I64(n, 0);
    }
    for (int64_t i = 0; i < 2; i++) {
        str event = arena_printf(arena, "evt_%lld", (long long)i);
        CHECK_OK(payment_expire(&t, (payment_id){ STR("pay_1") }, (event_id){ event }, STR("{}"), &n));
        CHECK_I64(n, 1 - i);
    }
    CHECK_STR(told(arena), STR("pay_1 payment.expired 5 {}"));
    CHECK_STR(test_postgres_sql(arena, "select status || ' ' || version || ' ' || (timer_at is null) from pay.payment "
                                       "where payment_id = 'pay_1'"),
              STR("expired 5 true"));
    db_close(t.db);
}

/* What waited for the buyer's bank may be older than the walk has come; what had no outcome was put off. */
TEST(what_may_be_tried_again_has_the_timer_of_its_end)
{
    struct task t;
    int64_t n;
    const struct charge_decline_row *row;
    paysrv_rows_begin(
        arena, &t, &config,
        PAYMENTS
        "('pay_1', 'requires_action', " LATER ", " LATER ", 'cha_1', 1, ''), ('pay_2', 'requires_action', " LONG_AGO
        ", interval '1 minute', 'cha_2', 1, ''), ('pay_3', 'processing', " LONG_AGO
        ", interval '1 minute', 'cha_3', 1, ''), ('pay_4', 'processing', " LATER ", null, 'cha_4', 1, '')" END
        "insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, created_at, due_at) "
        "select charge_id, 'charge', 'p', payment_id, 100, 'EUR', case status when 'processing' then 'sent' else "
        "'action' end, now(), now() from payment;");
    CHECK_OK(attempt_abandon(&t, (payment_id){ STR("pay_1") }, (partner_id){ STR("p") }, STR("cha_1"), &n));
    CHECK_OK(
        transfer_expire(&t, (payment_id){ STR("pay_2") }, STR("cha_2"), (event_id){ STR("evt_2") }, STR("{}"), &n));
    const str declined[] = { STR("cha_3"), STR("cha_4") };
    for (size_t i = 0; i < 2; i++) {
        const struct charge_decline_args args = { .charge = { declined[i] },
                                                  .decline_code = STR("lost_card"),
                                                  .event = { declined[i] },
                                                  .data = STR("{}"),
                                                  .status = 402,
                                                  .body = STR("{}") };
        CHECK_OK(charge_decline(&t, &args, &row));
        CHECK(row->applied);
    }
    CHECK_STR(timed(arena), STR("pay_1 pay_2 pay_3")); /* the walk comes to the fourth */
    CHECK_STR(test_postgres_sql(arena, "select string_agg(distinct status, ' ') from pay.payment"),
              STR("requires_payment_method"));
    db_close(t.db);
}

/* ---- the path of a payment ---- */

#define MADE 3
/* pay_1 was named long before it is made, pay_7 is a sandbox's, pay_8 an ordinary one. */
#define BOOKS                                                                                                          \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at, is_sandbox) values ('p', 'P', 0, 0, " \
    "now(), false), ('q', 'Q', 0, 0, now(), true);"                                                                    \
    "insert into store (partner_id, store_id, user_id, name, currency, created_at) select partner_id, 'st_' || "       \
    "partner_id, 'usr_1', 'S', 'EUR', now() from partner;"                                                             \
    "insert into account (partner_id, kind, user_id, currency, side) select partner_id, kind, case kind when "         \
    "'seller' then 'usr_1' else '' end, 'EUR', case kind when 'acquirer_receivable' then 1 else -1 end from partner, " \
    "unnest('{seller,partner,platform,acquirer_receivable}'::text[]) kind;"                                            \
    "insert into balance (account_id, is_spent) select account_id, kind = 'seller' from account;"

static const struct made {
    const char *payment, *charge, *partner, *store, *clock;
} made[MADE] = { { "pay_1", "cha_1", "p", "st_p", "" },
                 { "pay_7", "cha_7", "q", "st_q", "q" },
                 { "pay_8", "cha_8", "p", "st_p", "" } };

static void payments_make(struct task *t)
{
    struct payments_create_item items[MADE];
    for (size_t i = 0; i < MADE; i++)
        items[i] = (struct payments_create_item){
            .payment_id = str_of(made[i].payment),
            .partner_id = str_of(made[i].partner),
            .route = STR("create"),
            .key = str_of(made[i].payment),
            .body = STR("{}"),
            .store_id = str_of(made[i].store),
            .user_id = STR("usr_1"),
            .currency = STR("EUR"),
            .amount = 100,
            .seller_amount = 100,
            .description = STR("x"),
            .origins = STR(""),
            .created_us = t->now.us,
            .expires_us = instant_add(t->now, PAYMENT_LIFE).us,
            .share_users = STR(""),
            .share_amounts = STR(""),
            .captured = -1,
            .on_clock = str_of(made[i].clock),
            .methods = STR(""),
            .op = str_of(made[i].payment),
        };
    const struct payments_create_row *rows;
    size_t n;
    CHECK_OK(payments_create(t, items, MADE, STR("pay_5"), &rows, &n));
    CHECK_I64(n, MADE);
}

static void payments_pay(struct task *t)
{
    struct charges_begin_item begin[MADE];
    struct charges_succeed_item succeed[MADE];
    for (size_t i = 0; i < MADE; i++) {
        const str payment = str_of(made[i].payment), charge = str_of(made[i].charge);
        begin[i] = (struct charges_begin_item){ .charge_id = charge,
                                                .payment_id = payment,
                                                .partner_id = str_of(made[i].partner),
                                                .route = STR("confirm"),
                                                .key = payment,
                                                .token = STR("tok_1"),
                                                .method = STR("card"),
                                                .acquirer = STR("sandbox"),
                                                .now_us = t->now.us,
                                                .due_us = t->now.us };
        succeed[i] = (struct charges_succeed_item){ .charge_id = charge,
                                                    .payment_id = payment,
                                                    .acquirer_ref = charge,
                                                    .receivable = 100,
                                                    .seller = -100,
                                                    .event_id = charge,
                                                    .body = STR("{}"),
                                                    .clearing = STR(""),
                                                    .now_us = t->now.us };
    }
    const struct charges_begin_row *begun;
    const struct charges_succeed_row *paid;
    size_t n;
    CHECK_OK(charges_begin(t, begin, MADE, &begun, &n));
    CHECK_I64(n, MADE);
    CHECK_OK(charges_succeed(t, succeed, MADE, &paid, &n));
    CHECK_I64(n, MADE);
}

/* Updates of payments in this transaction, and those of them that no index heard of (HOT), as 100 * updates + HOT. */
static int64_t updates_of(struct task *t)
{
    static const struct db_column column = { .name = "n", .type = DB_I64 };
    static const struct db_statement question = {
        .name = "payments_updated",
        .sql = "select 100 * pg_stat_get_xact_tuples_updated('payment'::regclass) + "
               "pg_stat_get_xact_tuples_hot_updated('payment'::regclass)",
        .file = __FILE__,
        .cardinality = DB_ONE,
        .n_columns = 1,
        .columns = &column,
        .row_size = sizeof(int64_t)
    };
    struct db_rows rows;
    CHECK_OK(db_run(t, &question, NULL, &rows));
    return *(const int64_t *)rows.rows;
}

static err payments_go_their_way(struct task *t, void *unused)
{
    (void)unused;
    payments_make(t);
    CHECK_I64(updates_of(t), 0);
    payments_pay(t);
    CHECK_I64(updates_of(t), 605); /* not the sandbox's last one, which takes its timer away */
    return OK;
}

TEST(only_a_test_clock_and_what_the_walk_has_passed_have_a_timer_from_the_beginning)
{
    struct task t;
    paysrv_rows_begin(arena, &t, &config, BOOKS);
    payments_make(&t);
    CHECK_STR(timed(arena), STR("pay_1 pay_7"));
    db_close(t.db);
}

TEST(a_live_payment_that_is_paid_changes_no_index)
{
    struct task t;
    paysrv_rows_begin(arena, &t, &config, BOOKS);
    CHECK_OK(db_tx(&t, payments_go_their_way, NULL));
    CHECK_STR(timed(arena), STR("pay_1")); /* seldom; the job clears it */
    CHECK_STR(test_postgres_sql(arena, "select string_agg(distinct status, ' ') from pay.payment"), STR("succeeded"));
    db_close(t.db);
}
