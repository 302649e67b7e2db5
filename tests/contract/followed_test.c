/*
 * Two chargebacks of one card, or of one subscription, are followed at the same moment (docs/decisions/0090): each
 * decides by how the other stands, and one of them sees it. While the first waits for a row, the second comes and goes.
 */
#include <pthread.h>

#include "paysrv/flow/dispute/dispute_follow.h"
#include "tests/contract/beside.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

/* Both charged scd_1, and paid invoices of sub_1. */
#define CARD_ROWS                                                                                                      \
    USER_ROWS                                                                                                          \
    "insert into store (partner_id, store_id, user_id, name, currency, created_at) values ('p', 'st_1', 'usr_1', "     \
    "'S', 'EUR', now());"                                                                                              \
    "insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, "              \
    "partner_amount, seller_amount, platform_bp, partner_bp, status, description, origins, created_at, expires_at, "   \
    "succeeded_at, charge_id) select 'pay_' || n, 'p', 'st_1', 'usr_1', 'EUR', 100, 0, 0, 100, 0, 0, 'succeeded', "    \
    "'x', '{}', now(), now(), now(), 'cha_' || n from generate_series(1, 2) n;"                                        \
    "insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, is_open, token, "        \
    "created_at, due_at) select 'cha_' || n, 'charge', 'p', 'pay_' || n, 100, 'EUR', 'ok', false, 'scd_1', now(), "    \
    "now() from generate_series(1, 2) n;"                                                                              \
    "insert into saved_card (saved_card_id, partner_id, store_id, payment_id, buyer, email, mandate_id, "              \
    "consent_version, consented_at, state, token, activated_at, network_reference, last4) values ('scd_1', 'p', "      \
    "'st_1', 'pay_0', "                                                                                                \
    "'buyer', 'b@example.com', 'mdt_1', '1', now(), 'blocked', '', now(), 'r', '4242');"
#define SUBSCRIPTION_ROWS                                                                                              \
    CARD_ROWS                                                                                                          \
    "update saved_card set state = 'active';"                                                                          \
    "insert into price (price_id, partner_id, store_id, name, currency, amount, unit, unit_count, created_at) values " \
    "('price_1', 'p', 'st_1', 'x', 'EUR', 100, 'month', 1, now());"                                                    \
    "insert into subscription (subscription_id, partner_id, store_id, price_id, quantity, saved_card_id, status, "     \
    "status_reason, held_from, held_at, zone, anchor_local, period_n, period_start, period_end, keep_unpaid, "         \
    "created_at) values ('sub_1', 'p', 'st_1', 'price_1', 1, 'scd_1', 'paused', 'disputed', 'active', now(), 'UTC', "  \
    "0, 0, now(), now() + interval '9 days', false, now());"                                                           \
    "insert into invoice (invoice_id, partner_id, subscription_id, kind, period_n, period_start, period_end, "         \
    "currency, total, applied, due, lines, status, payment_id, created_at, finished_at) select 'inv_' || n, 'p', "     \
    "'sub_1', 'period', n, now(), now(), 'EUR', 100, 0, 100, '[]', 'paid', 'pay_' || n, now(), now() from "            \
    "generate_series(1, 2) n;"
#define DISPUTED                                                                                                       \
    "insert into dispute (dispute_id, partner_id, payment_id, acquirer_ref, sequence, phase, currency, amount, fee, "  \
    "fee_bearer, created_at, status, reason, closed_at, followed, saved_card_id) values "
#define ONE "('dp_1', 'p', 'pay_1', 'dis_1', 1, 'chargeback', 'EUR', 100, 0, 'seller', now(), "
#define TWO "('dp_2', 'p', 'pay_2', 'dis_2', 1, 'chargeback', 'EUR', 100, 0, 'seller', now(), "

static err first_follow(struct task *t)
{
    return dispute_follow_up(t, (dispute_id){ STR("dp_1") });
}

