/*
 * What a chargeback does to a subscription and to the card that is kept, and subscriptions that end at a moment
 * (MONEY 6.A7, 6.C; docs/decisions/0090). Without crashes.
 */
#include "paysrv/flow/subscription/subscription.h"
#include "shared/text/json_in.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"
#include "tests/sim/reader.h"

/* ---- helpers ---- */

static const char *const paid_for_nothing = "product_not_received";

static int64_t mails_before;

static int64_t mails(void)
{
    QUESTION(sim_disputed_mails, "select count(*) from mail where kind = 'subscription_disputed'");
    return question_ask(sim_outside(), &sim_disputed_mails);
}

/* A reader with a subscription, by the word of his store, whose bank takes the first payment back. */
static str disputed(const char *policy, const char *reason)
{
    reader_begin();
    mails_before = mails();
    str subscription = client_subscribe();
    reader_post(TEXT("/v1/stores/%.*s/billing", STR_ARG(client_seller()->store)),
                TEXT("{\"mails_receipts\":false,\"on_dispute\":\"%s\"}", policy), 200);
    bank_disputes_because(reason);
    CHECK(bank_disputes(false));
    life_goes_on();
    return subscription;
}

static str member_of_first(const char *path, const char *name)
{
    const struct json_value *document;
    struct call list = { .method = GET, .path = str_of(path) };
    str value = STR_NONE;
    call_finish(&list);
    CHECK(json_parse(sim_memory(), list.answer, &document));
    json_get_str(json_item(json_get(document, "data"), 0), name, &value);
    return value;
}

static str invoice_mark(str subscription)
{
    return member_of_first(TEXT("/v1/subscriptions/%.*s/invoices", STR_ARG(subscription)), "dispute");
}

static str card_status(str subscription)
{
    struct call read = { .method = GET };
    read.path = arena_printf(sim_memory(), "/v1/saved_cards/%.*s", STR_ARG(reader_row(subscription)->saved_card_id.v));
    call_finish(&read);
    return call_member(&read, "status");
}

/* Of this type about that object. */
static size_t events(const char *type, str about)
{
    const struct json_value *document;
    struct call list = { .method = GET, .path = STR("/v1/events") };
    list.query = arena_printf(sim_memory(), "type=%s&about=%.*s", type, STR_ARG(about));
    call_finish(&list);
    CHECK(json_parse(sim_memory(), list.answer, &document));
    return json_size(json_get(document, "data"));
}

static int64_t number_of(str subscription, const char *step, const char *member)
{
    const struct json_value *document;
    struct call next = { .method = GET };
    int64_t n = -1;
    next.path = arena_printf(sim_memory(), "/v1/subscriptions/%.*s/%s", STR_ARG(subscription), step);
    call_finish(&next);
    CHECK(json_parse(sim_memory(), next.answer, &document));
    json_get_i64(document, member, &n);
    return n;
}

static str iso_at(instant at)
{
    return instant_iso(sim_memory(), at);
}

/* ---- paused ---- */

static int64_t given_back(str subscription)
{
    QUESTION_ABOUT(sim_disputed_refunds,
                   "select coalesce(sum(r.amount), 0)::bigint from refund r join invoice i using (payment_id)"
                   " where i.subscription_id = $1 and r.status = 'succeeded'");
    return question_about(sim_outside(), &sim_disputed_refunds, subscription);
}

/* As long as the bank asks, and a seller owes its fee, nothing is; longer than what is tried without a dispute. */
TEST(unused_time_of_a_disputed_payment_is_given_back_when_that_is_won)
{
    str subscription = disputed("pause", paid_for_nothing);
    reader_act(subscription, "cancel", "{\"unused\":\"refund\"}", 200);
    reader_days(10);
    CHECK_I64(given_back(subscription), 0);
    CHECK(bank_decides(false));
    reader_days(2);
    for (int i = 0; i < 5; i++)
        CHECK_I64(client_post(payment_make(""), "confirm", "{\"payment_token\":\"tok_ok\"}")->status, 200);
    reader_days(2);
    int64_t given = given_back(subscription);
    CHECK(given > 800 && given <= 1001);
    reader_end(subscription);
}

static void keys_are_forgotten(void)
{
    QUESTION(sim_keys_forgotten,
             "with gone as (delete from idempotency where status is not null returning 1) select count(*) from gone");
    CHECK(question_ask(sim_outside(), &sim_keys_forgotten) > 0);
}

