/* Pages of events (docs/decisions/0055-comfort-of-integration.md): what they cost, and whose each event is. */
#include "paysrv/store/statements.h"
#include "shared/base/num.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

/* Twenty thousand of one partner, each about another thing; every tenth is about nothing that is there. */
#define ROWS                                                                                                           \
    "insert into store (partner_id, store_id, user_id, name, currency, external_id, created_at) select 'p', 'st_' || " \
    "n, case when n > 2 then 'usr_' || n else '' end, 'x', 'EUR', 'e' || n, now() from generate_series(1, 5) n;"       \
    "insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, "              \
    "partner_amount, seller_amount, platform_bp, partner_bp, status, description, origins, created_at, expires_at) "   \
    "select 'pay_' || n, 'p', 'st_' || n % 5 + 1, case when n % 3 > 0 then 'usr_' || n % 5 else '' end, 'EUR', 1, 0, " \
    "0, 1, 0, 0, 'succeeded', 'x', '{}', now(), now() from generate_series(1, 1800) n;"                                \
    "insert into requisite (partner_id, requisite_id, user_id, version, kind, iban, holder_name, country, town, "      \
    "masked, destination, created_at) select 'p', 'req_' || n, 'usr_' || n, n, 'bank_account', "                       \
    "'DE89370400440532013000', 'x', 'DE', 'x', 'x', sha256(''), now() from generate_series(1, 2) n;"                   \
    "insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, " \
    "created_at, expires_at) select 'po_' || n, 'p', 'usr_' || n, 'req_1', 1, 'EUR', sha256(''), 'K' || n, "           \
    "'canceled', now(), now() from generate_series(1, 9) n;"                                                           \
    "insert into event (event_id, partner_id, type, object_id, data, created_at, is_pending, sequence) select "        \
    "'evt_' || 10000 + n, 'p', k.type, k.object, '{}', now(), false, 1 "                                               \
    "from generate_series(1, 20000) n cross join lateral (select (array['payment.succeeded', "                         \
    "'payment_attempt.failed', "                                                                                       \
    "'hold.released', 'receipt.sale', 'store.created', 'payout.paid', 'requisite.created', 'user.created', "           \
    "'bank.break', 'refund.succeeded'])[n % 10 + 1] as type, (array['pay_' || n / 10, 'pay_' || n / 10, 'hld_' || n "  \
    "/ 10, 'rct_pay_' || n / 10, 'st_' || n / 10 % 7, 'po_' || n / 10 % 11, 'req_' || n / 10 % 4, 'usr_' || n, '12', " \
    "'re_none'])[n % 10 + 1] as object) k; analyze;"

#define PAGE                                                                                                           \
    "set search_path to pay; set enable_seqscan = off; select "                                                        \
    "public.rows_pages_read(replace(replace(replace(replace('%s', '\\$1', '''p'''), '\\$2', 'null::text'), "           \
    "'\\$3', "                                                                                                         \
    "'null::text'), '\\$4', '16'))"

/* Within a text of SQL's within one of the shell's. */
static str quoted(struct arena *a, str sql)
{
    char *text = arena_alloc(a, 2 * sql.n);
    size_t n = 0;
    for (size_t i = 0; i < sql.n; i++) {
        if (sql.p[i] == '\'' || sql.p[i] == '$')
            text[n++] = sql.p[i] == '$' ? '\\' : '\'';
        text[n++] = sql.p[i];
    }
    return (str){ text, n };
}

TEST(a_page_of_all_types_does_not_go_through_all_events_of_the_partner)
{
    struct db_config config;
    struct task t;
    int64_t pages = 0;
    paysrv_rows_begin(arena, &t, &config, ROWS);
    const char *sql = arena_cstr(arena, quoted(arena, str_of(event_list_statement.sql)));
    str asked = arena_printf(arena, PAGE, sql);
    CHECK(num_parse(test_postgres_sql(arena, arena_cstr(arena, asked)), &pages));
    CHECK(pages > 16 && pages < 16 * 9); /* of each event and what it is about, from the root of an index on */
    db_close(t.db);
}

TEST(events_are_whose_they_were_for_nodes_of_before)
{
    struct db_config config;
    struct task t;
    paysrv_rows_begin(arena, &t, &config, ROWS);
#define BOTH                                                                                                           \
    "set search_path to pay; select concat_ws(' ', count(*), count(distinct p.account), count(distinct p.store), "     \
    "count(*) filter (where (p.account, p.store) is distinct from (o.account, o.store))) from event e, lateral "       \
    "event_party(e.type, e.object_id, e.data) p, lateral event_owner(e.type, e.object_id, e.data) o"
    CHECK_STR(test_postgres_sql(arena, BOTH), STR("20000 2009 5 0"));
    db_close(t.db);
}
