/*
 * What a test clock takes for work (the view clock_work) is what the worker takes: of what is due and nobody takes, a
 * clock would never be through, and at what is taken and not due it would go past.
 */
#include "paysrv/flow/subscription/price_change.h"
#include "paysrv/store/negative.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/payout_schedule.sql.h"
#include "paysrv/store/test_clock.sql.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

static const char owner_rows[] =
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at, is_sandbox) "
    "values ('s', 'S', 0, 0, now(), true);"
    "insert into pay_user (partner_id, user_id, name, email_verified, created_at, payouts_frozen_at) values "
    "('s', 'usr_free', 'U', true, now(), null), ('s', 'usr_frozen', 'F', true, now(), now());"
    "insert into requisite (partner_id, requisite_id, user_id, version, kind, iban, holder_name, country, town, "
    "masked, destination, created_at, usable_from, disabled_at, disabled_reason) select 's', 'req_' || v || '_' || d, "
    "'usr', row_number() over (), "
    "'bank_account', 'DE89370400440532013000', 'H', 'DE', 'B', 'DE', sha256(''), now(), now(), "
    "case d when 'off' then now() end, case d when 'off' then 'owner' end from (values ('good'), ('held'), "
    "('unasked')) as v (v), (values ('on'), ('off')) "
    "as d (d);"
    "insert into requisite_verification (partner_id, requisite_id, status, created_at, checked_at, due_at) select 's', "
    "requisite_id, case when requisite_id like '%held%' then 'unknown' else 'match' end, now(), case when requisite_id "
    "like '%good%' then now() end, case when requisite_id like '%held%' then now() end from requisite where "
    "requisite_id not like '%unasked%';";

static size_t taken(struct task *t, str currency)
{
    const struct payout_due_row *rows;
    size_t n;
    CHECK_OK(payout_due(t, currency, &rows, &n));
    return n;
}

static void one_agrees(struct task *t, const char *user, const char *requisite, const char *currency, const char *rail)
{
    const struct payout_unpayable_row *rows;
    size_t n;
    test_postgres_sql(
        t->arena,
        arena_cstr(
            t->arena,
            arena_printf(t->arena,
                         "set session_replication_role = replica; delete from pay.payout; insert into pay.payout "
                         "(payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, "
                         "created_at, expires_at, confirmed_at, rail, clock) values ('po_1', 's', '%s', '%s', 1, '%s', "
                         "sha256(''), 'K7', 'confirmed', now(), now(), now(), '%s', 's')",
                         user, requisite, currency, rail)));
    CHECK_OK(payout_unpayable(t, &rows, &n));
    size_t takes = n + taken(t, STR("EUR")) + taken(t, STR("RUB"));
    str due = test_postgres_sql(t->arena, "select count(*) from pay.clock_work where kind = 'bank' and clock = 's'");
    if (!str_eq(due, arena_printf(t->arena, "%zu", takes)))
        test_fail(__FILE__, __LINE__, "of %s to %s in %s by %s %.*s is due, and %zu is taken", user, requisite,
                  currency, rail, STR_ARG(due), takes);
}

TEST(payouts_are_due_to_the_test_bank_exactly_when_it_takes_them)
{
    static const char *const users[] = { "usr_free", "usr_frozen" };
    static const char *const currencies[] = { "EUR", "RUB" };
    static const char *const rails[] = { "bank", "card", "wallet" };
    static const char *const requisites[] = { "req_good_on",  "req_good_off",   "req_held_on",
                                              "req_held_off", "req_unasked_on", "req_unasked_off" };
    struct db_config config;
    struct task t;
    paysrv_rows_begin(arena, &t, &config, owner_rows);
    t.clock = STR("s");
    for (size_t r = 0; r < sizeof requisites / sizeof requisites[0]; r++)
        for (size_t i = 0; i < 12; i++)
            one_agrees(&t, users[i % 2], requisites[r], currencies[i / 2 % 2], rails[i / 4]);
    db_close(t.db);
}

/* In a currency for each word about what is missing: a seller's and the partner's own sales, both below nothing. */
static const char debt_rows[] =
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at, is_sandbox) "
    "values ('s', 'S', 0, 0, now(), true);"
    "insert into dispute_policy (partner_id, currency, shortfall, updated_at, updated_by) select 's', currency, word, "
    "now(), 'x' from (values ('EUR', 'partner'), ('USD', 'platform'), ('CHF', 'allow'), ('RUB', 'queue')) as w "
    "(currency, word);"
    "with a as (insert into account (partner_id, kind, user_id, currency, side) select 's', 'seller', u, currency, -1 "
    "from dispute_policy, unnest(array['usr', '']) as u returning account_id) insert into balance (account_id, posted, "
    "is_spent, negative_since) select account_id, -1, true, now() from a;";

