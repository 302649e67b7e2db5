/*
 * Each scenario is played once as it should go, and then again and again with the process ending at its first, second,
 * third ... point, until it is through before its end comes. The client asks again under its keys, and in the end all
 * must be as if nothing had happened.
 */
#include <stdlib.h>

#include "tests/sim/client.h"
#include "tests/sim/database.h"
#include "tests/sim/judge.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"
#include "tests/sim/reversals.h"
#include "tests/sim/scenarios.h"

#define SEED 7
#define POINTS_MAX 4000

struct scenario {
    void (*play)(void);
    enum fate fate; /* of its first order */
    int64_t stride; /* between the points at which it ends */
    bool is_sandbox;
    bool is_of_push; /* the fate is of the first push, not of the first order */
};
static const struct scenario *playing;

/* Plays it with an end of the process at this point; 0: none. False: it was over before. */
static bool scenario_play(const struct scenario *s, int64_t crash_at)
{
    sim_begin(SEED);
    network_begin();
    client_begin(s->is_sandbox);
    playing = s;
    if (!s->is_of_push)
        network_next(s->fate);
    sim_crash_at(crash_at);
    s->play();
    bool was_reached = sim_points() >= crash_at;
    sim_crash_at(0);
    judge_end();
    return was_reached;
}

/* STOA_SIM_ALL=1: every point, whatever becomes of the first order; else those of a stride, which fates share out. */
static void scenario_exhaust(const struct scenario *s)
{
    int64_t stride = getenv("STOA_SIM_ALL") ? 1 : s->stride, point = 1 + (int64_t)s->fate % stride, n = 0;
    scenario_play(s, 0);
    for (; scenario_play(s, point); n++) {
        point += stride;
        CHECK(point < POINTS_MAX);
    }
    judge_invariants();
    printf("# first order %s: ended at %lld points\n", fate_name(s->fate), (long long)n);
    CHECK(n > 0);
}

static void with_every_fate(void (*play)(void))
{
    for (enum fate fate = FATE_GOOD; fate < FATE_COUNT; fate++)
        scenario_exhaust(&(struct scenario){ play, fate, fate == FATE_GOOD ? 4 : 23 });
}

/* ---- steps ---- */

static void status_is(const struct call *c, int status)
{
    if (c->status != status)
        test_fail(__FILE__, __LINE__, "%.*s: %d %.*s", STR_ARG(c->path), c->status, STR_ARG(c->answer));
}

/* Settled before anything else is asked for: an operation without an outcome stands in the way of the next. */
static void settled(const struct call *c)
{
    judge_settle();
    if (c->status != 202)
        status_is(c, 200);
}

/* ---- the scenarios ---- */

static void charge(void)
{
    str payment = payment_make("");
    settled(client_post(payment, "confirm", "{\"payment_token\":\"tok_ok\"}"));
    CHECK_STR(payment_status_of(payment), STR("succeeded"));
}

static void charge_at_once(void)
{
    struct call *c = payment_ask(",\"confirm\":{\"payment_token\":\"tok_ok\"}");
    call_finish(c);
    settled(c);
    CHECK_STR(payment_status_of(call_member(c, "id")), STR("succeeded"));
}

static void refund(void)
{
    str payment = payment_make("");
    settled(client_post(payment, "confirm", "{\"payment_token\":\"tok_ok\"}"));
    settled(client_post(payment, "refunds", "{\"amount\":334}"));
    settled(client_post(payment, "refunds", "{}"));
    CHECK_I64(acquirer_balance(), 0);
}

static void partial_captures(void)
{
    str payment = payment_make(",\"capture_method\":\"manual\"");
    settled(client_post(payment, "confirm", "{\"payment_token\":\"tok_ok\"}"));
    settled(client_post(payment, "capture", "{\"amount\":333}"));
    settled(client_post(payment, "capture", "{\"amount\":333,\"final\":true}"));
    CHECK_STR(payment_status_of(payment), STR("succeeded"));
    CHECK_I64(acquirer_balance(), 666);
}

static void void_of_the_rest(void)
{
    str payment = payment_make(",\"capture_method\":\"manual\"");
    settled(client_post(payment, "confirm", "{\"payment_token\":\"tok_ok\"}"));
    settled(client_post(payment, "capture", "{\"amount\":1}"));
    settled(client_post(payment, "cancel", NULL));
    CHECK_I64(acquirer_balance(), 1);
}

