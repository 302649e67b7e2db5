/*
 * The journal and the trial balance page by page (docs/decisions/0052): where a partner's entries stand close together
 * and where those of others lie between them, each once and in order, in memory that does not grow with them.
 */
#include "paysrv/flow/ledger/books.h"

#include "paysrv/app.h"
#include "paysrv/flow/ledger/account_statement.h"
#include "paysrv/flow/ledger/account_sums.h"
#include "shared/base/num.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

#define LAST 20000
#define TASK_MAX_BYTES ((size_t)256 << 10) /* a small part of what is written */

/* Of p are the first 3,000, then every thousandth, and the last 2,000; every fifth of the others is a sandbox's. What p
 * sells is one of 1,200 sellers', its acquirer keeps nothing. */
static const char rows[] =
    "set session_replication_role = replica; set search_path to pay;"
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at, is_sandbox) "
    "values ('p', 'P', 0, 0, now(), false), ('q', 'Q', 0, 0, now(), false), ('s', 'S', 0, 0, now(), true);"
    "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value "
    "select n, 'p', 'seller', 'usr_' || n, 'EUR', -1 from generate_series(1, 1200) as n union all "
    "values (1201, 'p', 'bank', '', 'EUR', 1), (1202, 'p', 'acquirer_receivable', '', 'EUR', 1), "
    "(1203, 'q', 'seller', 'usr_q', 'EUR', -1), (1204, 'q', 'bank', '', 'EUR', 1), "
    "(1205, 's', 'seller', 'usr_s', 'EUR', -1), (1206, 's', 'bank', '', 'EUR', 1);"
    "create temporary table made as select n, case when n <= 3000 or n > 18000 or n % 1000 = 0 then 'p' "
    "when n % 5 = 0 then 's' else 'q' end as who from generate_series(1, 20000) as n;"
    "insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value "
    "select n, who, 'charge', 'pay_' || n, to_timestamp(1790000000 + n) from made;"
    "insert into posting (entry_id, line, account_id, currency, amount) "
    "select n, l.line, case when l.line = 1 then case who when 'p' then 1 + n % 1200 when 'q' then 1203 else 1205 end "
    "else case who when 'p' then 1200 + l.line - 1 when 'q' then 1204 else 1206 end end, 'EUR', l.amount "
    "from made cross join (values (1, -10), (2, 7), (3, 3)) as l (line, amount)";

struct read {
    str owner; /* of each line; absent: not a sandbox's */
    int64_t lines, bytes, last_entry;
    bool is_in_order, is_owned;
};

/* "entry,date,time,partner,...": no cell before has a comma. */
static void line_look(struct read *r, str line)
{
    str cells[4], rest = line;
    int64_t entry;
    for (size_t i = 0; i < 4; i++)
        if (!str_cut(&rest, ',', &cells[i]))
            return;
    if (!num_parse(cells[0], &entry))
        return;
    r->lines++;
    r->is_in_order &= entry >= r->last_entry;
    r->is_owned &= str_given(r->owner) ? str_eq(cells[3], r->owner) : !str_eq(cells[3], STR("s"));
    r->last_entry = entry;
}

static err look(struct task *t, void *context, str piece)
{
    (void)t;
    struct read *r = context;
    str rest = piece, line;
    r->bytes += (int64_t)piece.n;
    while (str_cut(&rest, '\n', &line))
        line_look(r, line);
    return OK;
}

static struct read journal_read(struct task *t, str partner, bool is_partners, int64_t from, int64_t to)
{
    struct read r = { .owner = partner.n ? partner : STR_NONE, .is_in_order = true, .is_owned = true };
    const struct sink sink = { look, &r };
    const struct books b = { .wanted = { .paper = BOOKS_JOURNAL, .partner = { partner }, .is_partners = is_partners },
                             .period = { .from_entry = from, .to_entry = to },
                             .format = BOOKS_CSV };
    CHECK_OK(books_write(t, &b, &sink));
    CHECK(r.is_in_order && r.is_owned);
    return r;
}