TEST(debts_are_due_to_a_test_clock_exactly_when_somebody_bears_them_by_himself)
{
    struct db_config config;
    struct task t;
    const struct negative_list_row *rows;
    size_t n;
    paysrv_rows_begin(arena, &t, &config, debt_rows);
    t.clock = STR("s");
    CHECK_OK(negative_list(&t, true, 100, &rows, &n));
    CHECK_I64(n, 3); /* both of whose partner bears them, and the seller's where the platform does */
    CHECK_STR(test_postgres_sql(arena, "select count(*) from pay.clock_work where kind = 'disputes' and clock = 's'"),
              STR("3"));
    db_close(t.db);
}

static size_t schedules_due(struct task *t)
{
    const struct payout_schedules_due_row *rows;
    size_t n;
    CHECK_OK(payout_schedules_due(t, t->now, &rows, &n));
    return n;
}

#define SCHEDULE_ROWS                                                                                                  \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('s', 'S', 0, 0, now());"      \
    "insert into payout_schedule (schedule_id, partner_id, user_id, requisite_id, currency, unit, day, minute, zone, " \
    "settles, minimum, label, status, hash, created_at, expires_at, next_at, clock) values ('pos_1', 's', 'usr', "     \
    "'req', 'EUR', 'week', 1, 0, 'UTC', false, 1, 'K7', 'active', sha256(''), now(), now(), now() - interval '1 h', "  \
    "'s');"

/* A clock that advances makes a year's steps before a pause of twenty seconds by the wall is over. */
TEST(a_schedule_that_failed_is_taken_by_the_next_step_of_its_clock)
{
    struct db_config config;
    struct task t;
    const struct payout_schedules_due_row *rows;
    int64_t failed;
    size_t n;
    paysrv_rows_begin(arena, &t, &config, SCHEDULE_ROWS);
    t.clock = STR("s");
    CHECK_OK(payout_schedules_due(&t, t.now, &rows, &n));
    CHECK_I64(n, 1);
    for (int i = 0; i < 3; i++) {
        CHECK_OK(payout_schedule_failed(&t, rows[0].schedule_id, rows[0].due_at, &failed));
        CHECK_I64(failed, 1);
        CHECK_I64(schedules_due(&t), 0); /* once a step */
        t.now.us += 1000;
        CHECK_I64(schedules_due(&t), 1);
    }
    db_close(t.db);
}

#define MIGRATION_ROWS                                                                                                 \
    "insert into price (price_id, partner_id, store_id, name, currency, amount, unit, unit_count, created_at) values " \
    "('price_new', 's', 'st', 'x', 'EUR', 1, 'month', 1, now());"                                                      \
    "insert into price_migration (migration_id, partner_id, price_id, to_price_id, effective_at, without_consent, "    \
    "due_at, created_at, clock) values ('pmg_1', 's', 'price', 'price_new', now() + interval '1 month', 'end', "       \
    "now(), now(), 's');"                                                                                              \
    "insert into subscription (subscription_id, partner_id, store_id, price_id, quantity, saved_card_id, status, "     \
    "zone, anchor_local, period_n, period_start, period_end, keep_unpaid, created_at) select 'sub_' || n, 's', 'st', " \
    "'price', 1, 'card', 'active', 'UTC', 0, 0, now(), now(), false, now() from generate_series(100, 249) as n;"

/* What was done is seen by the number of what is left and by its times: another fifty were looked at. */
TEST(a_clock_sees_that_some_were_told_of_another_price)
{
    struct db_config config;
    struct task t;
    const struct test_clock_work_row *before, *after;
    size_t n;
    paysrv_rows_begin(arena, &t, &config, MIGRATION_ROWS);
    t.clock = STR("s");
    t.now = instant_add(t.now, SECONDS(1));
    CHECK_OK(price_migrations_run(&t));
    CHECK_OK(test_clock_work(&t, &before, &n));
    CHECK_I64(n, 1);
    t.now = before->due_at; /* the clock goes there; if it is there already, it takes this for nothing */
    CHECK_OK(price_migrations_run(&t));
    CHECK_OK(test_clock_work(&t, &after, &n));
    CHECK_I64(n, 1);
    CHECK(after->times != before->times);
    CHECK_STR(test_postgres_sql(arena, "select reached from pay.price_migration"), STR("sub_199"));
    db_close(t.db);
}
