/*
 * Invoices that their partner forgives, whose subscriptions go on; what comes at the same moment; and a change that is
 * none (MONEY 6.C 22, 23; docs/decisions/0085). Without crashes.
 */
#include "paysrv/faults.h"
#include "paysrv/flow/subscription/invoice_end.h"
#include "paysrv/flow/subscription/invoice_void.h"
#include "paysrv/store/invoice.sql.h"
#include "shared/text/json_in.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"
#include "tests/sim/plays.h"
#include "tests/sim/reader.h"

/* ---- helpers ---- */

static struct call *forgive(str invoice, int status)
{
    return reader_post(TEXT("/v1/invoices/%.*s/void", STR_ARG(invoice)), NULL, status);
}

/* The second month is not paid. */
static str behind(void)
{
    reader_begin();
    str subscription = client_subscribe();
    reader_days(1);
    reader_card_ends();
    reader_days(32);
    CHECK_STR(reader_row(subscription)->status, STR("past_due"));
    return subscription;
}

/* A digit for each, in their order. */
static int64_t events_of(str invoice)
{
    QUESTION_ABOUT(sim_forgiven_events,
                   "select coalesce(string_agg(case type when 'invoice.created' then '1' when 'invoice.payment_failed' "
                   "then '2' when 'invoice.paid' then '3' when 'invoice.void' then '4' when 'invoice.uncollectible' "
                   "then '5' else '9' end, '' order by sequence), '0')::bigint from event where object_id = $1");
    return question_about(sim_outside(), &sim_forgiven_events, invoice);
}

static str price_of(int64_t amount)
{
    return call_member(reader_post("/v1/prices",
                                   TEXT("{\"store\":\"%.*s\",\"name\":\"Letters\",\"amount\":%lld,\"currency\":\"EUR\","
                                        "\"interval\":\"month\"}",
                                        STR_ARG(client_seller()->store), (long long)amount),
                                   201),
                       "id");
}

static int64_t invoices(str subscription)
{
    QUESTION_ABOUT(sim_forgiven_invoices, "select count(*) from invoice where subscription_id = $1");
    return question_about(sim_outside(), &sim_forgiven_invoices, subscription);
}

/* ---- it goes on ---- */

TEST(what_is_forgiven_counts_as_given_and_the_next_period_is_charged)
{
    str subscription = behind(), invoice = client_owed_invoice(subscription), payment = client_owed(subscription);
    const struct call *said = forgive(invoice, 200);
    CHECK_STR(call_member(said, "status"), STR("void"));
    CHECK_STR(call_member(said, "status_reason"), STR("forgiven"));
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    CHECK_STR(payment_status_of(payment), STR("canceled"));
    CHECK_STR(call_member(forgive(invoice, 200), "status"), STR("void")); /* what was wanted is so */
    reader_card_comes(subscription);
    reader_act(subscription, "pause", "{}", 200);
    reader_act(subscription, "resume", "{}", 200);
    reader_days(2);
    CHECK_I64(acquirer_balance(), 1001); /* also after a pause */
    reader_days(28);
    CHECK_I64(reader_row(subscription)->period_n, 2);
    CHECK_I64(acquirer_balance(), 2002);
    reader_end(subscription);
}

TEST(what_was_forgiven_is_neither_given_back_nor_counted_back)
{
    str subscription = behind();
    forgive(client_owed_invoice(subscription), 200);
    reader_card_comes(subscription);
    str dear = price_of(3000);
    reader_act(subscription, "change", TEXT("{\"price\":\"%.*s\"}", STR_ARG(dear)), 200);
    life_goes_on();
    int64_t rest = acquirer_balance() - 1001;
    CHECK(rest > 2500 && rest <= 3000); /* what is left of the month at its new price, and nothing for the old one */
    reader_act(subscription, "change", "{\"quantity\":2}", 200);
    life_goes_on();
    CHECK(acquirer_balance() - 1001 > 5000 && acquirer_balance() - 1001 <= 6000); /* that was paid, and counts */
    reader_act(subscription, "cancel", "{\"unused\":\"refund\"}", 200);
    reader_days(2);
    CHECK(acquirer_balance() >= 1001 && acquirer_balance() < 1101);
    reader_end(subscription);
}

TEST(who_ends_a_forgiven_period_gets_nothing_back_of_it)
{
    str subscription = behind();
    forgive(client_owed_invoice(subscription), 200);
    reader_act(subscription, "cancel", "{\"unused\":\"refund\"}", 200);
    reader_days(2);
    CHECK_I64(acquirer_balance(), 1001);
    reader_end(subscription);
}