static int64_t counted(struct arena *arena, const char *sql)
{
    int64_t n = -1;
    CHECK(num_parse(test_postgres_sql(arena, sql), &n));
    return n;
}

static void journals_are_whole(struct task *t, struct arena *arena)
{
    int64_t mine = counted(arena, "select count(*) from pay.entry where partner_id = 'p'");
    int64_t live = counted(arena, "select count(*) from pay.entry where partner_id <> 's'");
    struct read r = journal_read(t, STR("p"), false, 0, LAST);
    CHECK_I64(r.lines, 3 * mine);
    CHECK_I64(r.last_entry, LAST);
    CHECK(r.bytes > 2 * (int64_t)TASK_MAX_BYTES);
    CHECK_I64(journal_read(t, STR("p"), true, 0, LAST).lines, 2 * mine); /* bank and acquirer are clearing */
    CHECK_I64(journal_read(t, STR("p"), true, 2999, 18001).lines, 2 * (1 + 15 + 1));
    CHECK_I64(journal_read(t, STR("p"), true, 3001, 3999).lines, 0);
    CHECK_I64(journal_read(t, STR(""), false, 0, LAST).lines, 3 * live);
    CHECK_I64(journal_read(t, STR(""), false, LAST, LAST).lines, 0);
}

/* ---- the trial balance ---- */

static err keep(struct task *t, void *context, str piece)
{
    (void)t;
    buf_add(context, piece);
    return OK;
}

static str trial_balance(struct task *t, struct arena *arena, bool is_partners, bool is_closed, int64_t from,
                         int64_t to, int64_t at_once)
{
    struct buf out;
    const struct sink sink = { keep, &out };
    const struct books b = {
        .wanted = { .paper = BOOKS_TRIAL_BALANCE, .partner = { STR("p") }, .is_partners = is_partners },
        .period = { .from_entry = from, .to_entry = to, .is_closed = is_closed },
        .format = BOOKS_CSV,
        .at_once = at_once
    };
    buf_init(&out, arena, (size_t)1 << 20);
    CHECK_OK(books_write(t, &b, &sink));
    return buf_str(&out);
}

static int64_t lines_of(str text)
{
    int64_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

static void trial_balances_go_on(struct task *t, struct arena *arena)
{
    str first = trial_balance(t, arena, true, true, 0, 3000, 0);
    CHECK_I64(lines_of(first), 1 + 1200 + 1 + 1); /* names, sellers, clearing, the sums */
    CHECK(str_ends(first, STR("p,clearing,,EUR,,,300.00,0.00,300.00,\r\n"
                              ",total,,EUR,0.00,0.00,300.00,300.00,300.00,300.00\r\n")));
    str next = trial_balance(t, arena, true, false, 3000, LAST, 0);
    CHECK_I64(counted(arena, "select count(*) from pay.account_closing where owner = 'P'"), 1202);
    CHECK_STR(test_postgres_sql(arena, "select count(*) from pay.v_inv_settlements where inv = 'I43'"), STR("0"));
    /* What is older is not read again. */
    test_postgres_sql(arena, "set session_replication_role = replica; delete from pay.posting where entry_id <= 3000");
    CHECK_STR(trial_balance(t, arena, true, false, 3000, LAST, 0), next);
    CHECK(str_ends(trial_balance(t, arena, false, false, 3000, LAST, 0),
                   STR(",provisional_total,,EUR,300.00,300.00,201.50,201.50,501.50,501.50\r\n")));
}

TEST(books_of_a_partner_are_whole_wherever_those_of_others_lie)
{
    struct db_config config = paysrv_rows_schema(arena);
    struct task t = { .arena = arena_create(4096, TASK_MAX_BYTES), .now = wall_clock_now(), .what = "test" };
    t.db = db_open(&config);
    test_postgres_sql(arena, rows);
    journals_are_whole(&t, arena);
    trial_balances_go_on(&t, arena);
    db_close(t.db);
    arena_destroy(t.arena);
}

/* ---- a partner of many sellers ---- */

/* Nothing of p's in the first 16,384 entries, and then so many one after the other, of one of its 1,000 sellers each.
 */
#define RESTED 16384
#define SOLD 18000
static const char many_sellers[] =
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'P', 0, 0, now());"
    "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value "
    "select n, 'p', 'seller', 'usr_' || n, 'EUR', -1 from generate_series(1, 1000) n union all "
    "values (1001, 'p', 'bank', '', 'EUR', 1);"
    "insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value "
    "select 16384 + n, 'p', 'charge', 'pay_' || n, now() from generate_series(1, 18000) n;"
    "insert into posting (entry_id, line, account_id, currency, amount) "
    "select 16384 + n, l.line, case l.line when 1 then 1 + n % 1000 else 1001 end, 'EUR', l.amount "
    "from generate_series(1, 18000) n cross join (values (1, -10), (2, 10)) as l (line, amount)";

