/*
 * A statement by itself beside a serializable transaction (docs/decisions/0104-guards-between-isolation-levels.md): the
 * transaction sees what was there when it began, and a row that the statement only locked is no conflict to it.
 * Here of users: who changes his address or leaves, and what is made for him at that moment.
 */
#include "paysrv/faults.h"
#include "paysrv/flow/party/user.h"
#include "paysrv/store/confirmation.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/payout_fee.sql.h"
#include "paysrv/store/payout_list.sql.h"
#include "paysrv/store/payout_rail.sql.h"
#include "paysrv/store/payout_schedule.sql.h"
#include "paysrv/store/requisite.sql.h"
#include "paysrv/store/user.sql.h"
#include "paysrv/store/user_data.sql.h"
#include "tests/contract/beside.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

/* ---- codes ---- */

static const str OLD = { "old@example.com", 15 };

static err payout_ask(struct task *t)
{
    const struct payout_request_row *row;
    const struct payout_request_args args = { .partner = P,
                                              .user = USER,
                                              .recipient = OLD,
                                              .route = STR("r"),
                                              .key = STR("k"),
                                              .payout = { STR("po_1") },
                                              .body = STR("{}"),
                                              .requisite = { STR("req_1") },
                                              .amount = 100,
                                              .currency = STR("EUR"),
                                              .label = STR("K7"),
                                              .expires_at = instant_add(t->now, MINUTES(10)),
                                              .requested_by = STR("c"),
                                              .rail = STR("bank"),
                                              .max_attempts = 5,
                                              .mail = STR("mail_1"),
                                              .content = bytes_of(STR("x")),
                                              .event = { STR("evt_1") } };
    return payout_request(t, &args, &row);
}

static err list_ask(struct task *t)
{
    const struct payout_list_request_row *row;
    const struct payout_list_request_item item = { STR("po_1"), STR("req_1"), 100, STR("EUR"), { { 0 } }, STR("") };
    const struct payout_list_request_args args = { .partner = P,
                                                   .user = USER,
                                                   .recipient = OLD,
                                                   .route = STR("r"),
                                                   .key = STR("k"),
                                                   .list = STR("pl_1"),
                                                   .body = STR("{}"),
                                                   .label = STR("K7"),
                                                   .expires_at = instant_add(t->now, MINUTES(10)),
                                                   .requested_by = STR("c"),
                                                   .max_attempts = 5,
                                                   .mail = STR("mail_1"),
                                                   .content = bytes_of(STR("x")),
                                                   .event = { STR("evt_1") },
                                                   .data = STR("{}") };
    return payout_list_request(t, &item, 1, &args, &row);
}

static err schedule_ask(struct task *t)
{
    const struct payout_schedule_request_row *row;
    const struct payout_schedule_request_args args = { .partner = P,
                                                       .user = USER,
                                                       .recipient = OLD,
                                                       .route = STR("r"),
                                                       .key = STR("k"),
                                                       .schedule = STR("ps_1"),
                                                       .body = STR("{}"),
                                                       .requisite = { STR("req_1") },
                                                       .currency = STR("EUR"),
                                                       .unit = STR("day"),
                                                       .zone = STR("UTC"),
                                                       .minimum = 1,
                                                       .label = STR("K7"),
                                                       .requested_by = STR("c"),
                                                       .expires_at = instant_add(t->now, MINUTES(10)),
                                                       .client = STR("c"),
                                                       .max_attempts = 5,
                                                       .mail = STR("mail_1"),
                                                       .content = bytes_of(STR("x")),
                                                       .event = { STR("evt_1") } };
    return payout_schedule_request(t, &args, &row);
}

static err confirmation_in_tx(struct task *t, void *unused)
{
    (void)unused;
    int64_t made;
    const struct confirmation_insert_args args = { .partner = P,
                                                   .user = USER,
                                                   .known_email = OLD,
                                                   .confirmation = STR("cnf_1"),
                                                   .operation = STR("requisite"),
                                                   .object = STR("req_1"),
                                                   .recipient = OLD,
                                                   .label = STR("K7"),
                                                   .summary = STR("{}"),
                                                   .requested_by = STR("c"),
                                                   .expires_at = instant_add(t->now, MINUTES(10)),
                                                   .max_attempts = 5,
                                                   .mail = STR("mail_1"),
                                                   .content = bytes_of(STR("x")),
                                                   .event = { STR("evt_1") },
                                                   .body = STR("{}") };
    return confirmation_insert(t, &args, &made);
}

