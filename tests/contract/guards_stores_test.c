/*
 * A statement by itself beside a serializable transaction (docs/decisions/0104-guards-between-isolation-levels.md): the
 * transaction sees what was there when it began, and a row that the statement only locked is no conflict to it.
 * Here of stores and disputes: rules that are put away, owners who leave, evidence that is taken back.
 */
#include "paysrv/faults.h"
#include "paysrv/flow/dispute/dispute.h"
#include "paysrv/flow/stores/split.h"
#include "paysrv/flow/subscription/invoice_end.h"
#include "paysrv/flow/subscription/invoice_void.h"
#include "paysrv/flow/subscription/subscription.h"
#include "paysrv/store/batch.sql.h"
#include "paysrv/store/dispute.sql.h"
#include "paysrv/store/partner.sql.h"
#include "paysrv/store/store.sql.h"
#include "paysrv/store/store_connection.sql.h"
#include "paysrv/store/subscription.sql.h"
#include "paysrv/store/user.sql.h"
#include "tests/contract/beside.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

/* ---- rules that are put away ---- */

#define STORE_ROWS                                                                                                     \
    USER_ROWS                                                                                                          \
    "insert into split_profile (partner_id, split_profile_id, name, rules, created_at) values ('p', 'spl_1', 'N', "    \
    "'[]', now());"                                                                                                    \
    "insert into store (partner_id, store_id, user_id, name, currency, created_at) values ('p', 'st_1', 'usr_1', "     \
    "'S', 'EUR', now());"                                                                                              \
    "insert into store_tariff (partner_id, tariff_id, store_id, platform_bp, partner_bp, valid_from, created_at, "     \
    "created_by) values ('p', 'trf_1', 'st_1', 0, 0, now(), now(), 'opening');"

static err profile_archive(struct task *t)
{
    bool done;
    return split_archive(t, P, STR("spl_1"), &done);
}

static err profile_be_default(struct task *t)
{
    bool done;
    return split_default(t, P, STR("spl_1"), &done);
}

static err tariff_plan(struct task *t)
{
    const struct tariff_insert_args args = { .partner = P,
                                             .split_profile_id = STR("spl_1"),
                                             .tariff = STR("trf_2"),
                                             .store = { STR("st_1") },
                                             .valid_from = instant_add(t->now, DAYS(1)),
                                             .by = STR("x") };
    int64_t made;
    return tariff_insert(t, &args, &made);
}

static err store_in_tx(struct task *t, void *unused)
{
    (void)unused;
    const struct store_insert_args args = { .partner = P,
                                            .store = { STR("st_2") },
                                            .user = USER,
                                            .name = STR("S"),
                                            .currency = STR("EUR"),
                                            .split_profile_id = STR("spl_1") };
    int64_t made;
    return store_insert(t, &args, &made);
}

static err store_make_new(struct task *t)
{
    return store_in_tx(t, NULL);
}

static err store_open_new(struct task *t)
{
    return db_tx(t, store_in_tx, NULL);
}

TEST(nothing_sells_by_rules_that_are_put_away_at_that_moment)
{
    static const step uses[] = { tariff_plan, store_make_new };
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++)
        for (int j = 0; j < 2; j++) {
            (j == 0 ? between : waiting)(arena, STORE_ROWS, uses[i], profile_archive);
            CHECK_STR(test_postgres_sql(arena,
                                        "select (select archived_at is not null from pay.split_profile) and "
                                        "exists (select from pay.store_tariff where split_profile_id = 'spl_1')"),
                      STR("f"));
        }
}

static err default_in_tx(struct task *t)
{
    int64_t changed;
    return partner_split(t, STR("spl_1"), P, &changed);
}

TEST(no_partner_begins_with_rules_that_are_put_away_at_that_moment)
{
    between(arena, STORE_ROWS, default_in_tx, profile_archive);
    CHECK_STR(test_postgres_sql(arena, "select count(*) from pay.split_profile f join pay.partner p using "
                                       "(partner_id, split_profile_id) where f.archived_at is not null"),
              STR("0"));
    struct task t;
    beside_begin(arena, &t, STORE_ROWS);
    CHECK_OK(profile_be_default(&t));
    CHECK_STR(test_postgres_sql(arena, "select split_profile_id from pay.partner"), STR("spl_1"));
    db_close(t.db);
}