/* What a connection asked is counted when its session is gone. */
static int64_t accounts_asked(struct arena *arena)
{
    while (counted(arena, "select count(*) from pg_stat_activity where backend_type = 'client backend' and "
                          "pid <> pg_backend_pid() and datname = current_database()") > 0)
        ;
    return counted(arena, "select pg_stat_get_numscans('pay.posting_of_account'::regclass)");
}

TEST(a_journal_does_not_ask_each_account_for_each_page)
{
    struct db_config config;
    struct task t;
    paysrv_rows_begin(arena, &t, &config, many_sellers);
    db_close(t.db);
    int64_t before = accounts_asked(arena);
    t.db = db_open(&config);
    t.arena = arena_create(4096, TASK_MAX_BYTES);
    struct read r = journal_read(&t, STR("p"), false, 0, RESTED + SOLD);
    CHECK_I64(r.lines, 2 * SOLD);
    CHECK_I64(r.last_entry, RESTED + SOLD);
    db_close(t.db);
    arena_destroy(t.arena);
    int64_t asked = accounts_asked(arena) - before;
    CHECK(asked >= 3 * 1001 && asked <= 4 * 1001); /* in three windows: nothing, as much as fits, the rest */
}

/* ---- windows ---- */

/* Two partners whose entries lie between each other. Of p, in two currencies: charges, some with two lines on one
 * account; what was taken back; payouts; and what acquirer and bank settle. */
#define LAST_MIXED 240
static const char mixed[] =
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'P', 0, 0, now()), "
    "('q', 'Q', 0, 0, now());"
    "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value "
    "select 10 * c.n + k.n, 'p', k.kind, k.who, c.code, k.side from (values (1, 'EUR'), (2, 'USD')) as c (n, code), "
    "(values (1, 'seller', 'usr_1', -1), (2, 'seller', 'usr_2', -1), (3, 'partner', '', -1), (4, 'platform', '', -1), "
    "(5, 'payout_transit', 'usr_1', -1), (6, 'acquirer_receivable', 'sandbox', 1), (7, 'settlement', '', 1), "
    "(8, 'bank', '', 1), (9, 'acquirer_fee', '', 1)) as k (n, kind, who, side);"
    "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value "
    "values (31, 'q', 'seller', 'usr_9', 'EUR', -1), (32, 'q', 'bank', '', 'EUR', 1);"
    "create temporary table made as select n, case when n % 4 = 0 then 'q' else 'p' end as who, "
    "case when n % 4 = 0 then 'other' when n % 11 = 3 then 'settlement' when n % 13 = 2 then 'payout_hold' "
    "when n % 7 = 2 then 'reversal' when n % 5 = 1 then 'split' else 'charge' end as kind, "
    "case when n % 3 = 0 then 20 else 10 end as base, 100 + n * 7 as amount from generate_series(1, 240) n;"
    "insert into entry (entry_id, partner_id, kind, ref, created_at, reverses) overriding system value "
    "select n, who, kind, 'ref_' || n, now(), case kind when 'reversal' then n - 2 end from made;"
    "insert into posting (entry_id, line, account_id, currency, amount) "
    "select m.n, l.line, case when l.account < 30 then m.base + l.account else l.account end, "
    "case when m.base = 20 and l.account < 30 then 'USD' else 'EUR' end, m.amount * l.part from made m join (values "
    "('other', 1, 31, -1), ('other', 2, 32, 1), ('settlement', 1, 6, -10), ('settlement', 2, 8, 9), "
    "('settlement', 3, 9, 1), ('payout_hold', 1, 1, 1), ('payout_hold', 2, 5, -1), ('reversal', 1, 6, -4), "
    "('reversal', 2, 1, 3), ('reversal', 3, 4, 1), ('split', 1, 6, 9), ('split', 2, 1, -2), ('split', 3, 1, -2), "
    "('split', 4, 2, -4), ('split', 5, 3, -1), ('charge', 1, 6, 10), ('charge', 2, 2, -7), ('charge', 3, 3, -2), "
    "('charge', 4, 4, -1)) as l (kind, line, account, part) on l.kind = m.kind";

