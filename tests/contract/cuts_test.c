/*
 * Where a point in time lies in the ledger (docs/decisions/0052): found by halving, kept for ever, and never before the
 * place of an earlier one, also where entries of one moment stand in another order than their times, and where those of
 * a sandbox, whose clock is years ahead, stand between them. Up to the horizon nothing is on its way any more.
 */
#include <pthread.h>

#include "paysrv/flow/payout/payout_statement.h"
#include "paysrv/flow/report/report_balances.h"
#include "paysrv/flow/settlement/settlement_missing.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/settlement.sql.h"
#include "paysrv/store/statement.sql.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

#define BEGIN_S INT64_C(1790000000)

/* Entry 3n is made n seconds after the begin; every seventh has the time of the one before last. Entry 3n + 1 is a
 * sandbox's. */
static const char rows[] =
    "set session_replication_role = replica; set search_path to pay;"
    "insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value "
    "select 3 * n, 'p', 'charge', n::text, to_timestamp(1790000000 + n - case when n % 7 = 0 then 2 else 0 end) "
    "from generate_series(1, 1000) as n;"
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at, is_sandbox) "
    "values ('p', 'P', 0, 0, now(), false), ('s', 'S', 0, 0, now(), true);"
    "insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value "
    "select 3 * n + 1, 's', 'charge', 's' || n, to_timestamp(1890000000 + n) from generate_series(1, 1000) as n;"
    "insert into account (partner_id, kind, user_id, currency, side) values ('s', 'platform', '', 'EUR', -1);"
    "insert into posting (entry_id, line, account_id, currency, amount) "
    "select 3 * n + 1, 1, account_id, 'EUR', 1 from account, generate_series(1, 1000) as n";

static int64_t cut(struct task *t, int64_t seconds, bool keep)
{
    const struct ledger_cut_search_row *found;
    const struct ledger_cut_keep_row *kept;
    instant at = instant_of_seconds(BEGIN_S + seconds);
    CHECK(!ledger_cut_search(t, at, &found));
    if (!keep)
        return found->entry_id;
    CHECK(!ledger_cut_keep(t, at, found->entry_id, &kept));
    return kept->entry_id;
}

TEST(cuts_of_the_ledger_are_places_in_the_order_of_time)
{
    struct db_config config = paysrv_rows_schema(arena);
    struct task t = { .arena = arena, .now = wall_clock_now(), .what = "test" };
    t.db = db_open(&config);
    CHECK_I64(cut(&t, 0, false), 0);
    test_postgres_sql(arena, rows);
    CHECK_I64(cut(&t, -5, false), 0);
    CHECK_I64(cut(&t, 1, false), 0);
    CHECK_I64(cut(&t, 2, false), 3);
    CHECK_I64(cut(&t, 500, false), 3 * 499);
    CHECK_I64(cut(&t, 100000, false), 3000);
    int64_t last = cut(&t, 1, true), middle = cut(&t, 503, true);
    for (int64_t s = 2; s <= 990; s += 3) {
        int64_t place = cut(&t, s, true);
        CHECK(place >= last && (s > 503 || place <= middle) && (s < 503 || place >= middle));
        CHECK(place % 3 == 0 && place >= 3 * (s - 4) && place <= 3 * (s + 2));
        last = place;
    }
    CHECK_I64(cut(&t, 503, true), middle);
    const struct ledger_cut_search_sandbox_row *sandbox;
    t.clock = STR("s");
    CHECK(!ledger_cut_search_sandbox(&t, instant_of_seconds(INT64_C(1890000010)), &sandbox));
    CHECK_I64(sandbox->entry_id, 3 * 9 + 1);
    CHECK_I64(cut(&t, 1, true), 0); /* a cut of its own, which is no live partner's */
    t.clock = STR_NONE;
    CHECK_I64(cut(&t, 2, true), 3);
    db_close(t.db);
}

