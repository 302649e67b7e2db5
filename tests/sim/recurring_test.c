/*
 * What becomes of subscriptions when something else ends, fails or comes at the same moment: the store, the refund, the
 * change, the announcement (MONEY 6.C; docs/decisions/0044, 0064). Without crashes, which scenarios.c has.
 */
#include "paysrv/faults.h"
#include "paysrv/flow/acquirer/connector.h"
#include "paysrv/flow/subscription/card_change.h"
#include "paysrv/flow/subscription/subscription.h"
#include "shared/text/json_in.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"
#include "tests/sim/reader.h"

/* ---- helpers ---- */

static str price_of(int64_t amount, const char *more)
{
    return call_member(reader_post("/v1/prices",
                                   TEXT("{\"store\":\"%.*s\",\"name\":\"Letters\",\"amount\":%lld,\"currency\":\"EUR\","
                                        "\"interval\":\"month\"%s}",
                                        STR_ARG(client_seller()->store), (long long)amount, more),
                                   201),
                       "id");
}

/* Of the newest invoice. */
static str payment_of(str subscription)
{
    const struct json_value *document;
    struct call list = { .method = GET };
    str payment;
    list.path = arena_printf(sim_memory(), "/v1/subscriptions/%.*s/invoices", STR_ARG(subscription));
    call_finish(&list);
    CHECK(json_parse(sim_memory(), list.answer, &document));
    CHECK(json_get_str(json_item(json_get(document, "data"), 0), "payment", &payment));
    return payment;
}

static int64_t anomalies(void)
{
    QUESTION(sim_unused_anomalies, "select count(*) from anomaly where kind = 'unused_not_refunded'");
    return question_ask(sim_outside(), &sim_unused_anomalies);
}

static int64_t told(void)
{
    QUESTION(sim_renewals_told, "select count(*) from subscription_notice where kind = 'renewal'");
    return question_ask(sim_outside(), &sim_renewals_told);
}

static int64_t ends_told(void)
{
    QUESTION(sim_ends_told, "select count(*) from mail where kind = 'subscription_ended'");
    return question_ask(sim_outside(), &sim_ends_told);
}

static int64_t turns_told(void)
{
    QUESTION(sim_turns_told, "select count(*) filter (where type = 'subscription.resumed') * 10"
                             " + count(*) filter (where type = 'subscription.updated') from event");
    return question_ask(sim_outside(), &sim_turns_told);
}

static const char *from_in(int64_t days)
{
    instant at = instant_of_seconds(instant_seconds(instant_add(sim_now(), DAYS(days))));
    return TEXT(",\"starts_at\":\"%.*s\"", STR_ARG(instant_iso(sim_memory(), at)));
}

/* ---- its beginning ---- */

TEST(it_is_changed_before_its_first_charge)
{
    reader_begin();
    str paid = client_subscribe(), one = reader_subscribe(paid, ""), trial = reader_subscribe(paid, from_in(1));
    int64_t before = acquirer_balance();
    reader_act(one, "change", "{\"quantity\":2}", 200);
    reader_act(trial, "change", "{\"quantity\":3}", 200); /* also in the very moment in which it was made */
    CHECK_I64(reader_row(trial)->quantity, 3);
    life_goes_on();
    CHECK_I64(acquirer_balance() - before, 2002);
    reader_days(2);
    CHECK_I64(acquirer_balance() - before, 2002 + 3003);
    client_unsubscribe(one);
    client_unsubscribe(trial);
    reader_end(paid);
}

TEST(who_keeps_what_it_is_hears_of_a_trial_that_is_over_and_of_a_late_end_of_a_pause)
{
    reader_begin();
    str paid = client_subscribe(), trial = reader_subscribe(paid, from_in(1));
    int64_t before = turns_told();
    reader_days(2);
    CHECK_STR(reader_row(trial)->status, STR("active"));
    CHECK_I64(turns_told() - before, 1);
    reader_act(paid, "pause", "{}", 200);
    reader_days(40);
    reader_act(paid, "resume", "{}", 200);
    life_goes_on();
    CHECK_I64(turns_told() - before, 11);
    client_unsubscribe(trial);
    reader_end(paid);
}

/* ---- the store ---- */

