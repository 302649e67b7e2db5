/* Partners, their users and stores, what these agree to, and disputes. See things.h. */
#include "paysrv/flow/anomaly.h"
#include "paysrv/flow/party/freeze.h"
#include "paysrv/flow/payment/reversal.h"
#include "paysrv/flow/payment/saved_card.h"
#include "paysrv/store/agreement.sql.h"
#include "paysrv/store/payment.sql.h"
#include "paysrv/store/verification.sql.h"
#include "shared/crypto/crypto.h"
#include "tests/sim/client.h"
#include "tests/sim/judge.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"
#include "tests/sim/reversals.h"
#include "tests/torture/things.h"
#include <string.h>

/* ---- parties ---- */

str thing_partner(void)
{
    return client_seller()->partner;
}

str thing_user(void)
{
    return client_seller()->user;
}

str thing_store(void)
{
    return client_seller()->store;
}

str thing_requisite(void)
{
    return client_seller()->requisites[0];
}

/* An account of which the bank has said that it is somebody else's. */
str thing_mismatch(void)
{
    const str id = thing_made("/v1/users/$user/requisites",
                              "{\"type\":\"bank_account\",\"iban\":\"DE75512108001245126199\",\"holder_name\":\"Ada\","
                              "\"address\":{\"country\":\"DE\",\"town\":\"Berlin\"}}");
    const partner_id partner = { thing_partner() };
    int64_t affected;
    CHECK_OK(verification_begin(sim_outside(), partner, (requisite_id){ id }, &affected));
    CHECK_OK(verification_answer(sim_outside(), STR("no_match"), STR_NONE, partner, (requisite_id){ id }, &affected));
    return id;
}

str thing_profile(void)
{
    return thing_made("/v1/split_profiles",
                      "{\"name\":\"A profile\",\"rules\":[{\"party\":\"seller\",\"rest\":true}]}");
}

/* A store that has stopped selling; the one that others sell with goes on. */
str thing_away(void)
{
    str id = thing_made("/v1/stores", "{\"name\":\"Away\",\"user\":\"$user\",\"currency\":\"EUR\"}");
    thing_ask(arena_cstr(sim_memory(), arena_printf(sim_memory(), "/v1/stores/%.*s/suspend", STR_ARG(id))), "{}", 200);
    return id;
}

str thing_tariff(void)
{
    return thing_made("/v1/stores/$store/tariffs",
                      "{\"split\":{\"platform_bp\":600,\"partner_bp\":0},\"valid_from\":\"2027-01-01T00:00:00Z\"}");
}

str thing_host(void)
{
    str body = arena_printf(sim_memory(), "{\"host\":\"shop%d.example\"}", sim_number());
    return call_member(thing_ask("/v1/stores/$store/domains", arena_cstr(sim_memory(), body), 201), "host");
}

str thing_connection(void)
{
    return call_member(thing_ask("/v1/store_connections", "{\"store\":\"st_of_another\",\"user\":\"$user\"}", 202),
                       "id");
}

str thing_endpoint(void)
{
    return thing_made("/v1/webhook_endpoints", "{\"url\":\"https://partner.example/hook\"}");
}

str thing_event(void)
{
    things_put("$paid");
    return thing_first_of("/v1/events", "data");
}

str thing_freeze(void)
{
    struct task *t = sim_outside();
    return thing_last_segment(
        arena_str(sim_memory(), freeze_url(t, (partner_id){ thing_partner() }, (user_id){ thing_user() })));
}

/* Told as by a job. */
str thing_anomaly(void)
{
    struct task *t = sim_outside();
    CHECK_OK(anomaly_tell(t, ANOMALY_CALL_UNRESOLVED, thing_partner(),
                          arena_printf(sim_memory(), "cha_none_%d", sim_number()),
                          STR("the acquirer does not know it")));
    return thing_first_of("/v1/operator/anomalies", "data");
}

/* ---- operations without an answer ---- */

/* Of a charge that came to this fate, two days ago. */
static str unanswered(enum fate fate)
{
    const struct payment_find_row *p;
    str payment = payment_make("");
    network_next(fate);
    client_post(payment, "confirm", "{\"payment_token\":\"tok_ok\"}");
    CHECK_OK(payment_any(sim_outside(), (payment_id){ payment }, &p));
    sim_pass(DAYS(2));
    return arena_str(sim_memory(), p->charge_id);
}

/* Worlds share the list of the operator's, but not the partner. */
static str anomaly_of_call(void)
{
    const struct anomaly_wish wish = { .kind = STR("call_unresolved"), .partner = thing_partner() };
    struct anomalies_found found;
    CHECK_OK(anomalies_find(sim_outside(), &wish, STR_NONE, 1, &found));
    CHECK_I64(found.n, 1);
    return arena_printf(sim_memory(), "%lld", (long long)found.rows[0].anomaly_id);
}

/*
 * The acquirer has never heard of it, and it is too old to be sent again: the reconciler has told a person, and nothing
 * but his word ends it. So whatever fails of that word leaves it open until it is said again.
 */
str thing_lost(void)
{
    judge_leaves(unanswered(FATE_LOST));
    life_goes_on();
    return anomaly_of_call();
}

