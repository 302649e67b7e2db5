/* What goes on by itself once it was agreed to: subscriptions, payouts at set times. See client.h. */
#include "paysrv/flow/clock.h"
#include "paysrv/flow/payment/saved_card.h"
#include "shared/text/json_in.h"
#include "tests/sim/client.h"
#include "tests/sim/database.h"
#include "tests/sim/judge.h"

static str first_id(const struct call *c)
{
    const struct json_value *document;
    str id = STR_NONE;
    CHECK(json_parse(sim_memory(), c->answer, &document));
    CHECK(json_get_str(json_item(json_get(document, "data"), 0), "id", &id));
    return id;
}

static struct call *post(str path, str body)
{
    struct call *c = call_make(arena_cstr(sim_memory(), path), arena_cstr(sim_memory(), body));
    call_finish(c);
    return c;
}

static str price_make(void)
{
    str body = arena_printf(sim_memory(),
                            "{\"store\":\"%.*s\",\"name\":\"Letters\",\"amount\":1001,\"currency\":\"%.*s\","
                            "\"interval\":\"month\"}",
                            STR_ARG(client_seller()->store), STR_ARG(client_currency()));
    const struct call *made = post(STR("/v1/prices"), body);
    CHECK_I64(made->status, 201);
    return call_member(made, "id");
}

str client_subscribe(void)
{
    str payment = payment_make(",\"save_card\":{\"buyer\":\"reader\",\"email\":\"reader@example.com\"}");
    struct task *t = sim_outside();
    CHECK_OK(clock_enter(t, (partner_id){ client_seller()->partner }));
    CHECK_OK(saved_card_take(t, (payment_id){ payment }, STR("tok_ok_kept"), STR("2026-01-01")));
    client_post(payment, "confirm", "{\"payment_token\":\"tok_ok_kept\"}");
    judge_settle();
    struct call cards = { .method = GET, .path = STR("/v1/saved_cards") };
    call_finish(&cards);
    str price = price_make(), card = first_id(&cards);
    str body = arena_printf(sim_memory(), "{\"price\":\"%.*s\",\"saved_card\":\"%.*s\",\"payment\":\"%.*s\"}",
                            STR_ARG(price), STR_ARG(card), STR_ARG(payment));
    const struct call *made = post(STR("/v1/subscriptions"), body);
    if (made->status != 201)
        test_fail(__FILE__, __LINE__, "no subscription: %d %.*s", made->status, STR_ARG(made->answer));
    return call_member(made, "id");
}

void client_unsubscribe(str subscription)
{
    str path = arena_printf(sim_memory(), "/v1/subscriptions/%.*s/cancel", STR_ARG(subscription));
    CHECK_I64(post(path, STR("{}"))->status, 200);
}

/* Of its newest invoice, if that is open. */
static str owed_member(str subscription, const char *name)
{
    const struct json_value *document, *newest;
    struct call invoices = { .method = GET };
    str status, value;
    invoices.path = arena_printf(sim_memory(), "/v1/subscriptions/%.*s/invoices", STR_ARG(subscription));
    call_finish(&invoices);
    if (!json_parse(sim_memory(), invoices.answer, &document) || !(newest = json_item(json_get(document, "data"), 0)) ||
        !json_get_str(newest, "status", &status) || !str_eq(status, STR("open")) || !json_get_str(newest, name, &value))
        return STR_NONE;
    return value;
}

str client_owed(str subscription)
{
    return owed_member(subscription, "payment");
}

str client_owed_invoice(str subscription)
{
    return owed_member(subscription, "id");
}

struct call *schedule_ask(size_t requisite)
{
    str body = arena_printf(sim_memory(),
                            "{\"user\":\"%.*s\",\"requisite\":\"%.*s\",\"currency\":\"%.*s\",\"every\":\"day\","
                            "\"at\":\"%02d:00\",\"zone\":\"Europe/Berlin\",\"any_day\":true,\"minimum\":%d}",
                            STR_ARG(client_seller()->user), STR_ARG(requisite_of(requisite)),
                            STR_ARG(client_currency()), (int)sim_draw(24), 1 + (int)sim_draw(2) * 300);
    return call_make("/v1/payout_schedules", arena_cstr(sim_memory(), body));
}

/* Worlds share a database, and in the ones after this it would be their time. */
void schedules_end(void)
{
    QUESTION(sim_schedules_end,
             "with ended as (update payout_schedule set status = 'ended', ended_at = now(), next_at = null"
             "                where status <> 'ended' returning 1) select count(*) from ended");
    (void)question_ask(sim_outside(), &sim_schedules_end);
}