TEST(a_subscription_ends_when_its_store_is_closed)
{
    reader_begin();
    str subscription = client_subscribe();
    reader_post(TEXT("/v1/stores/%.*s/close", STR_ARG(client_seller()->store)), "{\"reason\":\"moved away\"}", 200);
    int64_t before = ends_told();
    reader_days(33);
    CHECK_STR(reader_row(subscription)->status, STR("canceled"));
    CHECK_I64(ends_told() - before, 1);
    reader_end(subscription);
}

TEST(a_subscription_ends_when_its_store_does_not_sell_for_longer_than_dunning)
{
    reader_begin();
    str subscription = client_subscribe();
    reader_post(TEXT("/v1/stores/%.*s/suspend", STR_ARG(client_seller()->store)), "{\"reason\":\"on holiday\"}", 200);
    int64_t before = ends_told();
    reader_days(36);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    CHECK_I64(ends_told() - before, 0);
    reader_days(5);
    CHECK_STR(reader_row(subscription)->status, STR("canceled"));
    CHECK_I64(ends_told() - before, 1);
    reader_end(subscription);
}

TEST(nobody_is_told_of_a_charge_that_a_store_will_not_make)
{
    reader_begin();
    int64_t before = told();
    str subscription = client_subscribe();
    str price = price_of(1001, ",\"notice_days\":5");
    reader_act(subscription, "change", TEXT("{\"price\":\"%.*s\"}", STR_ARG(price)), 200);
    reader_post(TEXT("/v1/stores/%.*s/suspend", STR_ARG(client_seller()->store)), "{\"reason\":\"on holiday\"}", 200);
    reader_days(28);
    CHECK_I64(told() - before, 0);
    reader_post(TEXT("/v1/stores/%.*s/activate", STR_ARG(client_seller()->store)), "{}", 200);
    reader_days(2);
    CHECK_I64(told() - before, 1);
    reader_end(subscription);
}

TEST(nobody_is_told_of_a_charge_of_a_store_that_has_moved)
{
    QUESTION(sim_store_moves,
             "with moved as (update store set status = 'closed', moved_to = 'st_elsewhere' where status = 'active'"
             " and exists (select from subscription s where s.store_id = store.store_id and s.status = 'active')"
             " returning 1) select count(*) from moved");
    QUESTION(sim_store_stays,
             "with stays as (update store set moved_to = null where moved_to = 'st_elsewhere' returning 1)"
             " select count(*) from stays");
    reader_begin();
    int64_t before = told();
    str subscription = client_subscribe();
    str price = price_of(1001, ",\"notice_days\":5");
    reader_act(subscription, "change", TEXT("{\"price\":\"%.*s\"}", STR_ARG(price)), 200);
    CHECK_I64(question_ask(sim_outside(), &sim_store_moves), 1);
    reader_days(28);
    CHECK_I64(told() - before, 0);
    CHECK_I64(question_ask(sim_outside(), &sim_store_stays), 1);
    reader_end(subscription);
}

/* ---- unused time ---- */

TEST(unused_time_that_the_acquirer_does_not_give_back_is_a_persons)
{
    reader_begin();
    int64_t before = anomalies();
    str subscription = client_subscribe();
    network_declines(1000);
    reader_act(subscription, "cancel", "{\"unused\":\"refund\"}", 200);
    life_goes_on();
    network_declines(0);
    CHECK_I64(anomalies() - before, 1);
    reader_end(subscription);
    CHECK_I64(acquirer_balance(), 1001);
}

TEST(unused_time_is_counted_by_what_was_paid_and_not_by_a_change_that_was_not)
{
    reader_begin();
    str subscription = client_subscribe();
    reader_days(15);
    reader_card_ends();
    str price = price_of(50000, "");
    reader_act(subscription, "change", TEXT("{\"price\":\"%.*s\"}", STR_ARG(price)), 200);
    life_goes_on();
    CHECK_STR(reader_row(subscription)->status, STR("past_due"));
    reader_act(subscription, "cancel", "{\"unused\":\"refund\"}", 200);
    reader_days(2);
    CHECK_STR(reader_row(subscription)->status, STR("canceled"));
    CHECK(acquirer_balance() > 400 && acquirer_balance() < 600); /* about half of the month was used */
    reader_end(subscription);
}

