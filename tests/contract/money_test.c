/*
 * Statements of paysrv that move money or lead jobs, asked what no request asks them: rows that are very old, steps
 * that were planned from what has changed since, and two servers at once. Rows are written without foreign keys and
 * triggers: each statement looks at a few of their columns alone.
 */
#include <pthread.h>

#include "paysrv/store/charge.sql.h"
#include "paysrv/store/dispute.sql.h"
#include "paysrv/store/migrations.h"
#include "paysrv/store/saved_card.sql.h"
#include "shared/db/migrate.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

static struct db_config config;

/* One schema for all tests of this file; each clears what it needs. */
static void schema_begin(struct arena *arena, const char *rows)
{
    config = test_postgres_schema(arena, "pay");
    CHECK(migrate_up(&config, paysrv_migrations, paysrv_migrations_n));
    test_postgres_sql(arena, arena_cstr(arena, arena_printf(arena,
                                                            "set session_replication_role = replica; set search_path "
                                                            "to pay; %s",
                                                            rows)));
}

static void connect(struct arena *arena, struct task *t)
{
    *t = (struct task){ .arena = arena, .db = db_open(&config), .now = wall_clock_now(), .what = "test" };
}

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
    "insert into store (partner_id, store_id, user_id, name, currency, platform_bp, partner_bp, created_at) values "   \
    "('p', 'st_1', 'usr_1', 'S', 'EUR', 0, 0, now());"                                                                 \
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
    const struct saved_cards_due_row *cards;
    size_t n;
    schema_begin(arena, PARTY_ROWS CALL_ROWS DISPUTE_ROWS CARD_ROWS);
    connect(arena, &t);
    CHECK_OK(calls_due(&t, 5, &calls, &n));
    CHECK_I64(n, 1);
    CHECK_OK(disputes_due(&t, 2, &disputes, &n));
    CHECK_I64(n, 1);
    CHECK_OK(saved_cards_due(&t, &cards, &n));
    CHECK_I64(n, 1);
    CHECK_STR(test_postgres_sql(arena, "select round(extract(epoch from due_at - now()) / 10) from pay.acquirer_call "
                                       "union all select round(extract(epoch from due_at - now()) / 10) from "
                                       "pay.dispute union all select round(extract(epoch from due_at - now()) / 10) "
                                       "from pay.saved_card"),
              STR("32\n51\n60"));
    db_close(t.db);
}
