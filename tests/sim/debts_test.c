/*
 * Debts that are kept for who pays them later, and what no acquirer moves: subscriptions, and payouts by schedule; and
 * those that somebody else bears, and not after all (MONEY 6.A8, C23; docs/decisions/0075, 0089). Without crashes.
 */
#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/acquirer/connector.h"
#include "paysrv/flow/ledger/manual_entry.h"
#include "paysrv/flow/ledger/negative.h"
#include "paysrv/store/negative.sql.h"
#include "paysrv/store/partner.sql.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"
#include "tests/sim/reader.h"
#include "tests/sim/scenarios.h"

/* ---- a debt that is kept ---- */

/* Its buyer did not pay for forty days: unpaid since more than a week; of the second period. */
QUESTION(sim_keep_unpaid,
         "with kept as (update subscription set keep_unpaid = true returning 1) select count(*) from kept");

static str kept_unpaid(void)
{
    str subscription = client_subscribe();
    CHECK(question_ask(sim_outside(), &sim_keep_unpaid) > 0);
    reader_days(1);
    reader_card_ends();
    reader_days(43);
    CHECK_STR(reader_row(subscription)->status, STR("unpaid"));
    CHECK_STR(reader_row(subscription)->status_reason, STR("not_paid"));
    return subscription;
}

TEST(who_pays_a_debt_that_was_kept_goes_on_and_owes_nothing_for_the_time_between)
{
    reader_begin();
    str subscription = kept_unpaid();
    str owed = client_owed(subscription);
    CHECK(owed.n > 0);
    CHECK_I64(acquirer_balance(), 1001);
    sim_pass(DAYS(16)); /* the third period has begun, and nobody was billed for it */
    CHECK_I64(client_post(owed, "confirm", "{\"payment_token\":\"tok_ok\"}")->status, 200);
    CHECK_I64(acquirer_balance(), 2002);
    reader_card_comes(subscription);
    reader_days(2);
    const struct subscription_find_row *s = reader_row(subscription);
    CHECK_STR(s->status, STR("active"));
    CHECK(!str_given(s->status_reason));
    CHECK_I64(s->period_n, 2);
    CHECK(acquirer_balance() > 2002 && acquirer_balance() < 3003); /* the rest of the third */
    reader_end(subscription);
}

TEST(another_card_pays_a_debt_whose_payment_has_expired)
{
    reader_begin();
    str subscription = kept_unpaid();
    str before = client_owed(subscription);
    reader_days(40);
    CHECK_STR(payment_status_of(before), STR("expired"));
    CHECK_STR(reader_row(subscription)->status, STR("unpaid"));
    reader_card_comes(subscription);
    reader_days(2);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    CHECK_STR(payment_status_of(before), STR("expired"));
    reader_end(subscription);
}

TEST(a_debt_that_was_forgiven_is_not_asked_for_when_its_subscription_goes_on)
{
    reader_begin();
    str subscription = kept_unpaid();
    reader_act(subscription, "resume", "{}", 409); /* it is owed */
    client_post(client_owed(subscription), "cancel", "{}");
    reader_days(2);
    CHECK_STR(reader_row(subscription)->status, STR("unpaid"));
    CHECK_STR(reader_row(subscription)->status_reason, STR("payment_canceled"));
    reader_card_comes(subscription);
    reader_act(subscription, "resume", "{}", 200);
    reader_days(2);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    CHECK(acquirer_balance() > 1001 && acquirer_balance() < 2002); /* what is left of the period of now */
    reader_end(subscription);
}

TEST(a_debt_that_was_kept_outlives_a_day_on_which_its_store_does_not_sell)
{
    reader_begin();
    str subscription = kept_unpaid();
    reader_post(TEXT("/v1/stores/%.*s/suspend", STR_ARG(client_seller()->store)), "{\"reason\":\"on holiday\"}", 200);
    reader_card_comes(subscription);
    reader_days(1);
    CHECK_STR(reader_row(subscription)->status, STR("unpaid"));
    reader_post(TEXT("/v1/stores/%.*s/activate", STR_ARG(client_seller()->store)), "{}", 200);
    reader_days(2);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    reader_end(subscription);
}