static err confirmation_ask(struct task *t)
{
    return db_tx(t, confirmation_in_tx, NULL);
}

static err address_change(struct task *t)
{
    const struct user_email_set_row *set;
    int64_t killed;
    TRY(user_email_set(t, P, USER, STR("new@example.com"), true, t->now, &set));
    return user_codes_kill(t, P, USER, &killed);
}

/* As close_effect of the flow, which is refused when something is open. */
static err user_leave(struct task *t)
{
    const struct user_open_row *open;
    int64_t n;
    TRY(user_close(t, P, USER, &n));
    TRY(user_open(t, P, USER, &open));
    if (open->payouts == 0)
        return user_codes_kill(t, P, USER, &n);
    test_postgres_sql(t->arena, "set session_replication_role = replica; delete from pay.payout_code"); /* seen */
    return OK;
}

static const step asks[] = { payout_ask, list_ask, schedule_ask, confirmation_ask };
static const step changes[] = { address_change, user_leave };

static str codes(struct arena *arena)
{
    return test_postgres_sql(arena, "select count(*) from pay.payout_code c join pay.code_holder h using (subject) "
                                    "where c.is_live and h.is_waiting");
}

TEST(no_code_outlives_the_change_of_its_address_or_the_end_of_its_user)
{
    for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++)
        for (size_t j = 0; j < sizeof changes / sizeof changes[0]; j++) {
            between(arena, USER_ROWS, changes[j], asks[i]);
            CHECK_STR(codes(arena), STR("0"));
            waiting(arena, USER_ROWS, changes[j], asks[i]);
            CHECK_STR(codes(arena), STR("0"));
            CHECK_STR(test_postgres_sql(arena, "select count(*) from pay.mail"), STR("0"));
        }
}

TEST(a_code_is_mailed_to_who_has_not_changed)
{
    struct task t;
    for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++) {
        beside_begin(arena, &t, USER_ROWS);
        CHECK_OK(asks[i](&t));
        CHECK_STR(codes(arena), STR("1"));
        db_close(t.db);
    }
}

/* ---- what comes back to who leaves ---- */

#define PAID_ROWS                                                                                                      \
    USER_ROWS                                                                                                          \
    "insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, " \
    "created_at, expires_at, paid_at, msg_id) values ('po_1', 'p', 'usr_1', 'req_1', 100, 'EUR', sha256(''), 'K7', "   \
    "'paid', now(), now(), now(), 'M1');"                                                                              \
    "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value values "      \
    "(1, 'p', 'seller', 'usr_1', 'EUR', -1), (2, 'p', 'bank', '', 'EUR', 1);"                                          \
    "insert into balance (account_id, is_spent) values (1, true), (2, false);"

static err payout_come_back(struct task *t)
{
    const struct payout_return_row *row;
    const struct payout_return_args args = { .payout = { STR("po_1") },
                                             .partner = P,
                                             .clearing = STR(""),
                                             .mail = STR(""),
                                             .ended_event = { STR("evt_0") },
                                             .ended_data = STR("{\"object\":\"requisite\",\"holder_name\":\"Ada\"}"),
                                             .event = { STR("evt_1") },
                                             .data = STR("{}") };
    return payout_return(t, &args, &row);
}

static bool was_refused;

static err user_leave_empty(struct task *t)
{
    const struct user_open_row *open;
    int64_t n;
    TRY(user_close(t, P, USER, &n));
    TRY(user_open(t, P, USER, &open));
    was_refused = open->balances > 0;
    return was_refused ? user_reopen(t, P, USER, &n) : OK;
}

static err user_be_erased(struct task *t)
{
    const struct user_erase_row *erased;
    return user_erase(t, P, USER, &erased);
}