/* The buyer's bank says yes to an attempt that was given up for another one. */
static void late_success(void)
{
    str payment = payment_make("");
    settled(client_post(payment, "confirm", "{\"payment_token\":\"tok_act\"}"));
    settled(client_post(payment, "confirm", "{\"payment_token\":\"tok_ok\",\"replace_attempt\":true}"));
    CHECK(buyer_answers(true));
    judge_settle();
    CHECK_STR(payment_status_of(payment), STR("succeeded"));
    CHECK_I64(acquirer_balance(), 1001);
}

/* The same, and the acquirer takes it back only at the third asking; money or a reservation. */
static void late_success_refused(const char *more)
{
    reversals_refuse(2);
    str payment = payment_make(more);
    settled(client_post(payment, "confirm", "{\"payment_token\":\"tok_act\"}"));
    settled(client_post(payment, "cancel", NULL));
    CHECK(buyer_answers(true));
    judge_settle();
    CHECK_I64(reversals_scheduled(), 1);
    for (int i = 0; i < 2; i++) {
        sim_pass(i ? DAYS(2) : HOURS(1)); /* and nobody is there when the third is due: its key is as good as new */
        judge_settle();
    }
    CHECK_I64(reversals_scheduled(), 0);
    CHECK(!reversal_decide_one());
    CHECK_I64(acquirer_balance(), 0);
}

static void late_charge_refused(void)
{
    late_success_refused("");
}

static void late_hold_refused(void)
{
    late_success_refused(",\"capture_method\":\"manual\"");
}

/* Whatever an operator has tried once more: in the end he says where the money is, in the books and at the acquirer. */
static void late_success_kept(void)
{
    late_success();
    reversals_refuse(1000);
    str payment = payment_make("");
    settled(client_post(payment, "confirm", "{\"payment_token\":\"tok_act\"}"));
    settled(client_post(payment, "cancel", NULL));
    CHECK(buyer_answers(true));
    judge_settle();
    for (int i = 0; i < 4; i++) {
        sim_pass(DAYS(3));
        judge_settle();
    }
    CHECK_I64(reversals_scheduled(), 0);
}

static void payout_of(int64_t amount, size_t requisite, const char *status)
{
    str payment = payment_make("");
    settled(client_post(payment, "confirm", "{\"payment_token\":\"tok_ok\"}"));
    struct call *asked = payout_ask(requisite, amount);
    call_finish(asked);
    status_is(asked, 201);
    if (playing->is_of_push)
        network_next(playing->fate);
    struct call *confirmed = payout_confirm_ask(asked);
    call_finish(confirmed);
    status_is(confirmed, 200);
    judge_settle();
    struct call read = { .method = GET };
    read.path = arena_printf(sim_memory(), "/v1/payouts/%.*s", STR_ARG(call_member(asked, "id")));
    call_finish(&read);
    CHECK_STR(call_member(&read, "status"), str_of(status));
}

static void payout_to(size_t requisite, const char *status)
{
    payout_of(500, requisite, status);
}

/* Of the payee who was let through once nobody is asked again. */
static void payouts_screened(void)
{
    payout_of(REVIEWED_MINOR, 1, "awaiting_approval");
    payout_of(500, 0, "paid");
    payout_of(DENIED_MINOR, 0, "paid");
}

static void payout_denied(void)
{
    payout_of(DENIED_MINOR, 1, "rejected");
}

static void payout_paid(void)
{
    payout_to(0, "paid");
}

static void payout_rejected(void)
{
    payout_to(1, "rejected");
}

static void payout_returned(void)
{
    payout_to(2, "returned");
}

static void push_paid(void)
{
    payout_to(SELLER_ACCOUNTS, "paid");
    CHECK_I64(acquirer_balance(), 501);
}

static void push_declined(void)
{
    payout_to(SELLER_ACCOUNTS + 1, "rejected");
}

static void push_returned(void)
{
    payout_to(SELLER_ACCOUNTS + 2, "paid");
    sim_pass(DAYS(3));
    judge_settle();
    CHECK_I64(acquirer_balance(), 1001);
}

static void dispute_ended(bool for_buyer)
{
    str payment = payment_make("");
    life_is_wide(true);
    settled(client_post(payment, "confirm", "{\"payment_token\":\"tok_ok\"}"));
    settled(client_post(payment, "refunds", "{\"amount\":334}"));
    CHECK(bank_disputes(false));
    judge_settle();
    CHECK(bank_decides(for_buyer));
}