static err sums_tell(struct task *t, void *context, const struct account_page_row *accounts,
                     const struct account_sum *sums, size_t n)
{
    (void)t;
    for (size_t i = 0; i < n; i++) {
        CHECK_I64(sums[i].account, accounts[i].account_id);
        buf_printf(context, "%lld %d %lld %lld %lld %lld\n", (long long)sums[i].account, sums[i].side,
                   (long long)sums[i].opening_minor, (long long)sums[i].debits_minor, (long long)sums[i].credits_minor,
                   (long long)sums[i].entries);
    }
    return OK;
}

static str sums_of(struct task *t, struct arena *arena, struct account_span span, bool is_closed)
{
    const struct account_range all = { .partner = { STR("p") }, .span = span, .is_closed = is_closed };
    struct buf out;
    buf_init(&out, arena, 65536);
    CHECK_OK(account_pages_read(t, &all, sums_tell, &out));
    return buf_str(&out);
}

/* The same as one statement says it of all that there is. */
#define SUMS                                                                                                           \
    "select string_agg(concat_ws(' ', a.account_id, a.side, q.opening, q.debits, q.credits, q.entries), E'\\\\n' "     \
    "order by a.kind, a.user_id, a.currency) from (values (%lld, %lld)) as s (f, u), pay.account a cross join "        \
    "lateral "                                                                                                         \
    "(select coalesce(sum(amount) filter (where entry_id <= f), 0) as opening, "                                       \
    "coalesce(sum(amount) filter (where entry_id > f and amount > 0), 0) as debits, "                                  \
    "coalesce(-sum(amount) filter (where entry_id > f and amount < 0), 0) as credits, "                                \
    "count(*) filter (where entry_id > f) as entries from pay.posting "                                                \
    "where account_id = a.account_id and entry_id <= u) q where a.partner_id = 'p'"

static str sums_at_once(struct arena *arena, int64_t from, int64_t to)
{
    const char *sql = arena_cstr(arena, arena_printf(arena, SUMS, (long long)from, (long long)to));
    return arena_printf(arena, "%.*s\n", STR_ARG(test_postgres_sql(arena, sql)));
}

/* In one statement, in some, and in as many as there may be. */
static void papers_agree(struct task *t, struct arena *arena, int64_t from, int64_t to)
{
    static const int64_t at_once[] = { 0, 40, 3 };
    str sums = sums_at_once(arena, from, to), own[3], all[3];
    for (size_t i = 0; i < 3; i++) {
        CHECK_STR(sums_of(t, arena, (struct account_span){ from, to, at_once[i] }, false), sums);
        all[i] = trial_balance(t, arena, false, false, from, to, at_once[i]);
        own[i] = trial_balance(t, arena, true, false, from, to, at_once[i]);
        CHECK_STR(all[i], all[0]);
        CHECK_STR(own[i], own[0]);
    }
    CHECK(lines_of(all[0]) > 10 && lines_of(own[0]) > 8);
}

/* What took long is kept where the period begins, also when that is never over: asked again, it is not added up again.
 */
static void long_openings_are_kept(struct arena *arena)
{
    int64_t busy =
        counted(arena, "select count(*) from (select from pay.posting p join pay.account a using (account_id) where "
                       "a.partner_id = 'p' and p.entry_id <= 100 group by account_id having count(*) >= 12) b");
    CHECK(busy > 3);
    CHECK_I64(counted(arena, "select count(*) from pay.account_closing where entry_id = 100"), busy);
}