/* As close_effect of the flow, which is refused when something is open. */
static err owner_leave(struct task *t)
{
    const struct user_open_row *open;
    int64_t n;
    TRY(user_close(t, P, USER, &n));
    TRY(user_open(t, P, USER, &open));
    return open->stores > 0 ? user_reopen(t, P, USER, &n) : OK;
}

TEST(no_store_opens_for_who_leaves_at_that_moment)
{
    for (int j = 0; j < 2; j++) {
        (j == 0 ? between : waiting)(arena, STORE_ROWS "delete from store_tariff; delete from store;", owner_leave,
                                     store_open_new);
        CHECK_STR(test_postgres_sql(arena, "select count(*) from pay.store join pay.pay_user u using (partner_id, "
                                           "user_id) where u.closed_at is not null"),
                  STR("0"));
    }
}

/* As he was read before: the transaction that opens it asks once more. */
TEST(no_store_opens_for_who_has_left_since_he_was_read)
{
    struct task t;
    beside_begin(arena, &t, STORE_ROWS "update pay_user set closed_at = now(), closed_reason = 'requested'");
    CHECK_OK(store_make_new(&t));
    CHECK_STR(test_postgres_sql(arena, "select count(*) from pay.store"), STR("1"));
    test_postgres_sql(arena, "update pay.pay_user set closed_at = null, closed_reason = null");
    CHECK_OK(store_make_new(&t));
    CHECK_STR(test_postgres_sql(arena, "select count(*) from pay.store"), STR("2"));
    db_close(t.db);
}

/* ---- a store that goes to another partner ---- */

static err store_go(struct task *t)
{
    int64_t n;
    return store_leave(t, (store_id){ STR("st_1") }, STR("Old@example.com"), (store_id){ STR("st_2") }, STR("usr_2"),
                       &n);
}

static err owner_move(struct task *t)
{
    const struct user_email_set_row *set;
    return user_email_set(t, P, USER, STR("new@example.com"), true, t->now, &set);
}

TEST(no_store_goes_by_a_code_to_an_address_that_is_changed_at_that_moment)
{
    between(arena, STORE_ROWS, store_go, owner_move);
    CHECK_STR(test_postgres_sql(arena, "select status from pay.store"), STR("active"));
    struct task t;
    beside_begin(arena, &t, STORE_ROWS);
    CHECK_OK(store_go(&t));
    CHECK_STR(test_postgres_sql(arena, "select status from pay.store"), STR("closed"));
    db_close(t.db);
}

/* ---- evidence ---- */

#define DISPUTE_ROWS                                                                                                   \
    USER_ROWS                                                                                                          \
    "insert into dispute (dispute_id, partner_id, payment_id, acquirer_ref, sequence, phase, status, reason, "         \
    "currency, amount, fee, fee_bearer, due_at, created_at, evidence_due_at) values ('dp_1', 'p', 'pay_1', 'dis_1', "  \
    "1, 'chargeback', 'needs_response', 'general', 'EUR', 50, 0, 'seller', now(), now(), now() + interval '1 day');"   \
    "insert into dispute_file (file_id, dispute_id, name, type, content, uploaded_by, created_at) values ('dpf_1', "   \
    "'dp_1', 'n', 'image/png', 'x', 'u', now());"

static err evidence_submit(struct task *t)
{
    bool asked;
    const struct dispute_find_row row = { .dispute_id = { STR("dp_1") } };
    const struct dispute_response what = { .accepts = false, .by = STR("x"), .due = t->now };
    return dispute_respond(t, &row, &what, &asked);
}

static err evidence_take_back(struct task *t)
{
    int64_t removed;
    return dispute_file_remove(t, STR("dpf_1"), (dispute_id){ STR("dp_1") }, &removed);
}

TEST(nothing_is_submitted_of_which_the_last_file_is_taken_back_at_that_moment)
{
    between(arena, DISPUTE_ROWS, evidence_take_back, evidence_submit);
    CHECK_STR(test_postgres_sql(arena, "select asked is not null and not exists (select from pay.dispute_file) from "
                                       "pay.dispute"),
              STR("f"));
}