TEST(a_change_that_is_forgiven_stays_and_one_whose_payment_is_canceled_does_not)
{
    reader_begin();
    str subscription = client_subscribe();
    reader_act(subscription, "change", "{\"quantity\":3}", 200);
    forgive(client_owed_invoice(subscription), 200); /* before its payment is made */
    CHECK_I64(reader_row(subscription)->quantity, 3);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    reader_act(subscription, "change", "{\"quantity\":1}", 200);
    life_goes_on();
    CHECK_I64(reader_row(subscription)->balance, 0); /* nobody has paid for three */
    reader_act(subscription, "change", "{\"quantity\":3}", 200);
    forgive(client_owed_invoice(subscription), 200);
    reader_days(33);
    CHECK_I64(acquirer_balance(), 1001 + 3003);
    reader_end(subscription);
}

TEST(a_debt_that_was_kept_is_forgiven_and_the_rest_of_the_period_of_now_is_charged)
{
    QUESTION(sim_forgiven_keep,
             "with kept as (update subscription set keep_unpaid = true returning 1) select count(*) from kept");
    reader_begin();
    str subscription = client_subscribe();
    CHECK(question_ask(sim_outside(), &sim_forgiven_keep) > 0);
    reader_days(1);
    reader_card_ends();
    reader_days(73); /* its payment has expired, too */
    CHECK_STR(reader_row(subscription)->status, STR("unpaid"));
    forgive(client_owed_invoice(subscription), 200);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    reader_card_comes(subscription);
    reader_days(1);
    CHECK(acquirer_balance() > 1001 && acquirer_balance() < 2002);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    reader_end(subscription);
}

TEST(what_a_forgiven_invoice_took_of_the_balance_comes_back)
{
    reader_begin();
    str subscription = client_subscribe(), cheap = price_of(900);
    reader_act(subscription, "change", TEXT("{\"price\":\"%.*s\"}", STR_ARG(cheap)), 200);
    int64_t kept = reader_row(subscription)->balance;
    CHECK(kept > 0);
    reader_days(1);
    reader_card_ends();
    reader_days(33);
    CHECK_I64(reader_row(subscription)->balance, 0);
    forgive(client_owed_invoice(subscription), 200);
    CHECK_I64(reader_row(subscription)->balance, kept);
    reader_end(subscription);
}

TEST(one_that_a_dispute_holds_stays_so_and_owes_nothing_when_it_goes_on)
{
    str subscription = behind();
    CHECK(bank_disputes(false));
    life_goes_on();
    CHECK_STR(reader_row(subscription)->status, STR("paused"));
    forgive(client_owed_invoice(subscription), 200);
    CHECK_STR(reader_row(subscription)->status, STR("paused"));
    CHECK(bank_decides(false));
    reader_days(1);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    CHECK(!reader_row(subscription)->has_open_invoice);
    reader_end(subscription);
}

/* ---- what comes at the same moment ---- */

TEST(an_attempt_that_was_given_up_for_a_forgiven_invoice_is_reversed_when_it_succeeds)
{
    str subscription = behind(), payment = client_owed(subscription);
    CHECK_I64(client_post(payment, "confirm", "{\"payment_token\":\"tok_act\"}")->status, 200);
    CHECK_STR(payment_status_of(payment), STR("requires_action"));
    forgive(client_owed_invoice(subscription), 200);
    CHECK(buyer_answers(true));
    judge_settle();
    CHECK_STR(payment_status_of(payment), STR("canceled"));
    CHECK_I64(acquirer_balance(), 1001);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    reader_end(subscription);
}

TEST(what_is_being_paid_or_is_paid_is_not_forgiven)
{
    str subscription = behind(), payment = client_owed(subscription), invoice = client_owed_invoice(subscription);
    network_next(FATE_SILENT);
    client_post(payment, "confirm", "{\"payment_token\":\"tok_ok\"}");
    CHECK_STR(payment_status_of(payment), STR("processing"));
    const struct call *busy = forgive(invoice, 409);
    CHECK_STR(call_member(busy, "code"), STR("invoice_state"));
    CHECK_STR(call_member(busy, "param"), STR("invoice"));
    judge_settle();
    CHECK_STR(payment_status_of(payment), STR("succeeded"));
    forgive(invoice, 409);
    reader_days(1);
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    forgive(invoice, 409);
    CHECK_I64(acquirer_balance(), 2002);
    reader_end(subscription);
}