TEST(what_many_statements_add_up_is_what_one_does)
{
    struct db_config config;
    struct task t;
    paysrv_rows_begin(arena, &t, &config, mixed);
    papers_agree(&t, arena, 0, LAST_MIXED);
    CHECK_I64(counted(arena, "select count(*) from pay.account_closing"), 0);
    papers_agree(&t, arena, 100, 200);
    long_openings_are_kept(arena);
    sums_of(&t, arena, (struct account_span){ 100, 150, 3 }, true);
    CHECK(counted(arena, "select count(*) from pay.account_closing where entry_id = 150") > 10);
    papers_agree(&t, arena, 149, 151);
    papers_agree(&t, arena, 150, LAST_MIXED);
    papers_agree(&t, arena, 170, LAST_MIXED);
    papers_agree(&t, arena, 0, LAST_MIXED);
    CHECK_STR(test_postgres_sql(arena, "select count(*) from pay.v_inv_settlements where inv = 'I43'"), STR("0"));
    db_close(t.db);
}

/* ---- a statement ---- */

#define LONG_LINES 2100

/* What a buyer's statement is to say may have 500 characters of four bytes, and a partner's name of it 200. */
static const char long_lines[] =
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'P', 0, 0, now());"
    "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value "
    "values (1, 'p', 'seller', 'usr_1', 'EUR', -1), (2, 'p', 'bank', '', 'EUR', 1);"
    "insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, partner_amount,"
    " seller_amount, platform_bp, partner_bp, status, description, origins, external_id, created_at, expires_at) "
    "select 'pay_' || n, 'p', 'st_1', 'usr_1', 'EUR', 10, 0, 0, 10, 0, 0, 'succeeded', repeat(U&'\\+01F600', 500), "
    "'{}', lpad(n::text, 200, 'x'), now(), now() from generate_series(1, 2100) n;"
    "insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value "
    "select n, 'p', 'charge', 'pay_' || n, now() from generate_series(1, 2100) n;"
    "insert into posting (entry_id, line, account_id, currency, amount) "
    "select n, l.line, l.line, 'EUR', l.amount from generate_series(1, 2100) n "
    "cross join (values (1, -10), (2, 10)) as l (line, amount)";

static err measure(struct task *t, void *context, str piece)
{
    (void)t;
    *(int64_t *)context += (int64_t)piece.n;
    return OK;
}

/* As large as a request's (shared/http/exchange.c). */
#define REQUEST_MAX_BYTES ((size_t)32 << 20)

static void statement_write(struct task *t, enum account_format format, int64_t entries)
{
    const struct account_statement s = {
        .wanted = { .kind = STR("seller"), .user = STR("usr_1"), .currency = STR("EUR"), .format = format },
        .owner = STR("x"),
        .period = { .to_entry = entries },
        .account = 1,
        .came_minor = 10 * entries,
        .closing_minor = 10 * entries,
        .entries = entries
    };
    int64_t written = 0;
    const struct sink sink = { measure, &written };
    CHECK_OK(account_statement_write(t, &s, &sink));
    CHECK(written > 100 * entries);
}

TEST(a_statement_of_the_longest_lines_is_written)
{
    struct db_config config;
    struct task t;
    struct app *app = arena_new(arena, struct app);
    app->config.font_file = STR("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf");
    paysrv_rows_begin(arena, &t, &config, long_lines);
    t.app = app;
    t.arena = arena_create(4096, REQUEST_MAX_BYTES);
    statement_write(&t, STATEMENT_CSV, LONG_LINES);
    statement_write(&t, STATEMENT_JSONL, LONG_LINES);
    statement_write(&t, STATEMENT_CAMT053, LONG_LINES);
    statement_write(&t, STATEMENT_PDF, STATEMENT_PDF_MAX_ENTRIES);
    db_close(t.db);
    arena_destroy(t.arena);
}
