/* See plays.h. */
#include "tests/sim/plays.h"

#include "paysrv/flow/payout/approval.h"
#include "paysrv/store/user.sql.h"
#include "tests/sim/database.h"
#include "tests/sim/judge.h"
#include "tests/sim/life.h"
#include "tests/sim/limits.h"
#include "tests/sim/network.h"
#include "tests/sim/parties.h"

void status_is(const struct call *c, int status)
{
    if (c->status != status)
        test_fail(__FILE__, __LINE__, "%.*s: %d %.*s", STR_ARG(c->path), c->status, STR_ARG(c->answer));
}

void settled(const struct call *c)
{
    judge_settle();
    if (c->status != 202)
        status_is(c, 200);
}

str member_of(str path, const char *member)
{
    struct call read = { .method = GET, .path = path };
    call_finish(&read);
    return call_member(&read, member);
}

static str paid(const char *more)
{
    str payment = payment_make(more);
    settled(client_post(payment, "confirm", "{\"payment_token\":\"tok_ok\"}"));
    return payment;
}

static str confirmed(struct call *asked)
{
    call_finish(asked);
    status_is(asked, 201);
    struct call *c = payout_confirm_ask(asked);
    call_finish(c);
    status_is(c, 200);
    judge_settle();
    return call_member(asked, "id");
}

static str payout_status(str payout)
{
    return member_of(arena_printf(sim_memory(), "/v1/payouts/%.*s", STR_ARG(payout)), "status");
}

/* ---- limits ---- */

/* The operator's call, under no key: whoever has no answer asks again, and has said so before. */
static void approve(str payout)
{
    const struct operator_decision bob = { STR("bob"), STR("bob"), STR_NONE, true };
    str path = arena_printf(sim_memory(), "/v1/operator/payouts/%.*s/approve", STR_ARG(payout)), body;
    struct call *c = call_make(arena_cstr(sim_memory(), path), "{}");
    c->key = STR_NONE;
    call_finish(c);
    status_is(c, 200);
    CHECK_STR(payout_status(payout), STR("awaiting_approval"));
    CHECK_OK(payout_decision_take(sim_outside(), (payout_id){ payout }, &bob, &body));
}

/* A day has room for two, of which two persons look at the second; the third is the next day's. */
void payouts_limited(void)
{
    limits_begin();
    paid("");
    paid("");
    limits_agree(&(struct agreed){ .per_day = 600, .approve_from = 400 }, &(struct agreed){ 0 });
    limits_wait_for_the_end(MINUTES(30));
    CHECK_STR(payout_status(confirmed(payout_ask(0, 300))), STR("paid"));
    str second = confirmed(payout_ask(0, 300));
    CHECK_STR(payout_status(second), STR("awaiting_approval"));
    approve(second);
    limits_are_asked_for();
    sim_pass(MINUTES(40));
    CHECK_STR(payout_status(confirmed(payout_ask(0, 300))), STR("paid"));
    CHECK_STR(payout_status(second), STR("paid"));
    limits_are_asked_for();
    limits_judge();
}

/* ---- parties ---- */

void partner_suspended(void)
{
    parties_begin();
    life_is_wide(true);
    paid("");
    struct call *asked = payout_ask(2, 300);
    str payout = confirmed(asked), waits = payment_make("");
    client_post(waits, "confirm", "{\"payment_token\":\"tok_act\"}");
    judge_settle();
    parties_suspend();
    judge_settle();
    CHECK_STR(payout_status(payout), STR("returned"));
    paid("");
}

/* His part is paid out and comes back when he is gone. */
void author_left(void)
{
    const struct user_insert_row *made;
    str author = arena_printf(sim_memory(), "usr_author%d", sim_number()), requisites[SELLER_REQUISITES];
    const struct user_insert_args user = { .partner = { client_seller()->partner },
                                           .user = { author },
                                           .name = STR("Author"),
                                           .email = arena_printf(sim_memory(), "%.*s@example.com", STR_ARG(author)),
                                           .email_verified = true };
    parties_begin();
    CHECK_OK(user_insert(sim_outside(), &user, &made));
    for (size_t i = 0; i < SELLER_REQUISITES; i++)
        requisites[i] = arena_printf(sim_memory(), "req_left%d_%zu", sim_number(), i);
    payees_make(sim_outside(), user.partner, user.user, requisites);
    str split = arena_printf(sim_memory(), ",\"split\":[{\"party\":\"user\",\"user\":\"%.*s\",\"fixed\":300}]",
                             STR_ARG(author));
    paid(arena_cstr(sim_memory(), split));
    str payout = confirmed(payout_ask_of(author, requisites, SELLER_ACCOUNTS + 2, 300));
    parties_leave(author);
    sim_pass(DAYS(3));
    judge_settle();
    CHECK_STR(payout_status(payout), STR("returned"));
    parties_judge();
}

