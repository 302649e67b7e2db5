/* Subscriptions, what they are sold for and paid with, and their pages. See things.h. */
#include "paysrv/flow/payment/saved_card.h"
#include "paysrv/flow/subscription/billing.h"
#include "paysrv/store/subscription.sql.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"
#include "tests/torture/things.h"

str thing_subscription(void)
{
    life_is_wide(true);
    return client_subscribe();
}

str thing_card(void)
{
    things_put("$subscription");
    return thing_first_of("/v1/saved_cards", "data");
}

str thing_link(void)
{
    str link = saved_card_withdraw_url(sim_outside(), (saved_card_id){ things_put("$card") });
    return thing_last_segment(arena_str(sim_memory(), link));
}

str thing_billing(void)
{
    things_put("$subscription");
    str url = billing_url(sim_outside(), (store_id){ thing_store() }, STR("reader"));
    return thing_last_segment(arena_str(sim_memory(), url));
}

str thing_form_state(void)
{
    const struct subscription_find_row *s;
    struct task *t = sim_outside();
    CHECK_OK(subscription_any(t, (subscription_id){ things_put("$subscription") }, &s));
    return arena_str(sim_memory(), billing_state(t, s));
}

str thing_invoice(void)
{
    return thing_first_of("/v1/subscriptions/$subscription/invoices", "data");
}

/* Of a change; nobody collects here. */
str thing_owed(void)
{
    thing_ask("/v1/subscriptions/$subscription/change", "{\"quantity\":2}", 200);
    return thing_invoice();
}

/* Of another subscription, whose bank declines it for good: nobody pays it meanwhile. What others owe is paid before.
 */
str thing_behind(void)
{
    life_is_wide(true);
    str subscription = client_subscribe();
    life_goes_on();
    kept_is(KEPT_LOST);
    str path = arena_printf(sim_memory(), "/v1/subscriptions/%.*s/change", STR_ARG(subscription));
    thing_ask(arena_cstr(sim_memory(), path), "{\"quantity\":2}", 200);
    life_goes_on();
    return client_owed_invoice(subscription);
}

str thing_price(void)
{
    return thing_made("/v1/prices", "{\"store\":\"$store\",\"name\":\"Letters\",\"amount\":1001,\"currency\":\"EUR\","
                                    "\"interval\":\"month\"}");
}

str thing_newprice(void)
{
    return thing_made("/v1/prices",
                      "{\"store\":\"$store\",\"name\":\"More letters\",\"amount\":1501,\"currency\":\"EUR\","
                      "\"interval\":\"month\"}");
}

/* A month from now. */
str thing_month(void)
{
    instant at = instant_add(sim_outside()->now, DAYS(30));
    return arena_str(sim_memory(), instant_iso(sim_memory(), at));
}

str thing_paused(void)
{
    thing_ask("/v1/subscriptions/$subscription/pause", "{}", 200);
    return things_put("$subscription");
}
