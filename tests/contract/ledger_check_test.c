/* Who is called when the books do not balance, or nobody looks (docs/decisions/0078; docs/deploy/alerts.yml). */
#include <string.h>

#include "paysrv/app.h"
#include "paysrv/flow/anomaly.h"
#include "paysrv/flow/bank/bank_apart.h"
#include "paysrv/flow/bank/bank_import.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/ledger/ledger_check.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/store/ledger_check.sql.h"
#include "shared/ops/metrics.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

static struct db_config database;

/* The program's own is the server's. */
struct db_config service_database(const struct service *s)
{
    struct db_config ret = database;
    CHECK(s->settings.command_timeout.us > 0);
    return ret;
}

static struct app app = { .env = &pay_env_live,
                          .service.settings.command_timeout = SECONDS(180),
                          .config = { .ledger_check_every = HOURS(24), .bank_answer_within = HOURS(72) } };

static void begin(struct arena *arena, struct task *t, const char *rows)
{
    paysrv_rows_begin(arena, t, &database, rows);
    t->app = &app;
    pay_metrics_register();
}

static int64_t shown(struct arena *arena, const char *name)
{
    struct buf out;
    int64_t ret = -1;
    buf_init(&out, arena, 1 << 20);
    metrics_write(&out);
    const char *line = arena_cstr(arena, arena_printf(arena, "\n%s ", name));
    const char *at = strstr(arena_cstr(arena, buf_str(&out)), line);
    CHECK(at && sscanf(at + strlen(line), "%" SCNd64, &ret) == 1);
    return ret;
}

static void checked(struct task *t)
{
    t->now = wall_clock_now();
    CHECK_OK(ledger_rules_check(t));
}

#define SQL(text) test_postgres_sql(arena, text)
#define LATER(rows)                                                                                                    \
    "update pay.ledger_rule set known_at = now() - interval '25 hours', checked_at = checked_at - interval '25 "       \
    "hours' " rows
#define UNCHECKED "select count(*) from pay.ledger_rule where checked_at is null"
#define ALL "select count(*) > 30 and bool_and(checked_at > now() - interval '1 hour') from pay.ledger_rule"
#define TOLD "select ref, detail from pay.anomaly where kind = 'rule_violated' and closed_at is null order by ref"

/* A seller's account of which 10 is on its way out, while nothing is: I23. */
static const char unfounded[] =
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'P', 0, 0, now());"
    "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value values "
    "(8, 'p', 'seller', 'usr_1', 'EUR', -1);"
    "insert into balance (account_id, posted, pending_out, folded_to, is_spent) values (8, 0, 10, 0, false);";

TEST(books_that_begin_are_checked_when_the_time_between_two_checks_has_passed)
{
    struct task t;
    begin(arena, &t, "select 1");
    checked(&t);
    CHECK(!str_eq(SQL(UNCHECKED), STR("0")));
    CHECK_I64(shown(arena, "stoa_ledger_check_age_seconds"), 0);
    checked(&t);
    CHECK(!str_eq(SQL(UNCHECKED), STR("0")));
    SQL(LATER(""));
    checked(&t);
    CHECK_STR(SQL(ALL), STR("t"));
    CHECK(shown(arena, "stoa_ledger_check_age_seconds") < 3600);
    CHECK_I64(shown(arena, "stoa_ledger_violations"), 0);
    CHECK_STR(SQL(TOLD), STR(""));
    db_close(t.db);
}

TEST(what_is_violated_is_told_by_number_and_anomaly_until_a_check_finds_it_whole)
{
    struct task t;
    begin(arena, &t, unfounded);
    checked(&t);
    SQL(LATER("where rule = 'I23'"));
    checked(&t);
    CHECK_I64(shown(arena, "stoa_ledger_violations"), 1);
    CHECK_STR(SQL(TOLD), STR("v_inv_ledger/I23|1 violation(s), the first is 8"));
    SQL("update pay.balance set pending_out = 0");
    SQL(LATER("where rule = 'I23'"));
    checked(&t);
    CHECK_I64(shown(arena, "stoa_ledger_violations"), 0);
    CHECK_STR(SQL(TOLD), STR("v_inv_ledger/I23|1 violation(s), the first is 8"));
    db_close(t.db);
}

static const char twice[] = "create view v_inv_one as select 'TWICE1'::text as inv, 'a'::text as k;"
                            "create view v_inv_two as select 'TWICE1'::text as inv, 'b'::text as k;";