/* Its two parts are of two payments, and a bank has the newer one for longer than any key is known. */
TEST(unused_time_is_given_back_once_however_long_a_bank_has_another_part_of_it)
{
    reader_begin();
    str subscription = client_subscribe();
    reader_post(TEXT("/v1/stores/%.*s/billing", STR_ARG(client_seller()->store)),
                "{\"mails_receipts\":false,\"on_dispute\":\"continue\"}", 200);
    bank_disputes_because(paid_for_nothing);
    reader_days(15);
    reader_act(subscription, "change", "{\"quantity\":2}", 200);
    life_goes_on();
    CHECK(bank_disputes_last());
    life_goes_on();
    for (int i = 0; i < 5; i++)
        CHECK_I64(client_post(payment_make(""), "confirm", "{\"payment_token\":\"tok_ok\"}")->status, 200);
    reader_act(subscription, "cancel", "{\"unused\":\"refund\"}", 200);
    reader_days(2);
    int64_t given = given_back(subscription);
    CHECK(given > 400 && given < 600);
    keys_are_forgotten();
    reader_days(2);
    CHECK_I64(given_back(subscription), given);
    reader_end(subscription);
}

TEST(of_a_disputed_payment_that_is_lost_nothing_is_given_back)
{
    str subscription = disputed("pause", paid_for_nothing);
    reader_act(subscription, "cancel", "{\"unused\":\"refund\"}", 200);
    reader_days(2);
    int64_t before = acquirer_balance();
    CHECK(bank_decides(true));
    reader_days(2);
    CHECK_I64(acquirer_balance() - before, 0);
    CHECK(!reader_row(subscription)->has_open_invoice);
    reader_end(subscription);
}

TEST(a_chargeback_pauses_a_subscription_which_goes_on_when_it_is_won)
{
    str subscription = disputed("pause", paid_for_nothing);
    CHECK_STR(reader_row(subscription)->status, STR("paused"));
    CHECK_STR(reader_row(subscription)->status_reason, STR("disputed"));
    CHECK_STR(invoice_mark(subscription), STR("open"));
    CHECK_I64(mails() - mails_before, 1);
    reader_days(40);
    CHECK_I64(reader_row(subscription)->period_n, 0); /* nobody is charged whose bank is asked */
    CHECK(bank_decides(false));
    reader_days(2);
    const struct subscription_find_row *s = reader_row(subscription);
    CHECK_STR(s->status, STR("active"));
    CHECK(!str_given(s->status_reason) && !str_given(s->held_from));
    CHECK_I64(s->period_n, 1);
    CHECK(acquirer_balance() > 1001 - 1500 && acquirer_balance() < 2002 - 1500); /* the rest of it, less the fee */
    CHECK_I64(mails() - mails_before, 2);
    CHECK_I64((int64_t)events("subscription.resumed", subscription), 1);
    reader_end(subscription);
}

TEST(a_chargeback_that_is_lost_ends_what_it_has_paused)
{
    str subscription = disputed("pause", paid_for_nothing);
    CHECK(bank_decides(true));
    reader_days(1);
    CHECK_STR(reader_row(subscription)->status, STR("canceled"));
    CHECK_STR(reader_row(subscription)->status_reason, STR("disputed"));
    CHECK_STR(invoice_mark(subscription), STR("lost"));
    CHECK_STR(card_status(subscription), STR("active")); /* nobody says that he did not agree to it */
    reader_days(40);
    CHECK_I64(reader_row(subscription)->period_n, 0);
    reader_end(subscription);
}

TEST(whoever_resumes_a_disputed_subscription_has_said_that_it_goes_on)
{
    str subscription = disputed("pause", paid_for_nothing);
    reader_act(subscription, "resume", "{}", 200);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    CHECK(bank_decides(true));
    reader_days(33);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    CHECK_I64(reader_row(subscription)->period_n, 1);
    reader_end(subscription);
}

TEST(an_end_that_is_asked_for_lets_nothing_go_on_that_a_dispute_has_paused)
{
    str subscription = disputed("pause", paid_for_nothing);
    instant at = instant_add(sim_now(), DAYS(90));
    reader_act(subscription, "cancel", TEXT("{\"cancel_at\":\"%.*s\"}", STR_ARG(iso_at(at))), 200);
    CHECK_STR(reader_row(subscription)->held_from, STR("active"));
    CHECK_STR(reader_row(subscription)->status_reason, STR("disputed"));
    reader_days(2);
    CHECK(bank_decides(false));
    reader_days(2);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    CHECK(reader_row(subscription)->cancel_at_given);
    reader_end(subscription);
}