/* A large price was paid, a small one taken for the rest: what is kept comes from a payment of months ago. */
TEST(what_is_kept_is_given_back_of_payments_of_earlier_periods)
{
    reader_begin();
    str subscription = client_subscribe();
    str cheap = price_of(100, "");
    reader_act(subscription, "change", TEXT("{\"price\":\"%.*s\"}", STR_ARG(cheap)), 200);
    reader_days(40);
    CHECK_I64(reader_row(subscription)->period_n, 1);
    int64_t kept = reader_row(subscription)->balance;
    CHECK(kept > 700);
    reader_act(subscription, "cancel", "{\"unused\":\"refund\"}", 200);
    reader_days(1);
    int64_t left = acquirer_balance();
    CHECK(left <= 1001 - kept && left >= 1001 - kept - 100);
    CHECK_I64(reader_row(subscription)->balance, 0); /* and is not kept any more */
    reader_end(subscription);
}

TEST(what_was_given_back_by_hand_is_not_given_back_again)
{
    reader_begin();
    str subscription = client_subscribe();
    client_post(payment_of(subscription), "refunds", "{\"amount\":900}");
    judge_settle();
    reader_act(subscription, "cancel", "{\"unused\":\"refund\"}", 200);
    reader_days(1);
    CHECK_I64(acquirer_balance(), 0);
    reader_end(subscription);
}

TEST(what_was_given_back_by_hand_may_be_more_than_was_not_used)
{
    reader_begin();
    str subscription = client_subscribe();
    reader_days(15);
    client_post(payment_of(subscription), "refunds", "{\"amount\":900}");
    judge_settle();
    reader_act(subscription, "cancel", "{\"unused\":\"refund\"}", 200);
    reader_days(1);
    CHECK_I64(acquirer_balance(), 101);
    reader_end(subscription);
}

TEST(what_was_given_back_by_hand_is_a_part_of_what_was_not_used)
{
    reader_begin();
    str subscription = client_subscribe();
    reader_days(15);
    client_post(payment_of(subscription), "refunds", "{\"amount\":300}");
    judge_settle();
    reader_act(subscription, "cancel", "{\"unused\":\"refund\"}", 200);
    reader_days(1);
    CHECK(acquirer_balance() > 450 && acquirer_balance() < 550); /* a half of 1001, as without it */
    reader_end(subscription);
}

/* ---- the balance ---- */

TEST(what_an_unpaid_invoice_took_of_the_balance_comes_back)
{
    reader_begin();
    str subscription = client_subscribe();
    str price = price_of(900, "");
    reader_act(subscription, "change", TEXT("{\"price\":\"%.*s\"}", STR_ARG(price)), 200);
    int64_t kept = reader_row(subscription)->balance;
    CHECK(kept > 0);
    reader_days(1);
    reader_card_ends();
    reader_days(33);
    CHECK_STR(reader_row(subscription)->status, STR("past_due"));
    CHECK_I64(reader_row(subscription)->balance, 0);
    reader_act(subscription, "cancel", "{}", 200);
    reader_days(1);
    CHECK_I64(reader_row(subscription)->balance, kept);
    reader_end(subscription);
}

/* ---- by other means ---- */

TEST(whoever_pays_an_invoice_by_bank_transfer_has_the_days_that_it_takes)
{
    reader_begin();
    str subscription = client_subscribe();
    reader_card_ends();
    reader_days(32);
    str owed = client_owed(subscription);
    CHECK_I64(client_post(owed, "confirm", "{\"method\":\"bank_transfer\"}")->status, 200);
    reader_days(4); /* in which the card would have been tried twice */
    CHECK_STR(payment_status_of(owed), STR("requires_action"));
    reader_days(20);
    CHECK_STR(reader_row(subscription)->status, STR("canceled")); /* it never came */
    reader_end(subscription);
}

/* ---- at one moment ---- */

