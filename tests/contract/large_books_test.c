/*
 * The check of the books reads as much as there is, and not that for each seller or payout: among a thousand sellers
 * and three thousand refunds. Rows are written without foreign keys and triggers.
 */
#include "shared/base/num.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

static const char large[] =
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'P', 0, 0, now());"
    "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value "
    "select n, 'p', 'seller', 'usr_' || n, 'EUR', -1 from generate_series(1, 1000) n;"
    "insert into balance (account_id, posted, pending_out, folded_to, is_spent) select n, 10, 0, 0, true "
    "from generate_series(1, 1000) n;"
    "insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, "
    "partner_amount, seller_amount, platform_bp, partner_bp, status, description, origins, created_at, expires_at) "
    "select 'pay_' || n, 'p', 'st', 'usr_' || n % 1000 + 1, 'EUR', 10, 0, 0, 10, 0, 0, 'succeeded', 'x', '{}', now(), "
    "now() from generate_series(1, 3000) n;"
    "insert into refund (refund_id, partner_id, payment_id, currency, amount, platform_amount, partner_amount, "
    "seller_amount, status, created_at) select 're_' || n, 'p', 'pay_' || n, 'EUR', 1, 0, 0, 1, 'succeeded', now() "
    "from generate_series(1, 3000) n;"
    "insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value "
    "select n, 'p', 'charge', 'pay_' || n, now() from generate_series(1, 3000) n;"
    "insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, "
    "created_at, expires_at) select 'po_' || n, 'p', 'usr_1', 'req', 1, 'EUR', sha256(''), 'K7', 'expired', now(), "
    "now() from generate_series(1, 500) n; analyze;";

#define LOOKED_MOST 30000

TEST(what_is_on_its_way_out_is_added_up_once_and_not_for_each_seller)
{
    struct db_config config;
    struct task t;
    int64_t looked_at = 0;
    paysrv_rows_begin(arena, &t, &config, large);
    str answer =
        test_postgres_sql(arena, "select public.rows_looked_at('select * from pay.v_inv_ledger where inv = ''I23''')");
    CHECK(num_parse(answer, &looked_at));
    CHECK(looked_at > 0 && looked_at < LOOKED_MOST);
    db_close(t.db);
}

#define BROKEN "select string_agg(k, ' ' order by k) from pay.v_inv_ledger where inv = 'I23'"

TEST(what_is_on_its_way_out_and_is_not_reserved_is_seen)
{
    struct db_config config;
    struct task t;
    paysrv_rows_begin(arena, &t, &config, large);
    test_postgres_sql(arena, "update pay.refund set status = 'pending' where refund_id in ('re_7', 're_1007')");
    CHECK_STR(test_postgres_sql(arena, BROKEN), STR("8"));
    test_postgres_sql(arena, "update pay.balance set pending_out = 2 where account_id = 8");
    CHECK_STR(test_postgres_sql(arena, BROKEN), STR(""));
    test_postgres_sql(arena, "update pay.balance set pending_out = 1 where account_id in (8, 9)");
    CHECK_STR(test_postgres_sql(arena, BROKEN), STR("8 9"));
    db_close(t.db);
}

/* An entry is found by its kind and name; by its name alone all of the partner's would be looked through. */
TEST(the_entries_of_a_payout_are_looked_up)
{
    struct db_config config;
    struct task t;
    paysrv_rows_begin(arena, &t, &config, large);
    str conditions = test_postgres_sql(
        arena, "select public.rows_conditions('select * from pay.v_inv_payouts where inv = ''I13''', 'entry')"
               " ~ 'kind = ANY[^;]*ref = po.payout_id'");
    CHECK_STR(conditions, STR("t"));
    db_close(t.db);
}