TEST(one_that_was_paused_before_stays_so_when_its_dispute_is_won)
{
    reader_begin();
    mails_before = mails();
    str subscription = client_subscribe();
    reader_act(subscription, "pause", "{}", 200);
    bank_disputes_because(paid_for_nothing);
    CHECK(bank_disputes(false));
    life_goes_on();
    CHECK_STR(reader_row(subscription)->held_from, STR("paused"));
    CHECK(bank_decides(false));
    reader_days(33);
    const struct subscription_find_row *s = reader_row(subscription);
    CHECK_STR(s->status, STR("paused"));
    CHECK(!str_given(s->held_from) && !str_given(s->status_reason) && s->period_n == 0);
    CHECK_I64(mails() - mails_before, 0);
    CHECK_I64((int64_t)events("subscription.resumed", subscription), 0);
    reader_act(subscription, "resume", "{}", 200);
    reader_end(subscription);
}

TEST(the_days_of_a_debt_stand_still_while_a_dispute_is_open)
{
    reader_begin();
    str subscription = client_subscribe();
    reader_days(1);
    reader_card_ends();
    reader_days(33);
    CHECK_STR(reader_row(subscription)->status, STR("past_due"));
    str owed = client_owed(subscription);
    bank_disputes_because(paid_for_nothing);
    CHECK(bank_disputes(false));
    reader_days(45); /* longer than dunning, and than a payment lives */
    CHECK_STR(reader_row(subscription)->status, STR("paused"));
    CHECK_STR(payment_status_of(owed), STR("expired"));
    CHECK(bank_decides(false));
    reader_days(1);
    CHECK_STR(reader_row(subscription)->status, STR("past_due"));
    str again = client_owed(subscription);
    CHECK(again.n > 0 && !str_eq(again, owed));
    int64_t shown = number_of(subscription, "upcoming", "amount_due");
    CHECK(shown > 0 && shown < 1001); /* what is left of the period of now, once it is paid */
    CHECK_I64(client_post(again, "confirm", "{\"payment_token\":\"tok_ok\"}")->status, 200);
    reader_card_comes(subscription);
    reader_days(1);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    CHECK_I64(acquirer_balance(), 2002 - 1500 + shown);
    reader_end(subscription);
}

/* ---- going on, and ended ---- */

TEST(by_another_word_a_subscription_goes_on_in_spite_of_a_chargeback)
{
    str subscription = disputed("continue", paid_for_nothing);
    CHECK_STR(invoice_mark(subscription), STR("open"));
    reader_days(33);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    CHECK_I64(reader_row(subscription)->period_n, 1);
    CHECK_I64(mails() - mails_before, 0);
    reader_end(subscription);
}

TEST(by_another_word_a_chargeback_ends_a_subscription_for_good)
{
    str subscription = disputed("cancel", paid_for_nothing);
    CHECK_STR(reader_row(subscription)->status, STR("canceled"));
    CHECK_STR(reader_row(subscription)->status_reason, STR("disputed"));
    CHECK(bank_decides(false));
    reader_days(33);
    CHECK_STR(reader_row(subscription)->status, STR("canceled"));
    CHECK_STR(invoice_mark(subscription), STR("won"));
    reader_end(subscription);
}

/* ---- the card ---- */

TEST(a_card_whose_holder_denies_a_charge_is_not_charged_until_that_is_decided)
{
    str subscription = disputed("continue", "fraudulent");
    str card = arena_str(sim_memory(), reader_row(subscription)->saved_card_id.v);
    CHECK_STR(card_status(subscription), STR("blocked"));
    CHECK_I64((int64_t)events("saved_card.blocked", card), 1);
    reader_days(33);
    CHECK_STR(reader_row(subscription)->status, STR("past_due")); /* he is asked to come */
    CHECK(bank_decides(false));
    life_goes_on();
    CHECK_STR(card_status(subscription), STR("active"));
    reader_end(subscription);
}

static str newest_invoice(str subscription)
{
    return member_of_first(TEXT("/v1/subscriptions/%.*s/invoices", STR_ARG(subscription)), "id");
}