/* Two accounts, of which the second rests in the second month, and an entry after both. */
static const char two_months[] =
    "set session_replication_role = replica; set search_path to pay;"
    "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value values "
    "(1, 'p', 'seller', 'usr_1', 'EUR', -1), (2, 'p', 'seller', 'usr_2', 'EUR', -1), (3, 'p', 'partner', '', 'EUR', "
    "-1), "
    "(4, 'q', 'seller', 'usr_3', 'EUR', -1);"
    "insert into posting (entry_id, line, account_id, currency, amount) values (1, 1, 1, 'EUR', -100), (2, 1, 2, "
    "'EUR', -30), "
    "(3, 1, 1, 'EUR', 20), (4, 1, 1, 'EUR', -7), (5, 1, 2, 'EUR', -1), (4, 2, 4, 'EUR', -1000)";

static void balances_are(struct task *t, int64_t from, int64_t to, bool is_closed, int64_t opening, int64_t closing)
{
    struct report_balance sums[REPORT_BALANCES];
    const struct account_span month = { from, to, 0 };
    CHECK_OK(report_balances_read(t, (partner_id){ STR("p") }, STR("EUR"), month, is_closed, sums));
    CHECK_STR(sums[0].account, STR("seller"));
    CHECK_I64(sums[0].opening_minor, opening);
    CHECK_I64(sums[0].closing_minor, closing);
    for (size_t i = 1; i < REPORT_BALANCES; i++)
        CHECK(!sums[i].opening_minor && !sums[i].closing_minor); /* nothing was ever on them */
}

static void closings_are(struct arena *arena, const char *of)
{
    CHECK_STR(test_postgres_sql(arena, "select coalesce(string_agg(account_id || ':' || entry_id, ' ' order by "
                                       "entry_id, account_id), '') from pay.account_closing"),
              str_of(of));
}

TEST(a_month_begins_with_what_the_one_before_it_closed_with)
{
    struct db_config config = paysrv_rows_schema(arena);
    struct task t = { .arena = arena, .now = wall_clock_now(), .what = "test" };
    t.db = db_open(&config);
    test_postgres_sql(arena, two_months);
    closings_are(arena, "");
    for (int i = 0; i < 2; i++) { /* added up from the beginning, and from what was closed */
        balances_are(&t, 0, 2, i == 0, 0, 130);
        closings_are(arena, i == 0 ? "1:2 2:2" : "1:2 2:2 1:4");
        balances_are(&t, 2, 4, i == 0, 130, 117);
        closings_are(arena, "1:2 2:2 1:4");
        balances_are(&t, 4, 5, false, 117, 118);
    }
    CHECK_STR(test_postgres_sql(arena, "select count(*) from pay.v_inv_settlements where inv = 'I43'"), STR("0"));
    /* What is older is not read again. */
    test_postgres_sql(arena, "set session_replication_role = replica; delete from pay.posting where entry_id <= 2");
    balances_are(&t, 4, 5, false, 117, 118);
    closings_are(arena, "1:2 2:2 1:4");
    db_close(t.db);
}

/* An account of a hundred entries, closed after each of them. */
static const char hundred_closings[] =
    "set session_replication_role = replica; set search_path to pay;"
    "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value values "
    "(1, 'p', 'seller', 'usr_1', 'EUR', -1);"
    "insert into posting (entry_id, line, account_id, currency, amount) select n, 1, 1, 'EUR', -n from "
    "generate_series(1, 100) n;"
    "insert into account_closing (account_id, entry_id, balance) select 1, n, n * (n + 1) / 2 from "
    "generate_series(1, 100) n;";

static void wrong_is(struct arena *arena, const char *entry, const char *found)
{
    str sql = arena_printf(arena,
                           "set session_replication_role = replica; set search_path to pay;"
                           "update account_closing set balance = balance + 1 where entry_id = %s;"
                           "select string_agg(k, ' ' order by k) from v_inv_settlements where inv = 'I43';"
                           "update account_closing set balance = balance - 1 where entry_id = %s",
                           entry, entry);
    CHECK_STR(test_postgres_sql(arena, arena_cstr(arena, sql)), str_of(found));
}

TEST(closings_follow_from_those_before_and_none_is_added_up_from_the_beginning)
{
    (void)paysrv_rows_schema(arena);
    test_postgres_sql(arena, hundred_closings);
    wrong_is(arena, "1", "1/1 1/2");
    wrong_is(arena, "50", "1/50 1/51");
    wrong_is(arena, "100", "1/100");
    CHECK_STR(test_postgres_sql(arena, "set enable_seqscan = off; set enable_bitmapscan = off; set search_path to pay;"
                                       "select k from v_inv_settlements where inv = 'I43';"
                                       "select sum(pg_stat_get_xact_tuples_returned(indexrelid)) from pg_index where "
                                       "indrelid = 'posting'::regclass"),
              STR("100"));
}