TEST(a_debt_to_a_store_that_is_closed_is_void)
{
    reader_begin();
    str subscription = kept_unpaid();
    reader_post(TEXT("/v1/stores/%.*s/close", STR_ARG(client_seller()->store)), "{\"reason\":\"moved away\"}", 200);
    reader_days(3);
    CHECK_STR(reader_row(subscription)->status, STR("canceled"));
    CHECK_STR(reader_row(subscription)->status_reason, STR("store_state"));
    reader_end(subscription);
}

/* Paused before its card is declined; its payment has expired since, and its period is over. */
static str kept_while_paused(void)
{
    reader_begin();
    str subscription = client_subscribe();
    CHECK(question_ask(sim_outside(), &sim_keep_unpaid) > 0);
    reader_card_ends();
    reader_act(subscription, "change", "{\"quantity\":2}", 200);
    reader_act(subscription, "pause", "{}", 200);
    reader_days(40);
    CHECK_I64(acquirer_balance(), 1001);
    return subscription;
}

TEST(a_debt_that_was_kept_is_paid_while_its_subscription_is_paused)
{
    str subscription = kept_while_paused();
    reader_card_comes(subscription);
    reader_days(1);
    CHECK_STR(reader_row(subscription)->status, STR("paused"));
    CHECK_I64(acquirer_balance(), 2002);
    reader_end(subscription);
}

TEST(who_resumes_what_owes_a_debt_that_was_kept_pays_that_first)
{
    str subscription = kept_while_paused();
    reader_act(subscription, "resume", "{}", 200);
    CHECK_STR(reader_row(subscription)->status, STR("past_due"));
    reader_days(2);
    CHECK_STR(reader_row(subscription)->status, STR("unpaid"));
    reader_card_comes(subscription);
    reader_days(2);
    CHECK(acquirer_balance() > 2002 && acquirer_balance() < 4004); /* and what is left of the period of now, of two */
    reader_end(subscription);
}

static int64_t clock_steps(void)
{
    QUESTION(sim_clock_steps, "select sum(steps)::bigint from test_clock");
    return question_ask(sim_outside(), &sim_clock_steps);
}

static void clock_goes(int64_t days)
{
    QUESTION(sim_clocks_on_their_way, "select count(*) from test_clock where stands_at is not null");
    client_days(days);
    for (int i = 0; i < 60 && question_ask(sim_outside(), &sim_clocks_on_their_way) > 0; i++)
        life_goes_on();
    CHECK_I64(question_ask(sim_outside(), &sim_clocks_on_their_way), 0);
}

TEST(a_test_clock_does_not_stop_each_day_at_a_debt_that_was_kept)
{
    sim_begin(3);
    network_begin();
    client_begin(true);
    life_is_wide(true);
    str subscription = client_subscribe();
    CHECK(question_ask(sim_outside(), &sim_keep_unpaid) > 0);
    life_goes_on();
    reader_card_ends();
    clock_goes(60);
    CHECK_STR(reader_row(subscription)->status, STR("unpaid"));
    int64_t before = clock_steps();
    clock_goes(300);
    CHECK_STR(reader_row(subscription)->status, STR("unpaid"));
    CHECK(clock_steps() - before < 30);
    reader_end(subscription);
}

TEST(who_owes_has_the_days_that_a_suspended_partner_took_from_him)
{
    int64_t n;
    reader_begin();
    const partner_id partner = { client_seller()->partner };
    str subscription = client_subscribe();
    reader_card_ends();
    reader_days(33);
    CHECK_STR(reader_row(subscription)->status, STR("past_due"));
    CHECK_OK(partner_suspend(sim_outside(), STR("to be looked at"), partner, &n));
    reader_days(10);
    CHECK_OK(partner_suspend(sim_outside(), STR_NONE, partner, &n));
    reader_days(3);
    CHECK_STR(reader_row(subscription)->status, STR("past_due"));
    reader_days(5);
    CHECK_STR(reader_row(subscription)->status, STR("canceled"));
    reader_end(subscription);
}

/* ---- what no acquirer charges ---- */

static const char *refused(enum call_op op, str currency, int64_t amount_minor)
{
    (void)op, (void)currency;
    return amount_minor != 1001 ? NULL : "not this amount";
}

/* The acquirer of cards does not take what a period costs any more; nor is there another way to pay. */
static struct connector refusing;
static void acquirer_refuses(bool has_wallet)
{
    refusing = connector_sandbox;
    refusing.amount_wrong = refused;
    sim_app()->acquirers[METHOD_CARD] = &refusing;
    sim_app()->acquirers[METHOD_BANK_TRANSFER] = NULL;
    sim_app()->acquirers[METHOD_WALLET] = has_wallet ? &connector_wallet : NULL;
}