/* The job has read it without a payment, and makes that while somebody forgives it. */
TEST(whoever_makes_the_payment_of_a_forgiven_invoice_does_not_charge_it)
{
    reader_begin();
    str subscription = client_subscribe();
    reader_act(subscription, "change", "{\"quantity\":2}", 200);
    struct task *t = sim_outside();
    const struct invoices_due_row *due;
    const invoice_id id = { arena_str(sim_memory(), client_owed_invoice(subscription)) };
    struct collection c;
    size_t n;
    bool is_open;
    CHECK_OK(invoices_due(t, 50, t->now, instant_add(t->now, SECONDS(60)), &due, &n));
    CHECK_OK(invoice_collection(t, id, &c));
    CHECK(!c.payment && c.invoice->look_at_given);
    CHECK_OK(invoice_hold(t, &c, &is_open));
    CHECK(is_open);
    CHECK_OK(invoice_void(t, id));
    CHECK_OK(invoice_hold(t, &c, &is_open));
    CHECK(!is_open);
    life_goes_on();
    CHECK_I64(acquirer_balance(), 1001);
    reader_end(subscription);
}

/* For the table of scenarios.c: whoever asks until he is answered has it forgiven once, and nobody is charged. */
void forgiveness(void)
{
    life_is_wide(true);
    str subscription = client_subscribe();
    kept_is(KEPT_LOST);
    sim_pass(DAYS(32));
    judge_settle();
    sim_pass(MINUTES(1));
    judge_settle(); /* where the job ended in its first round, it has another one, when its lease is over */
    str path = arena_printf(sim_memory(), "/v1/invoices/%.*s/void", STR_ARG(client_owed_invoice(subscription)));
    struct call *c = call_make(arena_cstr(sim_memory(), path), NULL);
    call_finish(c);
    settled(c);
    CHECK_STR(call_member(c, "status"), STR("void"));
    CHECK_STR(reader_row(subscription)->status, STR("active"));
    CHECK_I64(acquirer_balance(), 1001);
    client_unsubscribe(subscription);
}

/* ---- what is told ---- */

static str newest(str subscription)
{
    const struct json_value *document;
    struct call list = { .method = GET };
    str id;
    list.path = arena_printf(sim_memory(), "/v1/subscriptions/%.*s/invoices", STR_ARG(subscription));
    call_finish(&list);
    CHECK(json_parse(sim_memory(), list.answer, &document));
    CHECK(json_get_str(json_item(json_get(document, "data"), 0), "id", &id));
    return id;
}

TEST(each_invoice_is_told_from_its_beginning_to_its_end)
{
    reader_begin();
    str subscription = client_subscribe(), cheap = price_of(900);
    CHECK_I64(events_of(newest(subscription)), 13); /* a payment of before has paid it */
    reader_act(subscription, "change", TEXT("{\"price\":\"%.*s\"}", STR_ARG(cheap)), 200);
    CHECK_I64(events_of(newest(subscription)), 13); /* nothing is due */
    reader_act(subscription, "change", "{\"quantity\":2}", 200);
    str forgiven = client_owed_invoice(subscription);
    forgive(forgiven, 200);
    CHECK_I64(events_of(forgiven), 14);
    reader_days(1);
    kept_is(KEPT_EMPTY);
    reader_days(32);
    str owed = client_owed_invoice(subscription);
    reader_days(10);
    CHECK_STR(reader_row(subscription)->status, STR("canceled"));
    CHECK_I64(events_of(owed), 1222225); /* the last decline, too */
    reader_end(subscription);
}

/* ---- a change that is none ---- */

TEST(a_change_to_what_it_is_makes_no_invoice)
{
    reader_begin();
    str subscription = client_subscribe();
    int64_t before = invoices(subscription);
    const struct json_value *document;
    bool is_retryable;
    const struct call *same = reader_act(subscription, "change", "{\"quantity\":1}", 200);
    CHECK_STR(call_member(same, "status"), STR("active"));
    reader_act(subscription, "change", TEXT("{\"price\":\"%.*s\"}", STR_ARG(reader_row(subscription)->price_id.v)),
               200);
    CHECK_I64(invoices(subscription), before);
    reader_act(subscription, "change", "{\"quantity\":2}", 200);
    CHECK_I64(invoices(subscription), before + 1);
    const struct call *second = reader_act(subscription, "change", "{\"quantity\":3}", 409); /* that is charged now */
    CHECK(json_parse(sim_memory(), second->answer, &document));
    CHECK(json_get_bool(document, "retryable", &is_retryable) && is_retryable);
    life_goes_on();
    reader_act(subscription, "change", "{\"quantity\":3}", 200);
    reader_end(subscription);
}