/* How often it was to be charged. */
static int64_t calls_of(str invoice)
{
    QUESTION_ABOUT(sim_invoice_calls, "select count(*) from acquirer_call c join invoice i using (payment_id)"
                                      " where i.invoice_id = $1");
    return question_about(sim_outside(), &sim_invoice_calls, invoice);
}

/* Nobody has asked its issuer, so what is due with it meanwhile is no decline. */
TEST(a_card_whose_holder_denies_a_charge_waits_in_other_subscriptions_too_and_is_charged_when_that_is_won)
{
    reader_begin();
    str subscription = client_subscribe();
    str other = reader_subscribe(subscription,
                                 TEXT(",\"starts_at\":\"%.*s\"", STR_ARG(iso_at(instant_add(sim_now(), DAYS(3))))));
    bank_disputes_because("fraudulent");
    CHECK(bank_disputes(false));
    reader_days(6);
    CHECK_STR(reader_row(subscription)->status, STR("paused"));
    CHECK_STR(reader_row(other)->status, STR("past_due"));
    str invoice = newest_invoice(other);
    CHECK_I64((int64_t)events("invoice.action_required", invoice), 1);
    CHECK_I64((int64_t)events("invoice.payment_failed", invoice), 0);
    CHECK_I64(calls_of(invoice), 0);
    reader_post(TEXT("/v1/invoices/%.*s/retry", STR_ARG(invoice)), "{}", 409);
    CHECK(bank_decides(false));
    reader_days(1);
    CHECK_STR(card_status(subscription), STR("active"));
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    CHECK_STR(reader_row(other)->status, STR("active"));
    CHECK_I64(calls_of(invoice), 1);
    CHECK_I64((int64_t)events("invoice.paid", invoice), 1);
    reader_act(other, "cancel", "{}", 200);
    reader_end(subscription);
}

/* Whatever reason his bank has for it at the end. */
TEST(a_card_whose_holder_was_right_is_kept_no_more)
{
    str subscription = disputed("continue", "fraudulent");
    bank_disputes_because(paid_for_nothing);
    CHECK(bank_decides(true));
    reader_days(33);
    CHECK_STR(card_status(subscription), STR("withdrawn"));
    CHECK_STR(reader_row(subscription)->status, STR("past_due"));
    CHECK_I64(reader_act(subscription, "card",
                         TEXT("{\"saved_card\":\"%.*s\"}", STR_ARG(reader_row(subscription)->saved_card_id.v)), 422)
                  ->status,
              422);
    reader_end(subscription);
}

TEST(a_card_whose_holder_denies_a_charge_is_kept_when_another_dispute_of_it_is_lost)
{
    str subscription = disputed("continue", paid_for_nothing);
    reader_days(33);
    bank_disputes_because("fraudulent");
    CHECK(bank_disputes_last());
    life_goes_on();
    CHECK_STR(card_status(subscription), STR("blocked"));
    bank_disputes_because(paid_for_nothing);
    CHECK(bank_decides(true));
    life_goes_on();
    CHECK_STR(card_status(subscription), STR("blocked"));
    CHECK(bank_decides(false));
    life_goes_on();
    CHECK_STR(card_status(subscription), STR("active"));
    reader_end(subscription);
}

/* ---- at a moment ---- */

TEST(what_ends_at_a_moment_gives_back_then_what_was_shown)
{
    reader_begin();
    str subscription = client_subscribe();
    instant at = instant_add(sim_now(), DAYS(10));
    reader_act(subscription, "cancel", TEXT("{\"cancel_at\":\"%.*s\",\"unused\":\"refund\"}", STR_ARG(iso_at(at))),
               200);
    int64_t shown = number_of(subscription, "upcoming", "refund");
    CHECK(shown > 600 && shown < 700);
    reader_days(9);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    sim_pass(DAYS(3)); /* late */
    reader_days(1);
    CHECK_STR(reader_row(subscription)->status, STR("canceled"));
    CHECK_I64(instant_seconds(reader_row(subscription)->canceled_at), instant_seconds(at));
    CHECK_I64(acquirer_balance(), 1001 - shown);
    reader_end(subscription);
}