static void acquirer_takes_all(void)
{
    sim_app()->acquirers[METHOD_CARD] = &connector_sandbox;
    sim_app()->acquirers[METHOD_BANK_TRANSFER] = &connector_bank;
    sim_app()->acquirers[METHOD_WALLET] = &connector_wallet;
}

TEST(what_nobody_can_pay_is_tried_once_and_waits_for_a_person)
{
    QUESTION(sim_unchargeable, "select count(*) from anomaly where kind = 'invoice_unchargeable'");
    reader_begin();
    str subscription = client_subscribe();
    acquirer_refuses(false);
    reader_days(34);
    CHECK_STR(reader_row(subscription)->status, STR("paused"));
    CHECK_STR(reader_row(subscription)->status_reason, STR("method_unavailable"));
    CHECK(!reader_row(subscription)->has_open_invoice);
    CHECK_I64(question_ask(sim_outside(), &sim_unchargeable), 1);
    acquirer_takes_all();
    reader_act(subscription, "resume", "{}", 200);
    reader_days(1);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    CHECK(acquirer_balance() > 1001 && acquirer_balance() < 2002); /* the same period, from now on */
    reader_end(subscription);
}

TEST(who_cannot_be_charged_by_card_any_more_is_asked_to_pay_otherwise)
{
    reader_begin();
    str subscription = client_subscribe();
    acquirer_refuses(true);
    reader_days(33);
    CHECK_STR(reader_row(subscription)->status, STR("past_due"));
    CHECK(client_owed(subscription).n > 0);
    reader_days(8);
    CHECK_STR(reader_row(subscription)->status, STR("canceled"));
    CHECK_STR(reader_row(subscription)->status_reason, STR("not_paid"));
    acquirer_takes_all();
    reader_end(subscription);
}

TEST(a_store_that_takes_no_cards_any_more_charges_none)
{
    reader_begin();
    str subscription = client_subscribe();
    acquirer_takes_all();
    reader_post(TEXT("/v1/stores/%.*s/accept", STR_ARG(client_seller()->store)), "{\"methods\":[\"wallet\"]}", 200);
    reader_days(33);
    CHECK_STR(reader_row(subscription)->status, STR("past_due"));
    CHECK_I64(acquirer_balance(), 1001); /* of the first period: the next is asked for, and not charged */
    CHECK(client_owed(subscription).n > 0);
    reader_end(subscription);
}

TEST(a_change_that_nobody_can_pay_is_dropped_and_the_subscription_goes_on)
{
    reader_begin();
    str subscription = client_subscribe();
    acquirer_refuses(false);
    reader_act(subscription, "change", "{\"quantity\":2}", 200); /* at once: a whole period more */
    reader_days(2);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    CHECK(!reader_row(subscription)->has_open_invoice);
    CHECK_I64(acquirer_balance(), 1001);
    reader_days(32);
    CHECK_I64(acquirer_balance(), 3003); /* two of the next period */
    acquirer_takes_all();
    reader_end(subscription);
}

/* Who cancels its payment takes the change back, and ends no subscription. */
TEST(a_change_whose_payment_is_canceled_is_taken_back_and_the_subscription_goes_on)
{
    reader_begin();
    str subscription = client_subscribe();
    reader_card_ends();
    reader_act(subscription, "change", "{\"quantity\":2}", 200);
    life_goes_on();
    CHECK_STR(reader_row(subscription)->status, STR("past_due"));
    client_post(client_owed(subscription), "cancel", "{}");
    reader_days(2);
    const struct subscription_find_row *s = reader_row(subscription);
    CHECK_STR(s->status, STR("active"));
    CHECK(!str_given(s->status_reason));
    CHECK(!s->has_open_invoice);
    CHECK_I64(s->quantity, 1);
    CHECK_I64(acquirer_balance(), 1001);
    reader_card_comes(subscription);
    reader_days(32);
    CHECK_I64(acquirer_balance(), 2002); /* one of the next period */
    reader_end(subscription);
}