/* ---- the horizon ---- */

#define ENTRY(ref) "insert into pay.entry (partner_id, kind, ref, created_at) values ('p', 'charge', '" ref "', now());"

/* Draws its number before the others and commits after them. */
#define SLOWLY(what) "begin; set session_replication_role = replica;" what "select pg_sleep(1); commit"

static void *slow_writer(void *sql)
{
    struct arena *arena = arena_create(4096, 1 << 20);
    test_postgres_sql(arena, sql);
    arena_destroy(arena);
    return NULL;
}

struct asked {
    struct db_config config;
    int64_t horizon;
    str seen; /* whether the slow writer's entry could be seen then */
};

static void *horizon_ask(void *arg)
{
    struct asked *asked = arg;
    struct arena *arena = arena_create(4096, 1 << 20);
    struct task t = { .arena = arena, .now = wall_clock_now(), .what = "test", .db = db_open(&asked->config) };
    const struct ledger_horizon_read_row *row;
    if (!ledger_horizon_read(&t, &row))
        asked->horizon = row->horizon;
    asked->seen = str_eq(test_postgres_sql(arena, "select count(*) from pay.entry where ref = 'slow'"), STR("1"))
                      ? STR("seen")
                      : STR("not seen");
    db_close(t.db);
    arena_destroy(arena);
    return NULL;
}

#define SLOW_ONE "pid <> pg_backend_pid() and query like '%''slow''%' and wait_event = 'PgSleep'"

/* Until such a session is there, or it is too late. */
static void wait_for(struct arena *arena, const char *session)
{
    str question = arena_printf(arena,
                                "select count(*) from (select from pg_stat_activity where %s union all "
                                "select from pay.entry where ref = 'slow') s",
                                session);
    while (str_eq(test_postgres_sql(arena, arena_cstr(arena, question)), STR("0")))
        ;
}

TEST(the_horizon_waits_for_writers_and_stops_none)
{
    static char sql[] = SLOWLY(ENTRY("slow"));
    pthread_t writer, asker;
    struct asked asked = { .config = paysrv_rows_schema(arena) };
    test_postgres_sql(arena, "set session_replication_role = replica;" ENTRY("first"));
    CHECK(pthread_create(&writer, NULL, slow_writer, sql) == 0);
    wait_for(arena, SLOW_ONE);
    test_postgres_sql(arena, "set session_replication_role = replica;" ENTRY("quick"));
    CHECK(pthread_create(&asker, NULL, horizon_ask, &asked) == 0);
    wait_for(arena, "pid <> pg_backend_pid() and query like '%ledger_horizon()%'");
    test_postgres_sql(arena, "set session_replication_role = replica; set lock_timeout = 300;" ENTRY("later"));
    pthread_join(asker, NULL);
    pthread_join(writer, NULL);
    CHECK(asked.horizon >= 3);
    CHECK_STR(asked.seen, STR("seen"));
}

/* ---- what no registry has ---- */