void store_moved(void)
{
    parties_begin();
    str taken = payment_make(",\"capture_method\":\"manual\""), begun = payment_make("");
    settled(client_post(taken, "confirm", "{\"payment_token\":\"tok_ok\"}"));
    parties_store_moves();
    settled(client_post(begun, "confirm", "{\"payment_token\":\"tok_ok\"}"));
    settled(client_post(taken, "capture", "{\"amount\":500,\"final\":true}"));
    settled(client_post(begun, "refunds", "{\"amount\":334}"));
    CHECK_I64(acquirer_balance(), 500 + 1001 - 334);
    parties_judge();
}

/* ---- who does not pay ---- */

static void days_pass(int64_t days)
{
    if (client_is_sandbox())
        client_days(days);
    else
        sim_pass(DAYS(days));
    judge_settle();
}

/* Not at all, with a card that is declined, at his bank's page, and by a transfer, which has a time of its own. One is
 * canceled, and one paid after an attempt was given up. Who is told of what is the judge's to see. */
void nobody_pays(void)
{
    str unpaid = payment_make(""), declined = payment_make(""), asked = payment_make(""), awaited = payment_make("");
    str canceled = payment_make(""), replaced = payment_make("");
    status_is(client_post(declined, "confirm", "{\"payment_token\":\"tok_no\"}"), 402);
    settled(client_post(asked, "confirm", "{\"payment_token\":\"tok_act\"}"));
    settled(client_post(awaited, "confirm", "{\"method\":\"bank_transfer\"}"));
    settled(client_post(canceled, "cancel", NULL));
    settled(client_post(replaced, "confirm", "{\"payment_token\":\"tok_act\"}"));
    settled(client_post(replaced, "confirm", "{\"payment_token\":\"tok_ok\",\"replace_attempt\":true}"));
    days_pass(2);
    const str expired[] = { unpaid, declined, asked };
    for (size_t i = 0; i < sizeof expired / sizeof expired[0]; i++) {
        CHECK_STR(payment_status_of(expired[i]), STR("expired"));
        status_is(client_post(expired[i], "confirm", "{\"payment_token\":\"tok_ok\"}"), 409);
        status_is(client_post(expired[i], "cancel", NULL), 409);
    }
    CHECK_STR(payment_status_of(awaited), STR("requires_action"));
    CHECK_STR(payment_status_of(canceled), STR("canceled"));
    CHECK_STR(payment_status_of(replaced), STR("succeeded"));
    days_pass(10);
    CHECK_STR(payment_status_of(awaited), STR("expired"));
}

/* What the acquirer has never heard of ends by a person's word, and with it a payment whose time is over. */
void word(void)
{
    QUESTION_ABOUT(sim_unresolved,
                   "select coalesce((select a.anomaly_id from anomaly a join acquirer_call c on c.call_id = a.ref"
                   " where c.payment_id = $1 and a.kind = 'call_unresolved'), 0)");
    int64_t anomaly = 0;
    network_next(FATE_LOST);
    str payment = payment_make("");
    struct call *c = client_post(payment, "confirm", "{\"payment_token\":\"tok_ok\"}");
    if (c->status == 200)
        return; /* the end came while it was lost, and it was sent once more */
    status_is(c, 202);
    sim_pass(DAYS(2));
    while (anomaly == 0) {
        life_goes_on();
        anomaly = question_about(sim_outside(), &sim_unresolved, payment);
    }
    str path = arena_printf(sim_memory(), "/v1/operator/anomalies/%lld/resolve", (long long)anomaly);
    c = call_make(arena_cstr(sim_memory(), path), "{\"as\":\"failed\",\"note\":\"not in their list\"}");
    call_finish(c);
    status_is(c, 200);
    CHECK_STR(payment_status_of(payment), STR("expired"));
    CHECK_I64(acquirer_balance(), 0);
}