TEST(a_change_that_nobody_paid_is_not_credited_when_it_is_taken_back)
{
    reader_begin();
    str subscription = client_subscribe();
    acquirer_refuses(false);
    reader_act(subscription, "change", "{\"quantity\":2}", 200);
    reader_days(1);
    CHECK(!reader_row(subscription)->has_open_invoice); /* dropped */
    reader_act(subscription, "change", "{\"quantity\":1}", 200);
    CHECK_I64(reader_row(subscription)->balance, 0);
    reader_act(subscription, "cancel", "{\"unused\":\"refund\"}", 200);
    reader_days(1);
    CHECK(acquirer_balance() > 0 && acquirer_balance() < 100); /* what was used of the month */
    acquirer_takes_all();
    reader_end(subscription);
}

TEST(a_change_that_is_less_than_the_rules_ask_for_ends_no_subscription)
{
    reader_begin();
    str subscription = client_subscribe();
    str rules = call_member(
        reader_post("/v1/split_profiles",
                    "{\"name\":\"Five each\",\"currency\":\"EUR\",\"rules\":[{\"party\":\"platform\","
                    "\"bp\":500},{\"party\":\"partner\",\"fixed\":500},{\"party\":\"seller\",\"rest\":true}]}",
                    201),
        "id");
    reader_post(TEXT("/v1/stores/%.*s/split_profile", STR_ARG(client_seller()->store)),
                TEXT("{\"split_profile\":\"%.*s\"}", STR_ARG(rules)), 200);
    str price =
        call_member(reader_post("/v1/prices",
                                TEXT("{\"store\":\"%.*s\",\"name\":\"Letters\",\"amount\":1040,\"currency\":\"EUR\","
                                     "\"interval\":\"month\"}",
                                     STR_ARG(client_seller()->store)),
                                201),
                    "id");
    reader_act(subscription, "change", TEXT("{\"price\":\"%.*s\"}", STR_ARG(price)), 200);
    reader_days(9);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    CHECK(!reader_row(subscription)->has_open_invoice);
    reader_days(24);
    CHECK_I64(acquirer_balance(), 1001 + 1040);
    reader_end(subscription);
}

TEST(a_schedule_in_a_currency_that_is_paid_out_no_more_pauses_after_one_try)
{
    QUESTION(sim_schedules_in_dollars,
             "with changed as (update payout_schedule set currency = 'USD' where status = 'active' returning 1)"
             " select count(*) from changed");
    QUESTION(sim_schedules_paused,
             "select count(*) from payout_schedule where status = 'paused' and reason = 'currency_unavailable'");
    QUESTION(sim_schedule_runs, "select count(*) from payout_schedule_run where outcome = 'currency_unavailable'");
    QUESTION(sim_schedules_told,
             "select count(*) from event where type = 'payout_schedule.paused' and data like '%currency_unavailable%'");
    reader_begin();
    struct call *asked = schedule_ask(0);
    call_finish(asked);
    struct call *confirmed = payout_confirm_ask(asked);
    call_finish(confirmed);
    CHECK_I64(confirmed->status, 200);
    CHECK_I64(question_ask(sim_outside(), &sim_schedules_in_dollars), 1);
    reader_days(4);
    CHECK_I64(question_ask(sim_outside(), &sim_schedules_paused), 1);
    CHECK_I64(question_ask(sim_outside(), &sim_schedule_runs), 1);
    CHECK_I64(question_ask(sim_outside(), &sim_schedules_told), 1);
    schedules_end();
    judge_end();
}

/* ---- a store of the partner itself ---- */

/* One alone may write off less than all of it, however many times that is; then it takes two, whoever asks. */
static void relieved_by_two(const struct relief *all)
{
    struct task *t = sim_outside();
    struct app *app = t->app;
    const int64_t before = app->config.manual_entry_approve_from;
    struct relief part = *all;
    bool done;
    str waits;
    app->config.manual_entry_approve_from = all->amount_minor;
    part.amount_minor = all->amount_minor - 10;
    CHECK_OK(write_off_make(t, &part, &done, &waits));
    CHECK(done && !str_given(waits));
    struct manual_entry elsewhere = { .kind = "resolve",
                                      .object = STR("1"),
                                      .partner = all->partner,
                                      .user = { STR("usr_of_another_account") },
                                      .currency = all->currency,
                                      .amount_minor = 10,
                                      .borne_by = STR("suspense"),
                                      .reason = STR("agreed"),
                                      .by = all->by,
                                      .by_name = all->by };
    CHECK_OK(manual_entry_ask(t, &elsewhere, &waits));
    CHECK(str_given(waits)); /* the same person on another account */
    elsewhere.object = STR("2");
    elsewhere.by = part.by = STR("operator of the night");
    CHECK_OK(manual_entry_ask(t, &elsewhere, &waits));
    CHECK(!str_given(waits));
    part.amount_minor = 10;
    CHECK_OK(write_off_make(t, &part, &done, &waits));
    CHECK(!done && str_given(waits)); /* another person on the same account */
    const struct manual_entry_list_row *row;
    const struct operator_decision own = { part.by, part.by, STR_NONE, true };
    CHECK(err_is(manual_entry_decision(t, waits, &own, &row), &FAULT_FOUR_EYES));
    const struct operator_decision second = { all->by, all->by, STR_NONE, true };
    CHECK_OK(manual_entry_decision(t, waits, &second, &row));
    CHECK_STR(row->status, STR("booked"));
    app->config.manual_entry_approve_from = before;
}