TEST(rules_of_one_name_in_two_views_are_told_each_by_itself)
{
    struct task t;
    const struct ledger_check_state_row *state;
    begin(arena, &t, twice);
    checked(&t);
    SQL(LATER("where rule = 'TWICE1'"));
    checked(&t);
    CHECK_STR(SQL(TOLD), STR("v_inv_one/TWICE1|1 violation(s), the first is a\n"
                             "v_inv_two/TWICE1|1 violation(s), the first is b"));
    CHECK_OK(ledger_check_state(&t, &state));
    CHECK_I64((int64_t)state->violated.n, 2);
    CHECK_STR(state->violated.items[1], STR("v_inv_two/TWICE1"));
    SQL("update pay.anomaly set closed_at = now(), closed_by = 'x', note = 'looked at' where ref like 'v_inv_one%'");
    SQL(LATER("where rule = 'TWICE1'"));
    checked(&t);
    CHECK_STR(SQL(TOLD), STR("v_inv_two/TWICE1|1 violation(s), the first is b"));
    db_close(t.db);
}

TEST(one_server_checks_and_what_it_has_not_come_to_is_next)
{
    struct task t;
    bool is_ours = false;
    begin(arena, &t, "select 1");
    checked(&t);
    SQL(LATER(""));
    SQL("update pay.ledger_rule set checked_at = now(), took_ms = 1 where rule <> 'I23'");
    struct task other = { .arena = arena, .db = db_open(&database), .now = t.now, .what = "test", .app = &app };
    CHECK_OK(ledger_check_lock(&other, &is_ours));
    CHECK(is_ours);
    checked(&t);
    CHECK_STR(SQL("select string_agg(distinct rule, ' ') from pay.ledger_rule where checked_at is null"), STR("I23"));
    CHECK(shown(arena, "stoa_ledger_check_age_seconds") > 24 * 3600);
    db_close(other.db); /* it has died */
    for (int i = 0; i < 100 && !str_eq(SQL(UNCHECKED), STR("0")); i++)
        checked(&t);
    CHECK_STR(SQL(ALL), STR("t"));
    db_close(t.db);
}

TEST(what_is_no_rule_any_more_goes_and_with_a_time_of_0_nothing_is_checked)
{
    struct task t;
    begin(arena, &t, "select 1");
    checked(&t);
    SQL("insert into pay.ledger_rule (view, rule, known_at) values ('v_inv_none', 'I0', now())");
    SQL(LATER(""));
    app.config.ledger_check_every = (duration){ 0 };
    checked(&t);
    CHECK_I64(shown(arena, "stoa_ledger_check_age_seconds"), 0);
    CHECK(!str_eq(SQL(UNCHECKED), STR("0")));
    app.config.ledger_check_every = HOURS(24);
    checked(&t); /* what is no rule of the schema is none */
    CHECK_STR(SQL(ALL), STR("t"));
    db_close(t.db);
}

static const char waiting[] =
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'P', 0, 0, now());"
    "insert into pay_user (partner_id, user_id, name, email_verified, created_at, payouts_frozen_at) values ('p', "
    "'usr_1', 'U', true, now(), "
    "null), "
    "('p', 'usr_2', 'V', true, now(), now());"
    "insert into requisite (partner_id, requisite_id, user_id, version, kind, iban, holder_name, country, town, "
    "masked, destination, "
    "created_at, usable_from) select 'p', 'req_' || n, 'usr_' || n, 1, 'bank_account', 'DE89370400440532013000', 'H', "
    "'DE', 'B', 'DE', "
    "sha256(''), now(), now() from generate_series(1, 2) n;"
    "insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, "
    "created_at, expires_at, confirmed_at, msg_id, sent_at) "
    "select 'po_' || n, 'p', 'usr_' || whose, 'req_' || whose, 1, 'EUR', sha256(''), 'K7', status, now(), now(), "
    "now() - n * interval '1 hour', case when status in ('sent', 'unknown', 'paid') then 'M' end, case when status in "
    "('sent', 'unknown') then now() - n * interval '1 hour' end "
    "from (values (1, 1, 'awaiting_approval'), (2, 1, 'confirmed'), (3, 2, 'confirmed'), (4, 1, 'sent'), (5, 1, "
    "'unknown'), "
    "(9, 1, 'paid')) as x (n, whose, status);";

