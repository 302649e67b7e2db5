/*
 * Days of holding are written down as fast as payments come: a round goes on until nothing is due, partners take turns,
 * servers share the work, and what fails keeps nobody waiting. Rows are written without foreign keys and triggers.
 */
#include "paysrv/flow/ledger/holdback.h"

#include "paysrv/app.h"
#include "paysrv/flow/env.h"
#include "paysrv/store/holdback.sql.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

#define PARTIES                                                                                                        \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) select p, p, 0, 0, now() from "       \
    "unnest('{big,small}'::text[]) as p;"                                                                              \
    "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value values "      \
    "(1, 'big', 'seller', 'usr_1', 'EUR', -1), (2, 'small', 'seller', 'usr_2', 'EUR', -1);"                            \
    "insert into balance (account_id, posted, held, is_spent) select n, 1000000, 1000000, true from "                  \
    "generate_series(1, 2) as n;"                                                                                      \
    "insert into settlement_terms (store_id, delay_days, is_working, reserve_bp, reserve_days, created_at, "           \
    "created_by) values ('st_1', 0, false, 1000, 30, now(), 'o');"
/* 1,200 of the big one, then one of the small one; the first 300 have sellers that do not fit their shares. */
#define PAID                                                                                                           \
    "insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, "              \
    "partner_amount, seller_amount, platform_bp, partner_bp, status, description, origins, created_at, expires_at, "   \
    "succeeded_at, settlement_terms, share_users, share_amounts) select 'pay_' || n, case when n < 3200 then 'big' "   \
    "else 'small' end, 'st_1', case when n < 3200 then 'usr_1' else 'usr_2' end, 'EUR', 100, 0, 0, 100, 0, 0, "        \
    "'succeeded', 'x', '{}', now(), now(), now(), (select terms_id from settlement_terms), case when n < 2300 then "   \
    "'{usr_1}'::text[] end, case when n < 2300 then '{50,50}'::bigint[] end from generate_series(2000, 3200) as n;"    \
    "insert into settlement_due (source, payment_id, clock, partner_id) select payment_id, payment_id, '', "           \
    "partner_id from payment;"

static void begin(struct arena *arena, struct task *t, const char *rows)
{
    static struct app app = { .env = &pay_env_live };
    struct db_config config;
    paysrv_rows_begin(arena, t, &config, rows);
    t->app = &app;
}

TEST(one_round_writes_down_all_that_is_due_but_what_fails)
{
    struct task t;
    begin(arena, &t, PARTIES PAID);
    CHECK_OK(holdbacks_run(&t));
    CHECK_STR(test_postgres_sql(arena, "select count(*), max(payment_id) from pay.settlement_due"),
              STR("300|pay_2299"));
    CHECK_STR(test_postgres_sql(arena, "select count(*), sum(held) from pay.holdback"), STR("901|9010"));
    CHECK_STR(test_postgres_sql(arena, "select held from pay.balance order by account_id"), STR("919000\n999910"));
    db_close(t.db);
}

TEST(partners_take_turns_and_servers_take_different_ones)
{
    struct task t;
    const struct settlements_due_row *rows, *others;
    size_t n, n_others;
    begin(arena, &t, PARTIES PAID);
    CHECK_OK(settlements_due(&t, 10, instant_add(t.now, SECONDS(10)), &rows, &n));
    CHECK_I64(n, 10);
    CHECK_STR(rows[0].payment_id.v, STR("pay_2000"));
    CHECK_STR(rows[1].payment_id.v, STR("pay_3200"));
    CHECK_OK(settlements_due(&t, 10, instant_add(t.now, SECONDS(10)), &others, &n_others));
    CHECK_I64(n_others, 10);
    CHECK_STR(others[0].payment_id.v, STR("pay_2009"));
    t.now = instant_add(t.now, SECONDS(11)); /* who took them died: after the lease they are due, behind the others */
    test_postgres_sql(arena, "delete from pay.settlement_due where payment_id > 'pay_2020'");
    CHECK_OK(settlements_due(&t, 30, t.now, &rows, &n));
    CHECK_I64(n, 21);
    CHECK_STR(rows[0].payment_id.v, STR("pay_2019"));
    db_close(t.db);
}

/* One of the big one's has less held on its balance than its parts say; it is due before all others. */
#define RELEASED                                                                                                       \
    "update balance set held = 0 where account_id = 1;"                                                                \
    "insert into holdback (payment_id, source, partner_id, user_id, currency, part, amount, held, available_on, "      \
    "clock) select 'pay_' || n, 'pay_' || n, case when n <= 250 then 'big' else 'small' end, case when n <= 250 then " \
    "'usr_1' else 'usr_2' end, 'EUR', 'delay', 10, 10, now() - interval '1 day' + n * interval '1 second', '' from "   \
    "generate_series(1, 500) as n;"

TEST(a_balance_that_cannot_be_released_keeps_no_other_waiting)
{
    struct task t;
    begin(arena, &t, PARTIES RELEASED);
    CHECK_OK(holdbacks_run(&t));
    CHECK_STR(test_postgres_sql(arena, "select user_id, count(*) from pay.holdback where released_at is null group by "
                                       "user_id"),
              STR("usr_1|250"));
    CHECK_STR(test_postgres_sql(arena, "select held from pay.balance order by account_id"), STR("0\n997500"));
    db_close(t.db);
}

/* What each of them held is to be looked at again; for the first 250 that is refused. */
#define RETURNED                                                                                                       \
    "update balance set held = 0 where account_id = 1;"                                                                \
    "insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, "              \
    "partner_amount, seller_amount, platform_bp, partner_bp, status, description, origins, created_at, expires_at, "   \
    "succeeded_at, settlement_terms, is_settled, refunded) select 'pay_' || n, case when n < 2250 then 'big' else "    \
    "'small' end, 'st_1', case when n < 2250 then 'usr_1' else 'usr_2' end, 'EUR', 100, 0, 0, 100, 0, 0, "             \
    "'succeeded', 'x', '{}', now(), now(), now(), (select terms_id from settlement_terms), true, 50 from "             \
    "generate_series(2000, 2499) as n;"                                                                                \
    "insert into holdback (payment_id, source, partner_id, user_id, currency, part, amount, held, available_on, "      \
    "clock) select payment_id, payment_id, partner_id, user_id, 'EUR', 'delay', 100, 100, now() + interval '1 day', "  \
    "'' from payment;"

TEST(what_went_back_is_followed_past_what_fails)
{
    struct task t;
    begin(arena, &t, PARTIES RETURNED);
    CHECK_OK(holdbacks_run(&t));
    CHECK_STR(test_postgres_sql(arena, "select user_id, held, count(*) from pay.holdback group by 1, 2 order by 1"),
              STR("usr_1|100|250\nusr_2|50|250"));
    CHECK_STR(test_postgres_sql(arena, "select held from pay.balance order by account_id"), STR("0\n987500"));
    db_close(t.db);
}