TEST(the_last_period_of_what_ends_at_a_moment_is_charged_until_then)
{
    reader_begin();
    str subscription = client_subscribe();
    instant at = instant_add(reader_row(subscription)->period_end, DAYS(10));
    at = instant_of_seconds(instant_seconds(at));
    reader_act(subscription, "cancel", TEXT("{\"cancel_at\":\"%.*s\",\"unused\":\"refund\"}", STR_ARG(iso_at(at))),
               200);
    int64_t shown = number_of(subscription, "upcoming", "amount_due");
    CHECK(shown > 300 && shown < 400);
    reader_days(33);
    CHECK_I64(reader_row(subscription)->period_n, 1);
    CHECK_I64(instant_seconds(reader_row(subscription)->period_end), instant_seconds(at));
    CHECK_I64(acquirer_balance(), 1001 + shown);
    CHECK_I64(number_of(subscription, "upcoming", "refund"), 0);
    reader_act(subscription, "resume", "{}", 409); /* the rest of the period was not charged */
    str price = call_member(reader_post("/v1/prices",
                                        TEXT("{\"store\":\"%.*s\",\"name\":\"Letters\",\"amount\":2002,\"currency\":"
                                             "\"EUR\",\"interval\":\"month\"}",
                                             STR_ARG(client_seller()->store)),
                                        201),
                            "id");
    reader_act(subscription, "change", TEXT("{\"price\":\"%.*s\"}", STR_ARG(price)), 200);
    judge_settle();
    CHECK(acquirer_balance() > 1001 + shown && acquirer_balance() < 1001 + 2 * shown); /* until then, too */
    reader_days(10);
    CHECK_STR(reader_row(subscription)->status, STR("canceled"));
    CHECK(acquirer_balance() > 1001 + shown && acquirer_balance() < 1001 + 2 * shown);
    reader_end(subscription);
}

TEST(what_ends_at_a_moment_keeps_what_is_paid_when_nothing_else_was_asked_for)
{
    reader_begin();
    str subscription = client_subscribe();
    instant at = instant_add(reader_row(subscription)->period_end, DAYS(10));
    reader_act(subscription, "cancel", TEXT("{\"cancel_at\":\"%.*s\"}", STR_ARG(iso_at(at))), 200);
    reader_days(33);
    CHECK_I64(acquirer_balance(), 2002);
    reader_act(subscription, "resume", "{}", 200);
    CHECK(!reader_row(subscription)->cancel_at_given);
    reader_act(subscription, "cancel", TEXT("{\"cancel_at\":\"%.*s\"}", STR_ARG(iso_at(at))), 200);
    reader_days(10);
    CHECK_STR(reader_row(subscription)->status, STR("canceled"));
    CHECK_I64(acquirer_balance(), 2002);
    reader_end(subscription);
}

TEST(after_a_time_without_a_server_the_periods_before_the_moment_are_charged)
{
    reader_begin();
    str subscription = client_subscribe();
    instant at = instant_add(reader_row(subscription)->period_end, DAYS(40));
    reader_act(subscription, "cancel", TEXT("{\"cancel_at\":\"%.*s\",\"unused\":\"refund\"}", STR_ARG(iso_at(at))),
               200);
    sim_pass(DAYS(80));
    reader_days(2);
    const struct subscription_find_row *s = reader_row(subscription);
    CHECK_STR(s->status, STR("canceled"));
    CHECK_I64(s->period_n, 2);
    CHECK(acquirer_balance() > 2002 + 250 && acquirer_balance() < 2002 + 400); /* two periods and nine days */
    reader_end(subscription);
}

TEST(what_is_paused_or_past_due_ends_at_its_moment_too)
{
    reader_begin();
    str subscription = client_subscribe();
    instant at = instant_add(sim_now(), DAYS(35));
    reader_act(subscription, "cancel", TEXT("{\"cancel_at\":\"%.*s\"}", STR_ARG(iso_at(at))), 200);
    reader_act(subscription, "pause", "{}", 200);
    reader_days(36);
    CHECK_STR(reader_row(subscription)->status, STR("canceled"));
    reader_end(subscription);
    reader_begin();
    subscription = client_subscribe();
    at = instant_add(sim_now(), DAYS(35));
    reader_act(subscription, "cancel", TEXT("{\"cancel_at\":\"%.*s\"}", STR_ARG(iso_at(at))), 200);
    reader_days(1);
    reader_card_ends();
    reader_days(33);
    CHECK_STR(reader_row(subscription)->status, STR("past_due"));
    reader_days(2);
    CHECK_STR(reader_row(subscription)->status, STR("canceled"));
    CHECK(!reader_row(subscription)->has_open_invoice);
    reader_end(subscription);
}