/* ---- a charge by itself ---- */

/* Of three subscriptions, the invoices of which are being charged: one goes on, one has ended, one is held. */
#define INVOICE_ROWS                                                                                                   \
    STORE_ROWS                                                                                                         \
    "insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, "              \
    "partner_amount, seller_amount, platform_bp, partner_bp, status, description, origins, created_at, expires_at) "   \
    "select 'pay_' || n, 'p', 'st_1', 'usr_1', 'EUR', 100, 0, 0, 100, 0, 0, 'requires_payment_method', 'x', '{}', "    \
    "now(), now() + interval '1 day' from generate_series(1, 3) n;"                                                    \
    "insert into subscription (subscription_id, partner_id, store_id, price_id, quantity, saved_card_id, status, "     \
    "zone, anchor_local, period_n, period_start, period_end, keep_unpaid, created_at, held_from, held_at, "            \
    "canceled_at) select "                                                                                             \
    "'sub_' || n, 'p', 'st_1', 'price', 1, 'card', (array['active', 'canceled', 'paused'])[n], 'UTC', 0, 0, now(), "   \
    "now(), false, now(), case n when 3 then 'active' end, case n when 3 then now() end, case n when 2 then now() "    \
    "end from generate_series(1, 3) "                                                                                  \
    "n;"                                                                                                               \
    "insert into invoice (invoice_id, partner_id, subscription_id, kind, period_n, period_start, period_end, "         \
    "currency, total, applied, due, lines, status, payment_id, look_at, created_at) select 'inv_' || n, 'p', 'sub_' "  \
    "|| n, 'period', 0, now(), now(), 'EUR', 100, 0, 100, '[]', 'open', 'pay_' || n, now(), now() from "               \
    "generate_series(1, 3) n;"

static err charges_go(struct task *t, const char *route, const struct charges_begin_row **rows, size_t *n)
{
    struct charges_begin_item items[3];
    for (int i = 0; i < 3; i++)
        items[i] = (struct charges_begin_item){ .charge_id = arena_printf(t->arena, "ch_%d", i + 1),
                                                .payment_id = arena_printf(t->arena, "pay_%d", i + 1),
                                                .partner_id = P.v,
                                                .route = str_of(route),
                                                .key = arena_printf(t->arena, "k%d", i),
                                                .method = STR("card"),
                                                .acquirer = STR("sandbox"),
                                                .now_us = t->now.us,
                                                .due_us = t->now.us };
    return charges_begin(t, items, 3, rows, n);
}

static size_t begun(struct arena *arena, const char *route)
{
    struct task t;
    const struct charges_begin_row *rows;
    size_t n;
    beside_begin(arena, &t, INVOICE_ROWS);
    CHECK_OK(charges_go(&t, route, &rows, &n));
    CHECK(n > 0 && str_eq(rows[0].charge_id.v, STR("ch_1")));
    db_close(t.db);
    return n;
}

TEST(nothing_is_charged_by_itself_when_its_subscription_has_ended_or_is_held)
{
    CHECK_I64(begun(arena, "invoice"), 1);
    CHECK_I64(begun(arena, "/v1/payments/{payment}/confirm"), 3); /* its buyer may */
}

static size_t n_begun;

static err invoices_charge(struct task *t)
{
    const struct charges_begin_row *rows;
    return charges_go(t, "invoice", &rows, &n_begun);
}

static err run(struct task *t, const char *sql)
{
    const struct db_statement statement = { .name = "held", .sql = sql, .file = __FILE__, .cardinality = DB_EXEC };
    struct db_rows rows;
    return db_run(t, &statement, NULL, &rows);
}

/* As subscription_move; where somebody has it locked, nothing: it would wait for him. */
static err subscription_end(struct task *t)
{
    return run(t, "update subscription set status = 'canceled', canceled_at = now() where subscription_id = any (array("
                  "select subscription_id from subscription where subscription_id = 'sub_1' for no key update skip "
                  "locked))");
}