static int64_t hours(struct arena *arena, const char *state)
{
    return shown(arena, arena_cstr(arena, arena_printf(arena, "stoa_payouts_oldest_seconds{state=\"%s\"}", state))) /
           3600;
}

TEST(payouts_that_wait_are_told_by_what_they_wait_for)
{
    struct task t;
    begin(arena, &t, waiting);
    CHECK_OK(bank_upkeep(&t));
    CHECK_I64(hours(arena, "awaiting_approval"), 1);
    CHECK_I64(hours(arena, "confirmed"), 2);
    CHECK_I64(hours(arena, "stopped"), 3);
    CHECK_I64(hours(arena, "account"), 0);
    CHECK_I64(hours(arena, "sent"), 4);
    CHECK_I64(hours(arena, "unknown"), 5);
    SQL("set session_replication_role = replica; insert into pay.requisite_verification (partner_id, requisite_id, "
        "status, due_at, created_at) "
        "values ('p', 'req_1', 'unknown', now(), now())");
    CHECK_OK(bank_upkeep(&t));
    CHECK_I64(hours(arena, "confirmed"), 0);
    CHECK_I64(hours(arena, "account"), 2);
    db_close(t.db);
}

TEST(what_stands_still_is_told_also_behind_a_thousand_payouts_that_are_held)
{
    struct task t;
    begin(arena, &t, waiting);
    SQL("set session_replication_role = replica; insert into pay.requisite_verification (partner_id, requisite_id, "
        "status, due_at, created_at) values ('p', 'req_1', 'unknown', now(), now());"
        "insert into pay.requisite (partner_id, requisite_id, user_id, version, kind, iban, holder_name, country, "
        "town, masked, destination, created_at, usable_from) select partner_id, 'req_other', user_id, 2, kind, iban, "
        "holder_name, country, town, masked, destination, created_at, usable_from from pay.requisite where "
        "requisite_id = 'req_1';"
        "insert into pay.payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, "
        "status, created_at, expires_at, confirmed_at) "
        "select 'po_' || case when n <= 1000 then 'a' else 'z' end || n, 'p', 'usr_1', case when n <= 1000 then "
        "'req_1' else 'req_other' end, 1, 'EUR', sha256(''), 'K7', 'confirmed', now(), now(), now() - interval '1 "
        "minute' - interval '1 day' "
        "* case when n = 1001 then 3 else 4 end from generate_series(1, 1002) n");
    SQL("update pay.payout set put_off_until = now() + interval '1 hour' where payout_id = 'po_z1002'");
    CHECK_OK(bank_upkeep(&t));
    CHECK_I64(hours(arena, "account"), 4 * 24);
    CHECK_I64(hours(arena, "confirmed"), 3 * 24);
    db_close(t.db);
}

/* A statement a day, each with the same balance as the books, of which a hundred were there before. */
static const char statements[] =
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'P', 0, 0, now());"
    "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value values "
    "(8, 'p', 'bank', '', 'EUR', 1);"
    "insert into balance (account_id, posted, pending_out, folded_to, is_spent) values (8, 0, 0, 0, false);"
    "create or replace function day_ends(n integer) returns void language sql begin atomic "
    "insert into bank_file (file_id, hash, kind, message_id, account, statement_id, opening, closing, currency, lines, "
    "state, imported_by, created_at, accepted_no, done_at) overriding system value "
    "select n, sha256(n::text::bytea), 'camt.053', 'm', 'DE1', 's' || n, 0, 100 + b.posted, 'EUR', 0, 'done', 'x', "
    "now() + n * interval '1 day', n, now() from balance b; end;";

#define APART "select ref, detail from pay.anomaly where kind = 'bank_apart' and closed_at is null"
#define BOOKS(amount) SQL("update pay.balance set posted = posted + " amount)

static void day_passes(struct arena *arena, struct task *t, int n)
{
    SQL(arena_cstr(arena, arena_printf(arena, "set search_path to pay; select day_ends(%d)", n)));
    CHECK_OK(bank_compare(t));
    BOOKS("-70"); /* a notice of the next day's */
    CHECK_OK(bank_compare(t));
}