static void dispute_won(void)
{
    dispute_ended(false);
}

static void dispute_lost(void)
{
    dispute_ended(true);
}

/* A part is delivered, a part goes back, and when its time is over the rest does. */
static void deal(void)
{
    str payment = payment_make(",\"hold\":{\"until\":\"delivered\",\"ends_after\":\"P1D\",\"at_end\":\"return\"}");
    life_is_wide(true);
    settled(client_post(payment, "confirm", "{\"payment_token\":\"tok_ok\"}"));
    settled(client_post(payment, "release", "{\"amount\":334}"));
    settled(client_post(payment, "refunds", "{\"amount\":100}"));
    sim_pass(HOURS(25));
    judge_settle();
    sim_pass(HOURS(2)); /* after a try that came to nothing it waits */
    judge_settle();
    CHECK_I64(acquirer_balance(), 334);
}

static void renewal(void)
{
    life_is_wide(true);
    str subscription = client_subscribe();
    CHECK_I64(acquirer_balance(), 1001);
    sim_pass(DAYS(32));
    judge_settle();
    sim_pass(MINUTES(1));
    judge_settle(); /* where the job ended in its first round, it has another one, when its lease is over */
    CHECK_I64(acquirer_balance(), 2002);
    client_unsubscribe(subscription);
}

static str member_of(str path, const char *member)
{
    struct call read = { .method = GET, .path = path };
    call_finish(&read);
    return call_member(&read, member);
}

static void month_disputed(bool for_buyer)
{
    life_is_wide(true);
    str subscription = client_subscribe();
    str path = arena_printf(sim_memory(), "/v1/subscriptions/%.*s", STR_ARG(subscription));
    str card = arena_printf(sim_memory(), "/v1/saved_cards/%.*s", STR_ARG(member_of(path, "saved_card")));
    CHECK(bank_disputes(false));
    judge_settle();
    CHECK_STR(member_of(path, "status"), STR("paused"));
    CHECK_STR(member_of(card, "status"), STR("blocked"));
    CHECK(bank_decides(for_buyer));
    judge_settle();
    sim_pass(MINUTES(6));
    judge_settle(); /* where it ended in the look that follows, there is another one */
    CHECK_STR(member_of(path, "status"), for_buyer ? STR("canceled") : STR("active"));
    CHECK_STR(member_of(card, "status"), for_buyer ? STR("withdrawn") : STR("active"));
    client_unsubscribe(subscription);
}

static void month_won(void)
{
    month_disputed(false);
}

static void month_lost(void)
{
    month_disputed(true);
}

static void pay_in(str reference, int64_t amount_minor)
{
    str body = arena_printf(sim_memory(), "{\"reference\":\"%.*s\",\"amount\":%lld}", STR_ARG(reference),
                            (long long)amount_minor);
    struct call *c = call_make("/v1/test_transfers", arena_cstr(sim_memory(), body));
    call_finish(c);
    status_is(c, 201);
}

/* In parts and with a surplus, which goes back, as a refund does: by orders that the test bank answers a day later. */
static void transfer_and_refund(void)
{
    str payment = payment_make("");
    status_is(client_post(payment, "confirm", "{\"method\":\"bank_transfer\"}"), 200);
    str transfer = arena_printf(sim_memory(), "/v1/payments/%.*s/transfer", STR_ARG(payment));
    str reference = member_of(transfer, "reference");
    pay_in(reference, 600);
    pay_in(reference, 500);
    judge_settle();
    CHECK_STR(payment_status_of(payment), STR("succeeded"));
    status_is(client_post(payment, "refunds", "{\"amount\":334}"), 202);
    client_days(3);
    judge_settle();
    struct call refunds = { .method = GET };
    refunds.path = arena_printf(sim_memory(), "/v1/payments/%.*s/refunds", STR_ARG(payment));
    call_finish(&refunds);
    CHECK(memmem(refunds.answer.p, refunds.answer.n, "succeeded", 9));
}

static void declined_and_suspended(void)
{
    str payment = payment_make("");
    status_is(client_post(payment, "confirm", "{\"payment_token\":\"tok_no\"}"), 402);
    str store = arena_printf(sim_memory(), "/v1/stores/%.*s/suspend", STR_ARG(client_seller()->store));
    struct call *c = call_make(arena_cstr(sim_memory(), store), "{\"reason\":\"on holiday\"}");
    call_finish(c);
    status_is(c, 200);
}