static err payment_hold(struct task *t)
{
    return run(t, "select from payment where payment_id = 'pay_1' for update");
}

TEST(nothing_begins_to_be_charged_after_its_subscription_was_ended_at_that_moment)
{
    waiting(arena, INVOICE_ROWS, subscription_end, invoices_charge);
    CHECK_I64(n_begun, 0);
    waiting_while(arena, INVOICE_ROWS, payment_hold, invoices_charge, subscription_end);
    CHECK_I64(n_begun, 1);
    CHECK_STR(test_postgres_sql(arena, "select status from pay.subscription where subscription_id = 'sub_1'"),
              STR("active")); /* whoever ends it waits */
}

/* ---- an invoice that ends while it is charged ---- */

#define ENDED_ROWS                                                                                                     \
    INVOICE_ROWS                                                                                                       \
    "insert into saved_card (saved_card_id, partner_id, store_id, payment_id, buyer, email, mandate_id, "              \
    "consent_version, consented_at, state, token, activated_at, network_reference, last4) values ('card', 'p', "       \
    "'st_1', "                                                                                                         \
    "'pay_0', 'b', 'b@example.com', 'm', "                                                                             \
    "'1', now(), 'active', '', now(), 'r', '4242');"                                                                   \
    "insert into price (price_id, partner_id, store_id, name, currency, amount, unit, unit_count, created_at) values " \
    "('price', 'p', 'st_1', 'N', 'EUR', 100, 'month', 1, now());"

static err invoice_forgive(struct task *t)
{
    err e = invoice_void(t, (invoice_id){ STR("inv_1") });
    return err_is(e, &FAULT_INVOICE_STATE) ? OK : e; /* it is being paid */
}

static err invoice_be_given_up(struct task *t)
{
    struct collection c;
    TRY(invoice_collection(t, (invoice_id){ STR("inv_1") }, &c));
    const struct invoice_ending end = invoice_not_owed(&c);
    return invoice_give_up(t, &c, &end);
}

static err subscription_look(struct task *t)
{
    return run(t, "select from subscription where subscription_id = 'sub_1' for share");
}

static err payment_is_free(struct task *t)
{
    return run(t, "select from payment where payment_id = 'pay_1' for update nowait");
}

/* Both lock the subscription first: who has to wait for it has not taken its payment yet, and no circle is closed. */
TEST(an_invoice_that_ends_waits_for_its_subscription_before_it_takes_the_payment)
{
    static const step waits[] = { invoice_forgive, invoice_be_given_up, invoices_charge };
    for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++)
        waiting_while(arena, ENDED_ROWS, subscription_look, waits[i], payment_is_free);
}

TEST(an_invoice_that_is_charged_at_that_moment_does_not_end)
{
    static const step ends[] = { invoice_forgive, invoice_be_given_up };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        n_begun = 0;
        waiting(arena, ENDED_ROWS, invoices_charge, ends[i]);
        CHECK_I64(n_begun, 1);
        CHECK_STR(test_postgres_sql(arena, "select p.status || ' ' || i.status from pay.invoice i join pay.payment p "
                                           "using (payment_id) where i.invoice_id = 'inv_1'"),
                  STR("processing open"));
    }
}

static err subscription_end_with_period(struct task *t)
{
    const struct subscription_find_row *s;
    TRY(subscription_find(t, P, (subscription_id){ STR("sub_1") }, STR_NONE, &s));
    return subscription_cancel(t, s, true, false);
}

/* He has looked before the charge began, and decides what comes of it after that. */
TEST(who_cancels_while_a_charge_begins_gets_back_what_comes_of_it)
{
    n_begun = 0;
    between(arena, ENDED_ROWS "update subscription set status = 'past_due' where subscription_id = 'sub_1';",
            subscription_end_with_period, invoices_charge);
    CHECK_I64(n_begun, 1);
    CHECK_STR(test_postgres_sql(arena, "select s.status || ' ' || p.status || ' ' || (s.refund_at is not null) from "
                                       "pay.subscription s, pay.payment p where s.subscription_id = 'sub_1' and "
                                       "p.payment_id = 'pay_1'"),
              STR("canceled processing true"));
}