TEST(a_wish_to_end_is_not_lost_to_a_pause_or_a_renewal_of_the_same_moment)
{
    reader_begin();
    str subscription = client_subscribe();
    const struct subscription_find_row *before = reader_row(subscription);
    reader_act(subscription, "cancel", "{\"at_period_end\":true}", 200);
    CHECK(err_is(subscription_pause(sim_outside(), before), &FAULT_SUBSCRIPTION_STATE));
    CHECK(reader_row(subscription)->cancel_at_period_end);
    reader_days(33);
    CHECK_STR(reader_row(subscription)->status, STR("canceled"));
    CHECK_I64(acquirer_balance(), 1001);
    reader_end(subscription);
}

TEST(who_wants_to_end_with_the_period_ends_with_it_also_when_it_is_paused)
{
    reader_begin();
    str subscription = client_subscribe();
    reader_act(subscription, "cancel", "{\"at_period_end\":true}", 200);
    reader_act(subscription, "pause", "{}", 409); /* there is no further period that it could keep from beginning */
    reader_act(subscription, "resume", "{}", 200);
    reader_act(subscription, "pause", "{}", 200);
    reader_act(subscription, "cancel", "{\"at_period_end\":true}", 200);
    CHECK_STR(reader_row(subscription)->status, STR("active")); /* what is paid is not taken away */
    CHECK(reader_row(subscription)->cancel_at_period_end);
    reader_days(33);
    CHECK_STR(reader_row(subscription)->status, STR("canceled"));
    CHECK_I64(acquirer_balance(), 1001);
    reader_end(subscription);
}

/* ---- little ---- */

static int64_t upcoming_due(str subscription)
{
    const struct json_value *document;
    struct call next = { .method = GET };
    int64_t due;
    next.path = arena_printf(sim_memory(), "/v1/subscriptions/%.*s/upcoming", STR_ARG(subscription));
    call_finish(&next);
    CHECK(json_parse(sim_memory(), next.answer, &document) && json_get_i64(document, "amount_due", &due));
    return due;
}

TEST(less_than_a_payment_may_be_is_charged_with_the_next_invoice)
{
    reader_begin();
    str subscription = client_subscribe();
    struct money_limits *limits = &sim_app()->limits, before = *limits;
    CHECK(money_limits_parse(STR("EUR 50 1000000"), limits));
    str price = price_of(1040, "");
    reader_act(subscription, "change", TEXT("{\"price\":\"%.*s\"}", STR_ARG(price)), 200);
    CHECK(!reader_row(subscription)->has_open_invoice);
    CHECK_I64(reader_row(subscription)->balance, -39);
    CHECK_I64(upcoming_due(subscription), 39 + 1040);
    reader_days(33);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    CHECK_I64(reader_row(subscription)->balance, 0);
    CHECK_I64(acquirer_balance(), 1001 + 39 + 1040);
    *limits = before;
    reader_end(subscription);
}

/* ---- the check of a card ---- */

/* Which are more than a check. */
static void rules_ask_for_units(void)
{
    str rules = call_member(
        reader_post("/v1/split_profiles",
                    "{\"name\":\"Five each\",\"currency\":\"EUR\",\"rules\":[{\"party\":\"platform\","
                    "\"bp\":500},{\"party\":\"partner\",\"fixed\":500},{\"party\":\"seller\",\"rest\":true}]}",
                    201),
        "id");
    reader_post(TEXT("/v1/stores/%.*s/split_profile", STR_ARG(client_seller()->store)),
                TEXT("{\"split_profile\":\"%.*s\"}", STR_ARG(rules)), 200);
}

TEST(what_is_reserved_to_check_a_card_is_not_taken)
{
    reader_begin();
    str subscription = client_subscribe();
    payment_id payment;
    rules_ask_for_units();
    CHECK_OK(card_change_begin(sim_outside(), reader_row(subscription), STR("reader@example.com"),
                               STR("https://store.example"), &payment));
    str check = arena_str(sim_memory(), payment.v);
    client_post(check, "confirm", "{\"payment_token\":\"tok_ok\"}");
    CHECK_STR(payment_status_of(check), STR("requires_capture"));
    const struct call *taken = client_post(check, "capture", "{}");
    CHECK_I64(taken->status, 409);
    reader_days(1);
    CHECK_STR(payment_status_of(check), STR("canceled"));
    CHECK_I64(acquirer_balance(), 1001);
    reader_end(subscription);
}