TEST(books_and_bank_that_do_not_come_together_again_are_told_once_and_what_is_on_its_way_is_not)
{
    struct task t;
    begin(arena, &t, statements);
    app.config.debtor_iban = STR("DE1");
    for (int n = 1; n <= 4; n++)
        day_passes(arena, &t, n);
    CHECK_I64(shown(arena, "stoa_bank_apart_minor{account=\"debtor_iban\"}"), 170);
    CHECK_I64(shown(arena, "stoa_bank_apart_minor{account=\"debtor_account\"}"), 0);
    SQL("set search_path to pay; create or replace function day_ends(n integer) returns void language sql begin atomic "
        "insert into bank_file (file_id, hash, kind, message_id, account, statement_id, opening, closing, currency, "
        "lines, state, imported_by, created_at, accepted_no, done_at) overriding system value "
        "select n, sha256(n::text::bytea), 'camt.053', 'm', 'DE1', 's' || n, 0, 171 + b.posted, 'EUR', 0, 'done', 'x', "
        "now() + n * interval '1 day', n, now() from balance b; end");
    for (int n = 5; n <= 6; n++)
        day_passes(arena, &t, n);
    CHECK_STR(SQL(APART), STR(""));
    day_passes(arena, &t, 7);
    CHECK_STR(SQL(APART), STR("EUR|up to statement s4 it was 1.00 EUR to 1.70 EUR, and not once since"));
    SQL("update pay.anomaly set closed_at = now(), closed_by = 'x', note = 'found'");
    CHECK_OK(bank_compare(&t));
    for (int n = 8; n <= 9; n++)
        day_passes(arena, &t, n);
    SQL("delete from pay.anomaly where closed_at is null");
    for (int n = 10; n <= 11; n++)
        day_passes(arena, &t, n);
    CHECK_STR(SQL(APART), STR(""));
    db_close(t.db);
}

/* Of DE1 and DE2, of which one gives 1.00 a day to the other, and all together is as it was. */
#define DAY_OF_TWO                                                                                                     \
    "set search_path to pay; create or replace function day_ends(n integer) returns void language sql begin atomic "   \
    "insert into bank_file (file_id, hash, kind, message_id, account, statement_id, opening, closing, currency, "      \
    "lines, state, imported_by, created_at, accepted_no, done_at) overriding system value "                            \
    "select 2 * n + k, sha256((2 * n + k)::text::bytea), 'camt.053', 'm', 'DE' || k, 's' || n, 0, "                    \
    "case k when 1 then 100 + b.posted - 100 * n else 100 * n end, 'EUR', 0, 'done', 'x', now() + n * interval '1 "    \
    "day', 2 * n + k, now() from balance b cross join generate_series(1, 2) k; end"

TEST(books_are_held_against_all_accounts_of_their_currency)
{
    struct task t;
    begin(arena, &t, statements);
    app.config.debtor_iban = STR("DE2");
    for (int n = 1; n <= 2; n++)
        day_passes(arena, &t, n);
    SQL(DAY_OF_TWO);
    for (int n = 3; n <= 9; n++)
        day_passes(arena, &t, n);
    CHECK_I64(shown(arena, "stoa_bank_apart_minor{account=\"debtor_iban\"}"), 170);
    CHECK_STR(SQL(APART), STR(""));
    SQL("set search_path to pay; update bank_file set closing = closing + 500 where file_id = 20");
    CHECK_OK(bank_compare(&t));
    CHECK_I64(shown(arena, "stoa_bank_apart_minor{account=\"debtor_iban\"}"), 670);
    db_close(t.db);
}

TEST(a_job_that_tells_the_same_again_is_told_that_it_is_no_news)
{
    struct task t;
    bool is_news;
    begin(arena, &t, statements);
    for (int i = 0; i < 2; i++) {
        CHECK_OK(anomaly_tell_news(&t, ANOMALY_BANK_APART, STR_NONE, STR("DE1"), STR("so"), &is_news));
        CHECK(is_news == (i == 0));
    }
    CHECK_OK(anomaly_tell_news(&t, ANOMALY_BANK_APART, STR_NONE, STR("DE1"), STR("otherwise"), &is_news));
    CHECK(is_news);
    SQL("update pay.anomaly set closed_at = now(), closed_by = 'x', note = 'found'");
    CHECK_OK(anomaly_tell_news(&t, ANOMALY_BANK_APART, STR_NONE, STR("DE1"), STR("otherwise"), &is_news));
    CHECK(!is_news);
    db_close(t.db);
}