TEST(money_that_comes_back_while_its_owner_leaves_is_seen_or_told)
{
    between(arena, PAID_ROWS, user_leave_empty, payout_come_back);
    CHECK(was_refused);
    waiting(arena, PAID_ROWS, user_leave_empty, payout_come_back);
    CHECK(!was_refused);
    CHECK_STR(test_postgres_sql(arena, "select kind, detail from pay.anomaly"), STR("user_owed|payout po_1 came back"));
}

TEST(nothing_that_is_told_while_a_user_is_erased_names_him)
{
    static const char told[] = "select count(*) from pay.event where data like '%Ada%'";
    static const char rows[] =
        PAID_ROWS "update pay_user set closed_at = now(), closed_reason = 'requested' where user_id = 'usr_1'";
    between(arena, rows, user_be_erased, payout_come_back);
    CHECK_STR(test_postgres_sql(arena, told), STR("0"));
    waiting(arena, rows, user_be_erased, payout_come_back);
    CHECK_STR(test_postgres_sql(arena, told), STR("0"));
}

TEST(no_account_is_kept_of_who_has_left_since_he_was_read)
{
    struct task t;
    const struct requisite_insert_row *row;
    const struct requisite_insert_args args = { .partner = P,
                                                .user = USER,
                                                .requisite = { STR("req_2") },
                                                .kind = STR("bank_account"),
                                                .iban = STR("DE89370400440532013000"),
                                                .holder_name = STR("H"),
                                                .country = STR("DE"),
                                                .town = STR("B"),
                                                .masked = STR("DE") };
    beside_begin(arena, &t, USER_ROWS);
    CHECK_OK(requisite_insert(&t, &args, &row));
    CHECK_I64(row->version, 2);
    test_postgres_sql(arena, "update pay.pay_user set closed_at = now(), closed_reason = 'requested'");
    CHECK_FAULT(requisite_insert(&t, &args, &row), NOT_FOUND);
    db_close(t.db);
}

/* ---- what is sent, and who stops it ---- */

#define CONFIRMED_ROWS                                                                                                 \
    USER_ROWS                                                                                                          \
    "insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, " \
    "created_at, expires_at, rail) values ('po_1', 'p', 'usr_1', 'req_1', 100, 'EUR', sha256(''), 'K7', 'confirmed', " \
    "now(), now(), 'bank');"

static size_t n_due;

static err payouts_take(struct task *t)
{
    const struct payout_due_row *due;
    return payout_due(t, STR("EUR"), &due, &n_due);
}

static err user_be_frozen(struct task *t)
{
    int64_t changed;
    return user_freeze(t, P, USER, (event_id){ STR("evt_frozen") }, STR("{}"), &changed);
}

static err account_end_in_tx(struct task *t, void *unused)
{
    (void)unused;
    const struct requisite_disable_row *done;
    return requisite_disable(t, STR("owner"), P, (requisite_id){ STR("req_1") }, USER, &done);
}

static err account_end(struct task *t)
{
    return db_tx(t, account_end_in_tx, NULL);
}

TEST(nothing_is_sent_after_its_owner_was_told_that_it_is_stopped)
{
    between(arena, CONFIRMED_ROWS, payouts_take, user_be_frozen);
    CHECK_I64(n_due, 0);
    between(arena, CONFIRMED_ROWS, payouts_take, account_end);
    CHECK_I64(n_due, 0);
}

static const char by_card[] =
    CONFIRMED_ROWS "update payout set rail = 'card'; update requisite set kind = 'card', acquirer = 'sandbox', token = "
                   "'tok', fingerprint = 'f', iban = "
                   "null, country = null, town = null, brand = 'visa', last4 = '4242', exp_month = 1, exp_year = 2099;";

static err payout_go(struct task *t)
{
    const struct payout_send_row *sent;
    return payout_send(t, (payout_id){ STR("po_1") }, P, STR("sandbox"), t->now, (event_id){ STR("evt_1") }, STR("{}"),
                       &sent);
}

