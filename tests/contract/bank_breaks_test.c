/*
 * Breaks of the bank that pile up: they are read a few at a time, what fails there stops nothing else of the bank's
 * upkeep, and what was closed with a note long ago is asked for no more. Rows are written without foreign keys and
 * triggers.
 */
#include <string.h>

#include "paysrv/app.h"
#include "paysrv/flow/bank/bank_apart.h"
#include "paysrv/flow/bank/bank_import.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/settlement/settlement_lines.h"
#include "paysrv/store/bank.sql.h"
#include "shared/db/db.h"
#include "shared/ops/metrics.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

/* 130 lines of a statement that nobody has booked, and notices of two of them that did. */
#define ROWS                                                                                                           \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'P', 0, 0, now());"      \
    "insert into bank_file (file_id, hash, kind, message_id, account, statement_id, opening, closing, currency, "      \
    "lines, state, imported_by, created_at, accepted_no, done_at) overriding system value select n, "                  \
    "sha256(n::text::bytea), case n when 1 then 'camt.054' else 'camt.053' end, 'm', 'DE1', 's', 0, 0, 'EUR', 0, "     \
    "'done', 'x', now(), n, now() from generate_series(1, 2) as n;"                                                    \
    "insert into bank_line (line_id, file_id, line_key, kind, amount, currency, reference, outcome, done_at) "         \
    "overriding system value select n, 2, sha256(n::text::bytea), 'credit', 100, 'EUR', 'R' || n, 'break', now() "     \
    "from generate_series(1, 130) as n union all select n, 1, sha256(n::text::bytea), 'credit', 100, 'EUR', 'R' || "   \
    "n - 1000, 'applied', now() from unnest('{1070,1130}'::int[]) as n;"                                               \
    "insert into bank_break (break_id, kind, ref, line_id, amount, currency, detail, created_at) overriding system "   \
    "value select n, 'unmatched', 'line ' || n, n, 100, 'EUR', 'x', now() from generate_series(1, 130) as n;"

static struct db_config config;

static void begin(struct arena *arena, struct task *t, const char *rows)
{
    static struct app app = { .env = &pay_env_live, .config = { .bank_answer_within = HOURS(72) } };
    paysrv_rows_begin(arena, t, &config, rows);
    t->app = &app;
    pay_metrics_register();
}

#define SQL(text) test_postgres_sql(arena, text)
#define CLOSED                                                                                                         \
    "select string_agg(break_id::text, ' ' order by break_id) from pay.bank_break where closed_at is not null"

static int64_t looked(struct task *t)
{
    const struct bank_breaks_booked_row *row;
    CHECK_OK(bank_breaks_booked(t, 50, &row));
    return row->looked;
}

TEST(breaks_are_read_a_few_at_a_time_and_from_the_beginning_again)
{
    struct task t;
    begin(arena, &t, ROWS);
    CHECK_I64(looked(&t), 50);
    CHECK_STR(SQL(CLOSED), STR(""));
    CHECK_I64(looked(&t), 50);
    CHECK_STR(SQL(CLOSED), STR("70"));
    CHECK_I64(looked(&t), 30);
    CHECK_STR(SQL(CLOSED), STR("70 130"));
    SQL("set search_path to pay; set session_replication_role = replica; update bank_line set reference = 'R3' where "
        "line_id = 1070");
    CHECK_I64(looked(&t), 50);
    CHECK_STR(SQL(CLOSED), STR("3 70 130"));
    CHECK_OK(bank_upkeep(&t)); /* the rest of the round, and no more than that at a time */
    CHECK_STR(SQL("select position from pay.bank_break_walk"), STR("0"));
    db_close(t.db);
}

TEST(one_round_reads_all_for_which_there_is_time)
{
    struct task t;
    begin(arena, &t, ROWS);
    CHECK_OK(bank_upkeep(&t));
    CHECK_STR(SQL(CLOSED), STR("70 130"));
    db_close(t.db);
}

static bool is_shown(struct arena *arena, const char *line)
{
    struct buf out;
    buf_init(&out, arena, 1 << 20);
    metrics_write(&out);
    return strstr(arena_cstr(arena, buf_str(&out)), line) != NULL;
}

TEST(breaks_that_cannot_be_read_stop_nothing_else_of_the_upkeep)
{
    struct task t;
    begin(arena, &t, ROWS);
    pay_metrics_bank_breaks(0, 0);
    SQL("create function pay.refuse() returns trigger language plpgsql as 'begin raise exception ''no''; end'; create "
        "trigger refused before update on pay.bank_break for each row when (new.break_id = 70) execute function "
        "pay.refuse()");
    err e = bank_upkeep(&t); /* fifty, and of the next fifty each */
    CHECK(e);
    CHECK(is_shown(arena, "\nstoa_bank_breaks_open 130\n"));
    CHECK_OK(bank_upkeep(&t)); /* those behind them, and from the beginning again */
    SQL("set client_min_messages = error; drop function pay.refuse() cascade");
    CHECK_STR(SQL(CLOSED), STR("130"));
    CHECK(is_shown(arena, "\nstoa_bank_breaks_open 129\n"));
    db_close(t.db);
}

