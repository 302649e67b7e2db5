/*
 * What a test clock takes for work (the view clock_work) is what the worker takes: of what is due and nobody takes, a
 * clock would never be through, and at what is taken and not due it would go past.
 */
#include "paysrv/store/payout.sql.h"
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