/* A sandbox's entry is looked at whatever its time; what was numbered before it and is committed later has its turn. */
TEST(the_search_for_what_no_registry_has_passes_nothing_that_is_on_its_way)
{
    static char sql[] = SLOWLY(ENTRY("slow"));
    pthread_t writer;
    int64_t affected;
    struct db_config config = paysrv_rows_schema(arena);
    struct task t = { .arena = arena, .now = wall_clock_now(), .what = "test", .db = db_open(&config) };
    test_postgres_sql(arena, "set session_replication_role = replica; set search_path to pay;"
                             "insert into partner (partner_id, name, platform_bp, partner_bp, created_at, is_sandbox) "
                             "values ('p', 'P', 0, 0, now(), false), ('s', 'S', 0, 0, now(), true);"
                             "insert into entry (partner_id, kind, ref, created_at) values "
                             "('p', 'charge', 'old', now() - interval '1 day'), ('p', 'charge', 'young', now()), "
                             "('s', 'charge', 'of a clock that stands', now() - interval '1 day')");
    CHECK_OK(reconcile_mark_begin(&t, instant_add(t.now, (duration){ -HOURS(1).us }), &affected));
    CHECK_STR(test_postgres_sql(arena, "select e.ref from pay.reconcile_mark m join pay.entry e on e.entry_id = "
                                       "m.position"),
              STR("old"));
    CHECK(pthread_create(&writer, NULL, slow_writer, sql) == 0);
    wait_for(arena, SLOW_ONE);
    test_postgres_sql(arena, "set session_replication_role = replica; insert into pay.entry (partner_id, kind, ref, "
                             "created_at) values ('s', 'charge', 'tried', now())");
    CHECK_OK(reconcile_missing(&t, HOURS(1)));
    pthread_join(writer, NULL);
    CHECK_STR(test_postgres_sql(arena, "select (select position from pay.reconcile_mark) < (select entry_id from "
                                       "pay.entry where ref = 'slow')"),
              STR("t"));
    t.now = instant_add(t.now, HOURS(2));
    CHECK_OK(reconcile_missing(&t, HOURS(1)));
    CHECK_STR(test_postgres_sql(arena, "select (select position from pay.reconcile_mark) = (select max(entry_id) from "
                                       "pay.entry)"),
              STR("t"));
    db_close(t.db);
}

/* ---- a payout's statement ---- */

#define POSTED(kind, ref, amount, against)                                                                             \
    "with e as (insert into pay.entry (partner_id, kind, ref, created_at) values ('p', '" kind "', '" ref              \
    "', now()) returning entry_id) insert into pay.posting (entry_id, line, account_id, currency, amount) "            \
    "select entry_id, n, a, 'EUR', m from e, (values (1, 1, " amount "), (2, " against ", -(" amount                   \
    "))) as v (n, a, m);"
#define HELD(payout) POSTED("payout_hold", payout, "100", "2")

static const char two_payouts[] =
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'P', 0, 0, now());"
    "insert into requisite (partner_id, requisite_id, user_id, version, kind, iban, holder_name, country, town, "
    "masked, destination, created_at, usable_from) values ('p', 'req_1', 'usr_1', 1, 'bank_account', "
    "'DE89370400440532013000', 'H', 'DE', 'B', 'DE', sha256(''), now(), now());"
    "insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, "
    "created_at, expires_at) select 'po_' || n, 'p', 'usr_1', 'req_1', 100, 'EUR', sha256(''), 'K' || n, 'confirmed', "
    "now(), now() from generate_series(1, 2) as n;"
    "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value values "
    "(1, 'p', 'seller', 'usr_1', 'EUR', -1), (2, 'p', 'payout_transit', 'usr_1', 'EUR', -1), "
    "(3, 'p', 'acquirer_receivable', '', 'EUR', 1)";

/* A charge draws its number, waits for the balance that the payouts hold, and is there after them: who is told of them
 * reads at once what they are made of, of the first its entries and of the second its opening. */
TEST(a_payouts_statement_has_what_was_numbered_before_it_also_when_that_is_committed_later)
{
    static char sql[] = SLOWLY(POSTED("charge", "slow", "-500", "3"));
    for (int i = 1; i <= 2; i++) {
        pthread_t writer;
        struct db_config config;
        struct task t;
        struct statement_page page;
        paysrv_rows_begin(arena, &t, &config, two_payouts);
        CHECK(pthread_create(&writer, NULL, slow_writer, sql) == 0);
        wait_for(arena, SLOW_ONE);
        test_postgres_sql(arena, "set session_replication_role = replica;" HELD("po_1") HELD("po_2"));
        t.now = wall_clock_now();
        payout_id payout = { arena_printf(arena, "po_%d", i) };
        CHECK_OK(payout_statement_read(&t, (partner_id){ STR("p") }, payout, STR_NONE, NULL, 10, &page));
        pthread_join(writer, NULL);
        CHECK_I64(page.from.opening_minor, i == 1 ? 0 : 400);
        CHECK_I64(page.n, i == 1 ? 1 : 0);
        CHECK_I64(page.to.balance_minor, i == 1 ? 500 : 400);
        CHECK(page.is_last);
        db_close(t.db);
    }
}