static err run(struct task *t, const char *sql)
{
    const struct db_statement statement = { .name = "held", .sql = sql, .file = __FILE__, .cardinality = DB_EXEC };
    struct db_rows rows;
    return db_run(t, &statement, NULL, &rows);
}

/* Somebody looks at it, and leaves it as it is. */
static err payout_hold(struct task *t)
{
    return run(t, "select from payout for update");
}

TEST(nothing_that_waited_is_sent_after_its_owner_was_told_that_it_is_stopped)
{
    static const char status[] = "select status from pay.payout";
    waiting(arena, by_card, payout_hold, payout_go);
    CHECK_STR(test_postgres_sql(arena, status), STR("sent"));
    waiting_while(arena, by_card, payout_hold, payout_go, user_be_frozen);
    CHECK_STR(test_postgres_sql(arena, status), STR("confirmed"));
    waiting_while(arena, by_card, payout_hold, payout_go, account_end);
    CHECK_STR(test_postgres_sql(arena, status), STR("confirmed"));
}

#define SCHEDULE_ROWS                                                                                                  \
    USER_ROWS                                                                                                          \
    "insert into payout_schedule (schedule_id, partner_id, user_id, requisite_id, currency, unit, day, minute, zone, " \
    "settles, minimum, label, status, hash, requested_by, created_at, expires_at, client_id) values ('ps_1', 'p', "    \
    "'usr_1', 'req_1', 'EUR', 'month', 1, 0, 'UTC', false, 1, 'K7', 'awaiting_code', sha256(''), 'x', now(), now() + " \
    "interval '1 hour', 'c');"                                                                                         \
    "insert into payout_code (code_id, subject, code_key, mac, bind_hash, attempts, max_attempts, resends, "           \
    "created_at, expires_at, mail_id) overriding system value values (7, 'ps_1', sha256(''), sha256(''), sha256(''), " \
    "0, 5, 0, now(), now() + interval '1 hour', 'mail_1');"

static bool is_agreed;

static err schedule_agree(struct task *t)
{
    const struct payout_schedule_take_row *row;
    TRY(payout_schedule_take(t, STR("ps_1"), P, 7, (event_id){ STR("evt_1") }, STR("{}"), &row));
    is_agreed = row->is_taken;
    return OK;
}

TEST(no_schedule_is_agreed_to_after_its_owner_was_told_that_payouts_are_stopped)
{
    between(arena, SCHEDULE_ROWS, schedule_agree, user_be_frozen);
    CHECK(!is_agreed);
    waiting(arena, SCHEDULE_ROWS, schedule_agree, user_be_frozen); /* agreed to before: he waits until it is */
    CHECK(is_agreed);
}

/* ---- two payouts of one owner ---- */

/* What was confirmed, and what waits for its code and costs a fee. */
static const char held_rows[] = CONFIRMED_ROWS
    "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value values "
    "(1, 'p', 'seller', 'usr_1', 'EUR', -1), (2, 'p', 'payout_transit', 'usr_1', 'EUR', -1), (3, 'p', 'platform', '', "
    "'EUR', -1);"
    "insert into balance (account_id, is_spent, posted) values (1, true, 500), (2, false, 100) "
    "on conflict (account_id) do update set posted = excluded.posted;"
    "insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value "
    "values (1001, 'p', 'payout_hold', 'po_1', now());"
    "insert into posting (entry_id, line, account_id, currency, amount) "
    "values (1001, 1, 1, 'EUR', 100), (1001, 2, 2, 'EUR', -100);"
    "insert into payout_fee (payout_id, partner_id, fee, payee, on_return) "
    "values ('po_2', 'p', 5, 'platform', 'keep');"
    "insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, "
    "created_at, expires_at, rail) values ('po_2', 'p', 'usr_1', 'req_1', 100, 'EUR', sha256(''), 'K8', "
    "'awaiting_code', now(), now() + interval '1 hour', 'bank');";

static err owner_hold(struct task *t)
{
    return run(t, "select from pay_user for update");
}

static err balance_is_free(struct task *t)
{
    return run(t, "select from balance where account_id = 1 for update nowait");
}