void scenarios_once(void)
{
    static const struct scenario all[] = {
        { .play = charge },
        { .play = refund },
        { .play = partial_captures },
        { .play = void_of_the_rest },
        { .play = late_charge_refused },
        { .play = late_hold_refused },
        { .play = late_success_kept },
        { .play = payout_paid },
        { .play = payout_rejected },
        { .play = payout_returned },
        { .play = payouts_screened },
        { .play = payout_denied },
        { .play = push_paid, .is_of_push = true },
        { .play = push_declined, .is_of_push = true },
        { .play = push_returned, .is_of_push = true },
        { .play = dispute_won },
        { .play = dispute_lost },
        { .play = deal },
        { .play = transfer_and_refund, .is_sandbox = true },
        { .play = month_won },
        { .play = month_lost },
        { .play = renewal },
        { .play = declined_and_suspended },
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct scenario s = all[i];
        s.fate = FATE_GOOD;
        scenario_play(&s, 0);
    }
    QUESTION(sim_relieved, "select count(*) from balance_relief"); /* a person may relieve of so much a day */
    if (question_ask(sim_outside(), &sim_relieved) == 0)
        own_sales_relieved();
}

TEST(a_charge_survives_an_end_at_every_point)
{
    with_every_fate(charge);
}

TEST(a_charge_at_once_survives_an_end_at_every_point)
{
    with_every_fate(charge_at_once);
}

TEST(refunds_survive_an_end_at_every_point)
{
    with_every_fate(refund);
}

TEST(captures_in_part_survive_an_end_at_every_point)
{
    with_every_fate(partial_captures);
}

TEST(a_void_survives_an_end_at_every_point)
{
    with_every_fate(void_of_the_rest);
}

TEST(a_late_success_survives_an_end_at_every_point)
{
    with_every_fate(late_success);
}

TEST(a_refused_reversal_survives_an_end_at_every_point)
{
    scenario_exhaust(&(struct scenario){ late_charge_refused, FATE_GOOD, 19 });
    scenario_exhaust(&(struct scenario){ late_hold_refused, FATE_GOOD, 29 });
    scenario_exhaust(&(struct scenario){ late_success_kept, FATE_GOOD, 61 });
}

/* Their first order is the charge, which is no question here: the bank's own fates are in the names of who is paid. */
TEST(payouts_survive_an_end_at_every_point)
{
    scenario_exhaust(&(struct scenario){ payout_paid, FATE_GOOD, 37 });
    scenario_exhaust(&(struct scenario){ payout_rejected, FATE_GOOD, 41 });
    scenario_exhaust(&(struct scenario){ payout_returned, FATE_GOOD, 101 });
}

TEST(screenings_survive_an_end_at_every_point)
{
    scenario_exhaust(&(struct scenario){ payouts_screened, FATE_GOOD, 241 });
    scenario_exhaust(&(struct scenario){ payout_denied, FATE_GOOD, 61 });
}

TEST(payouts_to_cards_survive_an_end_at_every_point)
{
    for (enum fate fate = FATE_GOOD; fate < FATE_COUNT; fate++)
        scenario_exhaust(&(struct scenario){ push_paid, fate, fate == FATE_GOOD ? 17 : 53, .is_of_push = true });
    scenario_exhaust(&(struct scenario){ push_declined, FATE_GOOD, 43, .is_of_push = true });
    scenario_exhaust(&(struct scenario){ push_returned, FATE_GOOD, 61, .is_of_push = true });
}

TEST(disputes_survive_an_end_at_every_point)
{
    scenario_exhaust(&(struct scenario){ dispute_won, FATE_GOOD, 31 });
    scenario_exhaust(&(struct scenario){ dispute_lost, FATE_GOOD, 43 });
}

TEST(a_deal_survives_an_end_at_every_point)
{
    scenario_exhaust(&(struct scenario){ deal, FATE_GOOD, 29 });
}

TEST(a_bank_transfer_survives_an_end_at_every_point)
{
    scenario_exhaust(&(struct scenario){ transfer_and_refund, FATE_GOOD, 37, true });
}

TEST(a_disputed_subscription_survives_an_end_at_every_point)
{
    scenario_exhaust(&(struct scenario){ month_won, FATE_GOOD, 41 });
    scenario_exhaust(&(struct scenario){ month_lost, FATE_GOOD, 47 });
}

TEST(a_renewal_survives_an_end_at_every_point)
{
    scenario_exhaust(&(struct scenario){ renewal, FATE_GOOD, 37 });
}