static struct charge_grain dear_grain(str currency)
{
    (void)currency;
    return (struct charge_grain){ 175, 10 };
}

TEST(a_card_is_checked_and_unused_time_given_back_in_amounts_that_the_acquirer_moves)
{
    QUESTION(sim_checks,
             "select coalesce(max(p.amount), 0) from card_change c join payment p on p.payment_id = c.payment_id"
             " where c.is_check");
    reader_begin();
    str subscription = client_subscribe();
    struct connector dear = connector_sandbox;
    payment_id payment;
    dear.charge_grain = dear_grain;
    sim_app()->acquirers[METHOD_CARD] = &dear;
    CHECK_OK(card_change_begin(sim_outside(), reader_row(subscription), STR("reader@example.com"),
                               STR("https://store.example"), &payment));
    CHECK_I64(question_ask(sim_outside(), &sim_checks), 175);
    reader_act(subscription, "cancel", "{\"unused\":\"refund\"}", 200);
    life_goes_on();
    CHECK(acquirer_balance() < 100 && acquirer_balance() % 10 == 1); /* what is given back of 1001 is in whole steps */
    sim_app()->acquirers[METHOD_CARD] = &connector_sandbox;
    reader_end(subscription);
}

/* ---- another price ---- */

static str iso_in(int64_t days)
{
    return instant_iso(sim_memory(), instant_of_seconds(instant_seconds(instant_add(sim_now(), DAYS(days)))));
}

TEST(who_is_told_late_of_another_price_has_as_long_to_decide)
{
    reader_begin();
    str subscription = client_subscribe();
    str from = arena_str(sim_memory(), reader_row(subscription)->price_id.v), to = price_of(2000, "");
    reader_post(TEXT("/v1/prices/%.*s/migrate", STR_ARG(from)),
                TEXT("{\"to\":\"%.*s\",\"effective_at\":\"%.*s\",\"without_consent\":\"end\"}", STR_ARG(to),
                     STR_ARG(iso_in(15))),
                202);
    sim_pass(DAYS(10)); /* the servers stand still */
    life_goes_on();
    const struct subscription_find_row *s = reader_row(subscription);
    CHECK(s->next_price_at_given);
    CHECK(!instant_before(s->next_price_at, instant_add(sim_now(), HOURS(14 * 24 - 1))));
    reader_end(subscription);
}

TEST(nobody_is_told_of_another_price_whose_subscription_is_about_to_end)
{
    reader_begin();
    str subscription = client_subscribe();
    str from = arena_str(sim_memory(), reader_row(subscription)->price_id.v), to = price_of(2000, "");
    reader_act(subscription, "cancel", "{\"at_period_end\":true}", 200);
    reader_post(TEXT("/v1/prices/%.*s/migrate", STR_ARG(from)),
                TEXT("{\"to\":\"%.*s\",\"effective_at\":\"%.*s\",\"without_consent\":\"end\"}", STR_ARG(to),
                     STR_ARG(iso_in(40))),
                202);
    reader_days(2);
    CHECK(!reader_row(subscription)->next_price_at_given);
    reader_act(subscription, "resume", "{}", 200);
    reader_days(2);
    CHECK(reader_row(subscription)->next_price_at_given);
    reader_end(subscription);
}

TEST(a_price_that_nobody_agreed_to_in_this_quantity_does_not_come)
{
    reader_begin();
    str subscription = client_subscribe();
    reader_act(subscription, "change", "{\"quantity\":5}", 200);
    judge_settle();
    reader_act(subscription, "change", "{\"quantity\":1}", 200);
    str to = price_of(3000, "");
    reader_act(subscription, "price",
               TEXT("{\"to\":\"%.*s\",\"effective_at\":\"%.*s\",\"without_consent\":\"end\"}", STR_ARG(to),
                    STR_ARG(iso_in(15))),
               200);
    CHECK(reader_row(subscription)->next_price_agreed); /* 30.00 are less than the 50.05 of before */
    reader_act(subscription, "change", "{\"quantity\":2}", 200);
    CHECK(!reader_row(subscription)->next_price_at_given); /* 60.00 are more */
    reader_days(40);
    CHECK_I64(reader_row(subscription)->price_amount, 1001);
    reader_end(subscription);
}