/* It was made, and nobody has heard of it yet: whoever is first, a person or the acquirer, the other says the same. */
str thing_unheard(void)
{
    struct paid_charge charge = { .key = STR("") };
    str call = unanswered(FATE_SILENT);
    for (size_t i = 0; !str_eq(charge.key, call); i++)
        CHECK(acquirer_paid_charge(i, &charge));
    thing_keep("theirname", charge.id);
    CHECK_OK(anomaly_tell(sim_outside(), ANOMALY_CALL_UNRESOLVED, thing_partner(), call, STR("it does not know it")));
    return anomaly_of_call();
}

/* That the acquirer has refused as often as it is asked by itself. */
str thing_reversal(void)
{
    const struct reversal_list_row *rows;
    size_t n;
    str payment = payment_make("");
    reversals_refuse(1000);
    client_post(payment, "confirm", "{\"payment_token\":\"tok_act\"}");
    client_post(payment, "cancel", NULL);
    CHECK(buyer_answers(true));
    judge_settle();
    for (int i = 0; i < 4; i++) {
        sim_pass(DAYS(3));
        judge_settle();
    }
    CHECK_OK(reversals_find(sim_outside(), &(struct reversal_wish){ .payment = payment }, NULL, 1, &rows, &n));
    CHECK_I64(n, 1);
    return arena_str(sim_memory(), rows[0].call_id);
}

str thing_profiled(void)
{
    thing_ask("/v1/users/$user/legal_profile",
              "{\"kind\":\"individual\",\"name\":\"Seller\",\"address\":{\"country\":\"DE\",\"town\":\"Berlin\"}}",
              201);
    return STR("profiled");
}

/* Published by the operator's command; of this partner, and due in a hundred years. */
str thing_agreement(void)
{
    struct task *t = sim_outside();
    const str text = STR("Sellers sell.");
    const struct agreement_insert_args args = { .agreement = arena_printf(sim_memory(), "agr_%d", sim_number()),
                                                .partner = client_seller()->partner,
                                                .version = arena_printf(sim_memory(), "version-%d", sim_number()),
                                                .content = text,
                                                .content_hash = sha256_str(text),
                                                .valid_from = { 0 },
                                                .due_at = instant_add(t->now, DAYS(36500)) };
    int64_t made;
    CHECK_OK(agreement_insert(t, &args, &made));
    return args.version;
}

/* Without an address: one code gives him one. */
str thing_nobody(void)
{
    return thing_made("/v1/users", "{\"name\":\"Nobody\"}");
}

/* Who is closed. */
str thing_left(void)
{
    str id = thing_made("/v1/users", "{\"name\":\"Somebody\",\"email\":\"some.body@example.com\"}");
    thing_ask(arena_cstr(sim_memory(), arena_printf(sim_memory(), "/v1/users/%.*s/close", STR_ARG(id))), NULL, 200);
    return id;
}

str thing_confirmation(void)
{
    const struct json_value *document;
    str id, change;
    struct call *c = thing_ask("/v1/users/$nobody/email", "{\"email\":\"$nobody@example.com\"}", 202);
    thing_keep("cnfcode", c->mailed);
    CHECK(json_parse(sim_memory(), c->answer, &document));
    const struct json_value *confirmation = json_item(json_get(document, "confirmations"), 0);
    CHECK(json_get_str(confirmation, "id", &id) && json_get_str(confirmation, "subject", &change));
    thing_keep("change", change);
    return id;
}

/* ---- disputes ---- */

str thing_disputed(void)
{
    struct call c = { .method = GET };
    things_put("$paid");
    life_is_wide(true);
    CHECK(bank_disputes(false));
    judge_settle();
    str id = thing_first_of("/v1/disputes", "data");
    c.path = arena_printf(sim_memory(), "/v1/disputes/%.*s", STR_ARG(id));
    call_finish(&c);
    thing_keep("contested", call_member(&c, "payment"));
    return id;
}

str thing_answered(void)
{
    thing_ask("/v1/disputes/$dispute/evidence", "{\"text\":\"It was delivered.\"}", 200);
    return things_put("$dispute");
}

str thing_file(void)
{
    static const struct http_header pdf = { { "content-type", 12 }, { "application/pdf", 15 } };
    struct call *c = call_make("", "%PDF-1.4\n%%EOF\n");
    c->path = things_put("/v1/disputes/$dispute/files");
    c->headers = &pdf;
    c->n_headers = 1;
    call_finish(c);
    return thing_first_of("/v1/disputes/$dispute", "files");
}

/* ---- under words that a partner has chosen, and others may have as well ---- */

str thing_branch(void)
{
    return thing_made("/v1/stores",
                      "{\"name\":\"Branch\",\"user\":\"$user\",\"currency\":\"EUR\",\"external_id\":\"shop-1\"}");
}

str thing_labeled(void)
{
    return payment_make(",\"external_id\":\"order-1\"");
}

str thing_second(void)
{
    return thing_made("/v1/subscriptions",
                      "{\"saved_card\":\"$card\",\"price\":\"$price\",\"external_id\":\"second\"}");
}
