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

/* What was sold, and what went back of it, with the postings of both. */
#define POSTED                                                                                                         \
    "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value values "      \
    "(5001, 'p', 'acquirer_receivable', 'sandbox', 'EUR', 1);"                                                         \
    "insert into posting (entry_id, line, account_id, currency, amount) select n, l.line, l.account, 'EUR', l.amount " \
    "from generate_series(1, 3000) n cross join lateral (values (1, 5001, 10), (2, n % 1000 + 1, -10)) as l (line, "   \
    "account, amount);"                                                                                                \
    "insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value "                         \
    "select 4000 + n, 'p', 'refund', 're_' || n, now() from generate_series(1, 1000) n;"                               \
    "insert into posting (entry_id, line, account_id, currency, amount) select 4000 + n, l.line, l.account, 'EUR', "   \
    "l.amount from generate_series(1, 1000) n cross join lateral (values (1, 5001, -1), (2, n % 1000 + 1, 1)) as l "   \
    "(line, account, amount);"                                                                                         \
    "update payment set charge_id = 'ch_' || substr(payment_id, 5);"                                                   \
    "insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, acquirer, created_at, "  \
    "due_at) select 'ch_' || n, 'charge', 'p', 'pay_' || n, 10, 'EUR', 'ok', 'sandbox', now(), now() "                 \
    "from generate_series(1, 3000) n; analyze;"

/* A refund that failed after it had succeeded, one whose money has not come back, and more than one that never went. */
#define RETURNED                                                                                                       \
    "update refund set status = 'failed' where refund_id in ('re_9', 're_10');"                                        \
    "insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value values "                  \
    "(9001, 'p', 'refund_returned', 're_9', now()), (9002, 'p', 'refund_returned', 're_2000', now());"                 \
    "insert into posting (entry_id, line, account_id, currency, amount) values (9001, 1, 5001, 'EUR', 1), "            \
    "(9001, 2, 10, 'EUR', -1), (9002, 1, 5001, 'EUR', 2), (9002, 2, 1, 'EUR', -2);"

static str broken(struct arena *arena, const char *rule)
{
    return test_postgres_sql(
        arena, arena_cstr(arena, arena_printf(arena,
                                              "select string_agg(k, ' ' order by k) from pay.v_inv where inv = "
                                              "'%s'",
                                              rule)));
}

TEST(what_entries_move_is_added_up_in_one_go_and_is_what_they_are_of)
{
    struct db_config config;
    struct task t;
    paysrv_rows_begin(arena, &t, &config, large);
    test_postgres_sql(arena, "set search_path to pay; set session_replication_role = replica; " POSTED);
    CHECK_STR(broken(arena, "I12"), STR(""));
    test_postgres_sql(arena, "set session_replication_role = replica; update pay.posting set amount = amount * 2 where "
                             "entry_id in (7, 4007)");
    test_postgres_sql(arena,
                      "set session_replication_role = replica; delete from pay.posting where entry_id in (8, 4008)");
    CHECK_STR(broken(arena, "I12"), STR("4007 4008 7 8"));
    /* of late charges, and of refunds that came back, of which there are few, each is looked up */
    str lookups = test_postgres_sql(
        arena, "select regexp_count(public.rows_conditions('select * from pay.v_inv_ledger where inv = ''I12''', "
               "'posting'), 'entry_id = e[_0-9]*.entry_id')");
    CHECK_STR(lookups, STR("2"));
    test_postgres_sql(arena, "set search_path to pay; set session_replication_role = replica; " RETURNED);
    CHECK_STR(test_postgres_sql(arena,
                                "select string_agg(k, ' ' order by k) from pay.v_inv_ledger where inv = 'I11' and "
                                "(k in ('refund/re_9', 'refund/re_10') or k like 'returned/%')"),
              STR("refund/re_10 returned/9002"));
    CHECK_STR(broken(arena, "I12"), STR("4007 4008 7 8 9002"));
    db_close(t.db);
}

TEST(whose_acquirer_entries_went_to_is_not_looked_up_one_by_one)
{
    struct db_config config;
    struct task t;
    paysrv_rows_begin(arena, &t, &config, large);
    test_postgres_sql(arena, "set search_path to pay; set session_replication_role = replica; " POSTED);
    CHECK_STR(broken(arena, "I47"), STR(""));
    test_postgres_sql(arena, "set session_replication_role = replica; update pay.acquirer_call set acquirer = 'stripe' "
                             "where call_id in ('ch_7', 'ch_2007')");
    CHECK_STR(broken(arena, "I47"), STR("2007 4007 7"));
    str conditions = test_postgres_sql(
        arena, "select coalesce(public.rows_conditions('select * from pay.v_inv_acquirers where inv = ''I47''', "
               "'payment'), '') ~ 'payment_id ='");
    CHECK_STR(conditions, STR("f"));
    db_close(t.db);
}

/* The command goes from view to view: what stood in v_inv beside them would be looked for by no name. */
TEST(all_rules_are_in_views_that_the_check_goes_through)
{
    struct db_config config;
    struct task t;
    paysrv_rows_begin(arena, &t, &config, "");
    str beside = test_postgres_sql(
        arena,
        "select coalesce(string_agg(distinct d.refobjid::regclass::text, ' '), '') from pg_rewrite r join pg_depend d "
        "on d.objid = r.oid and d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass "
        "where r.ev_class = 'pay.v_inv'::regclass and d.refobjid <> 'pay.v_inv'::regclass "
        "and d.refobjid::regclass::text !~ '^pay.v_inv_'");
    CHECK_STR(beside, STR(""));
    CHECK_STR(test_postgres_sql(arena,
                                "select coalesce(string_agg(viewname, ' '), '') from pg_views where schemaname = 'pay' "
                                "and viewname like 'v\\_inv\\_%' and position('pay.' || viewname || '' in "
                                "pg_get_viewdef('pay.v_inv'::regclass)) = 0"),
              STR(""));
    db_close(t.db);
}