static void *first_thread(void *context)
{
    struct arena *arena = arena_create(32768, 16 << 20);
    struct task t;
    bool *was_good = context;
    beside_task(arena, &t);
    *was_good = first_follow(&t) == OK;
    db_close(t.db);
    arena_destroy(arena);
    return NULL;
}

/* Holds the row of the first, until the second was followed. */
static void *holder_thread(void *unused)
{
    (void)unused;
    struct arena *arena = arena_create(4096, 1 << 20);
    test_postgres_sql(arena,
                      "begin; select from pay.dispute where dispute_id = 'dp_1' for update; do \\$\\$ begin for i in "
                      "1..6000 loop exit when exists (select from pay.dispute d where d.dispute_id = 'dp_2' and "
                      "d.followed = case d.status when 'won' then 'won' else 'open' end); perform "
                      "pg_sleep(0.05); end loop; end \\$\\$; rollback");
    arena_destroy(arena);
    return NULL;
}

static void await(struct arena *arena, const char *what)
{
    while (str_eq(test_postgres_sql(arena, what), STR("0")))
        continue;
}

/* second: what makes the second one, while the first is on its way. */
static void both_follow(struct arena *arena, const char *rows, const char *second)
{
    struct task t;
    pthread_t holder, first;
    bool was_good = false;
    beside_begin(arena, &t, rows);
    CHECK(pthread_create(&holder, NULL, holder_thread, NULL) == 0);
    await(arena, "select count(*) from pg_stat_activity where wait_event = 'PgSleep'");
    CHECK(pthread_create(&first, NULL, first_thread, &was_good) == 0);
    await(arena, "select count(*) from pg_stat_activity where wait_event_type = 'Lock'");
    test_postgres_sql(arena, second);
    CHECK_OK(dispute_follow_up(&t, (dispute_id){ STR("dp_2") }));
    pthread_join(holder, NULL);
    pthread_join(first, NULL);
    CHECK(was_good);
    db_close(t.db);
}

static str state_of_card(struct arena *arena)
{
    return test_postgres_sql(arena, "select state from pay.saved_card");
}

TEST(a_card_that_two_disputes_had_blocked_is_free_when_both_are_won_at_once)
{
    both_follow(arena,
                CARD_ROWS DISPUTED ONE "'won', 'fraudulent', now(), 'open', 'scd_1'), " TWO
                                       "'won', 'fraudulent', now(), 'open', 'scd_1');",
                "select 1");
    CHECK_STR(state_of_card(arena), STR("active"));
}

TEST(a_card_stays_blocked_when_one_dispute_is_won_while_another_begins)
{
    both_follow(arena,
                CARD_ROWS DISPUTED ONE "'won', 'fraudulent', now(), 'open', 'scd_1'), " TWO
                                       "'needs_response', 'fraudulent', null, null, null);",
                "select 1");
    CHECK_STR(state_of_card(arena), STR("blocked"));
}

/* It is told of while the other is followed, so that its row was not there to be read. */
TEST(a_subscription_stays_paused_when_one_dispute_is_won_while_another_begins)
{
    both_follow(arena, SUBSCRIPTION_ROWS DISPUTED ONE "'won', 'general', now(), 'open', null);",
                "set session_replication_role = replica; set search_path to pay; " DISPUTED TWO
                "'needs_response', 'general', null, null, null);");
    CHECK_STR(test_postgres_sql(arena, "select status, held_from from pay.subscription"), STR("paused|active"));
}

TEST(a_subscription_goes_on_when_both_disputes_are_won_at_once)
{
    both_follow(arena,
                SUBSCRIPTION_ROWS DISPUTED ONE "'won', 'general', now(), 'open', null), " TWO
                                               "'won', 'general', now(), 'open', null);",
                "select 1");
    CHECK_STR(test_postgres_sql(arena, "select status, (select count(*) from pay.event where type = "
                                       "'subscription.resumed') from pay.subscription"),
              STR("active|1"));
}