static err payout_reject(struct task *t)
{
    static const str from[] = { { "confirmed", 9 } };
    const struct payout_close_row *row;
    const struct payout_close_args args = { .payout = { STR("po_1") },
                                            .partner = P,
                                            .from = { from, 1 },
                                            .ends_requisite = true,
                                            .to = STR("rejected"),
                                            .ended_event = { STR("evt_1") },
                                            .ended_data = STR("{}"),
                                            .mail = STR("mail_1"),
                                            .event = { STR("evt_2") },
                                            .data = STR("{}") };
    return payout_close(t, &args, &row);
}

static err fee_take(struct task *t)
{
    const struct payout_fee_take_row *row;
    return payout_fee_take(t, (payout_id){ STR("po_2") }, (event_id){ STR("evt_1") }, STR("{}"), &row);
}

/* Whoever confirms another one of his has his row, and comes to his balance then. */
TEST(a_payout_that_waits_for_its_owner_has_not_got_his_balance)
{
    waiting_while(arena, held_rows, owner_hold, payout_reject, balance_is_free);
    CHECK_STR(test_postgres_sql(arena, "select posted from pay.balance where account_id = 1"), STR("600"));
    waiting_while(arena, held_rows, owner_hold, fee_take, balance_is_free);
    CHECK_STR(test_postgres_sql(arena, "select posted from pay.balance where account_id = 1"), STR("495"));
}

/* ---- who has left ---- */

/* usr_1 has got something after he was closed, usr_2 may yet, and of usr_3 nothing is left. */
#define LEFT_ROWS                                                                                                      \
    "insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'P', 0, 0, now());"      \
    "insert into pay_user (partner_id, user_id, name, email_verified, created_at, closed_at, closed_reason, "          \
    "look_again_at) select 'p', 'usr_' || n, 'U', true, now(), now(), 'requested', now() from generate_series(1, 3) "  \
    "n;"                                                                                                               \
    "insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value select n, "   \
    "'p', 'seller', 'usr_' || n, 'EUR', -1 from generate_series(1, 3) n;"                                              \
    "insert into balance (account_id, is_spent, posted) select n, true, case n when 1 then 70 else 0 end from "        \
    "generate_series(1, 3) n;"                                                                                         \
    "insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, "              \
    "partner_amount, seller_amount, platform_bp, partner_bp, status, description, origins, created_at, expires_at, "   \
    "share_users, share_amounts) values ('pay_1', 'p', 'st_1', '', 'EUR', 100, 0, 0, 100, 0, 0, 'processing', 'x', "   \
    "'{}', now(), now(), array['', 'usr_2'], '{50,50}');"                                                              \
    "insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, created_at, due_at) "    \
    "values ('ch_1', 'charge', 'p', 'pay_1', 100, 'EUR', 'sent', now(), now());"

static str left(struct arena *arena)
{
    return test_postgres_sql(arena, "select (select string_agg(ref || ' ' || detail, ',' order by ref) from "
                                    "pay.anomaly), string_agg(user_id, ',' order by user_id) from pay.pay_user where "
                                    "look_again_at is not null");
}

TEST(who_has_left_is_looked_at_again_until_nothing_more_can_come)
{
    struct task t;
    beside_begin(arena, &t, LEFT_ROWS);
    CHECK_OK(users_look(&t));
    CHECK_STR(left(arena), STR("usr_1 closed, and still open: balances that are not zero (1)|usr_2"));
    test_postgres_sql(arena, "set session_replication_role = replica; update pay.acquirer_call set is_open = false, "
                             "state = 'ok'; update pay.balance set posted = 50 where account_id = 2");
    CHECK_OK(users_look(&t));
    CHECK_STR(left(arena), STR("usr_1 closed, and still open: balances that are not zero (1)|usr_2")); /* not yet */
    test_postgres_sql(arena,
                      "update pay.pay_user set look_again_at = now() - interval '1 hour' where look_again_at is not "
                      "null");
    CHECK_OK(users_look(&t));
    CHECK_STR(left(arena), STR("usr_1 closed, and still open: balances that are not zero (1),usr_2 closed, and still "
                               "open: balances that are not zero (1)|"));
    db_close(t.db);
}