/* Registries of what the lines brought, and of a hundred and thirty more. */
#define EARLY                                                                                                          \
    "insert into bank_line (line_id, file_id, line_key, kind, amount, currency, reference, outcome, done_at) "         \
    "overriding system value select n, 2, sha256(n::text::bytea), 'credit', 100, 'EUR', 'R' || n, 'break', now() "     \
    "from generate_series(131, 260) as n; update bank_line set end_to_end = 'T' || line_id where line_id <= 260;"      \
    "insert into bank_break (break_id, kind, ref, line_id, amount, currency, detail, created_at) overriding system "   \
    "value select n, 'unmatched', 'line ' || n, n, 100, 'EUR', 'x', now() from generate_series(131, 260) as n;"        \
    "insert into settlement (settlement_id, acquirer_ref, hash, currency, transfer_ref, gross, fee, net, lines, "      \
    "state, imported_by, created_at, booked_at) overriding system value select n, 'ST' || n, "                         \
    "sha256(n::text::bytea), 'EUR', 'T' || n, 100, 0, 100, 0, 'booked', 'o', now(), now() from generate_series(1, "    \
    "260) as n;"

TEST(money_that_came_before_its_registry_is_taken_past_what_cannot_be)
{
    struct task t;
    begin(arena, &t, ROWS EARLY);
    SQL("create function pay.refuse() returns trigger language plpgsql as 'begin raise exception ''no''; end'; create "
        "trigger refused before update on pay.settlement for each row when (new.settlement_id <= 250) execute function "
        "pay.refuse()");
    CHECK(settlements_work(&t));
    CHECK_STR(SQL("select string_agg(settlement_id::text, ' ' order by settlement_id) from pay.settlement where state "
                  "= 'paid'"),
              STR("251 252 253 254 255 256 257 258 259 260"));
    SQL("set client_min_messages = error; drop function pay.refuse() cascade");
    CHECK_OK(settlements_work(&t));
    CHECK_STR(SQL("select count(*) from pay.settlement where state = 'paid'"),
              STR("258")); /* all but the two whose lines a notice has booked */
    db_close(t.db);
}

static int64_t unbooked(struct task *t)
{
    struct bank_balance *balances;
    size_t n;
    CHECK_OK(bank_balances_read(t, &balances, &n));
    CHECK_I64(n, 1);
    CHECK_I64(balances[0].apart_minor, -balances[0].unbooked_minor);
    return balances[0].unbooked_minor;
}

TEST(what_was_closed_with_a_note_long_ago_is_written_down_and_asked_for_no_more)
{
    struct task t;
    begin(arena, &t,
          ROWS "update bank_break set closed_at = now() - interval '1 day' * case when break_id <= 60 then 91 else 89 "
               "end, closed_by = 'x', note = 'n' where break_id <= 120;");
    CHECK_I64(unbooked(&t), 12800); /* all but the two that are in the books */
    CHECK_OK(bank_compare(&t));
    CHECK_STR(SQL("select count(moved_at_last), max(break_id) filter (where moved_at_last is not null) from "
                  "pay.bank_break"),
              STR("60|60"));
    CHECK_I64(unbooked(&t), 12800);
    SQL("set search_path to pay; set session_replication_role = replica; update bank_line set amount = 1000");
    CHECK_I64(unbooked(&t), 60 * 100 + 68 * 1000); /* the others are asked */
    db_close(t.db);
}

TEST(breaks_that_take_longer_than_one_statement_may_are_compared)
{
    struct task t;
    begin(arena, &t, ROWS);
    const char *as_it_is = arena_cstr(
        arena, SQL("set search_path to pay; select pg_get_functiondef('bank_booking_left(bigint)'::regprocedure)"));
    SQL("set search_path to pay; create or replace function bank_booking_left(of_line bigint) returns table (unbooked "
        "bigint, coming bigint) language plpgsql stable as 'begin perform pg_sleep(0.05); return query select "
        "1::bigint, 0::bigint; end'");
    db_close(t.db);
    config.statement_timeout = SECONDS(5);
    t.db = db_open(&config);
    CHECK_I64(unbooked(&t), 13000);                                                      /* of 130, 50 in a statement */
    SQL(arena_cstr(arena, arena_printf(arena, "set search_path to pay; %s", as_it_is))); /* the schema is everybody's */
    db_close(t.db);
}

/* Another session books a break between two statements. */
static err books_between(struct task *t, void *context)
{
    struct arena *arena = context;
    const struct bank_breaks_moving_row *rows;
    const struct bank_breaks_count_row *counted;
    int64_t affected;
    size_t n;
    TRY(bank_breaks_count(t, &counted));
    CHECK_I64(counted->n, 130);
    SQL("set search_path to pay; update bank_break set closed_at = now(), closed_by = 'x', resolution = 'matched' "
        "where "
        "break_id = 9");
    TRY(bank_breaks_count(t, &counted));
    CHECK_I64(counted->n, 130);
    TRY(bank_breaks_moving(t, 0, 50, &rows, &n));
    CHECK_I64(rows[n - 1].break_id, 50);
    return bank_break_close(t, STR("x"), STR("n"), 10, &affected);
}

TEST(what_only_reads_sees_one_moment_and_writes_nothing)
{
    struct task t;
    const struct bank_breaks_count_row *counted;
    begin(arena, &t, ROWS);
    CHECK(db_tx_of_one_moment(&t, books_between, arena));
    CHECK_OK(bank_breaks_count(&t, &counted));
    CHECK_I64(counted->n, 129);
    db_close(t.db);
}