QUESTION(sim_own_sales_owe,
         "select coalesce(-min(b.posted), 0)::bigint from balance b join account a on a.account_id = b.account_id"
         " where a.kind = 'seller' and a.user_id = '' and b.posted < 0");

/* A mistaken write-off is booked back by two, once, and then is owed again. */
static void undone_by_two(const struct relief *all)
{
    struct task *t = sim_outside();
    struct app *app = t->app;
    const struct write_offs_of_user_row *written_off;
    size_t n;
    CHECK_OK(write_offs_of_user(t, all->partner, all->user, 10, &written_off, &n));
    CHECK_I64(n, 2);
    CHECK_I64(written_off[1].left_over, all->amount_minor - 10);
    const int64_t before = app->config.manual_entry_approve_from;
    const struct undoing mistake = {
        .write_off = written_off[1].relief_id, .reason = STR("the wrong seller"), .by = all->by, .by_name = all->by
    };
    struct undoing unknown = mistake;
    struct relief done;
    const struct manual_entry_list_row *row;
    str waits, again;
    unknown.write_off = STR("brl_none");
    CHECK(err_is(write_off_undo(t, &unknown, &done, &waits), &FAULT_NOT_FOUND));
    app->config.manual_entry_approve_from = 1;
    CHECK_OK(write_off_undo(t, &mistake, &done, &waits));
    CHECK(str_given(waits));
    CHECK_OK(write_off_undo(t, &mistake, &done, &again));
    CHECK_STR(again, waits);
    const struct operator_decision own = { all->by, all->by, STR_NONE, true };
    CHECK(err_is(manual_entry_decision(t, waits, &own, &row), &FAULT_FOUR_EYES));
    const struct operator_decision second = { STR("operator of the night"), STR("operator of the night"), STR_NONE,
                                              true };
    CHECK_OK(manual_entry_decision(t, waits, &second, &row));
    CHECK_STR(row->status, STR("booked"));
    CHECK_I64(question_ask(t, &sim_own_sales_owe), all->amount_minor - 10);
    CHECK(err_is(write_off_undo(t, &mistake, &done, &waits), &FAULT_MANUAL_ENTRY_STATE));
    app->config.manual_entry_approve_from = before;
}

void own_sales_relieved(void)
{
    reader_begin();
    str store = call_member(
        reader_post("/v1/stores", "{\"name\":\"Own\",\"owner\":\"partner\",\"currency\":\"EUR\"}", 201), "id");
    str payment = call_member(
        reader_post("/v1/payments",
                    TEXT("{\"store\":\"%.*s\",\"amount\":1001,\"currency\":\"EUR\",\"description\":\"A month\"}",
                         STR_ARG(store)),
                    201),
        "id");
    client_post(payment, "confirm", "{\"payment_token\":\"tok_ok\"}");
    CHECK(bank_disputes(false));
    judge_settle();
    CHECK(bank_decides(true));
    judge_settle();
    const struct relief relief = { .partner = { client_seller()->partner },
                                   .user = { STR("") },
                                   .currency = STR("EUR"),
                                   .amount_minor = question_ask(sim_outside(), &sim_own_sales_owe),
                                   .is_write_off = true,
                                   .borne_by = STR("platform"),
                                   .reason = STR("agreed"),
                                   .by = STR("operator of the day") };
    CHECK(relief.amount_minor > 10);
    relieved_by_two(&relief);
    undone_by_two(&relief);
    judge_end();
}

TEST(what_the_partners_own_sales_owe_can_be_relieved)
{
    own_sales_relieved();
}
