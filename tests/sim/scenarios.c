/*
 * Each scenario is played once as it should go, and then again and again with the process ending at its first, second,
 * third ... point, until it is through before its end comes. The client asks again under its keys, and in the end all
 * must be as if nothing had happened.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/client.h"
#include "tests/sim/database.h"
#include "tests/sim/judge.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"
#include "tests/sim/plays.h"
#include "tests/sim/reversals.h"
#include "tests/sim/scenarios.h"

#define SEED 7

struct scenario {
    const char *name;
    void (*play)(void);
    enum fate fate; /* of its first order */
    int64_t stride; /* between the points at which it ends; 0: is not ended */
    int64_t fated;  /* the stride with any other fate of its first order than a good one; 0: is played with none */
    bool is_sandbox;
    bool is_of_push; /* the fate is of the first push, not of the first order */
};
static const struct scenario *playing;

/* Plays it with an end of the process at this point; 0: none. How many points were passed. */
static int64_t scenario_play(const struct scenario *s, int64_t crash_at)
{
    sim_begin(SEED);
    network_begin();
    client_begin(s->is_sandbox);
    playing = s;
    if (!s->is_of_push)
        network_next(s->fate);
    sim_crash_at(crash_at);
    s->play();
    int64_t points = sim_points();
    sim_crash_at(0);
    judge_end();
    return points;
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

/* Under a clock that stops where they expire. */
static void nobody_pays_here(void)
{
    nobody_pays();
}

/* The first order of payouts is the charge, which is no question there: the bank's own fates are in the names of who is
 * paid. */
#define SCENARIO(name_, ...)                                                                                           \
    {                                                                                                                  \
        .name = #name_, .play = name_, .fate = FATE_GOOD, __VA_ARGS__                                                  \
    }
static const struct scenario scenarios[] = {
    SCENARIO(charge, .stride = 13, .fated = 83),
    SCENARIO(charge_at_once, .stride = 13, .fated = 83),
    SCENARIO(refund, .stride = 13, .fated = 83),
    SCENARIO(partial_captures, .stride = 13, .fated = 83),
    SCENARIO(void_of_the_rest, .stride = 13, .fated = 83),
    SCENARIO(late_success, .stride = 13, .fated = 83),
    SCENARIO(late_charge_refused, .stride = 37),
    SCENARIO(late_hold_refused, .stride = 53),
    SCENARIO(late_success_kept, .stride = 113),
    SCENARIO(word, .stride = 41),
    SCENARIO(payout_paid, .stride = 71),
    SCENARIO(payout_rejected, .stride = 79),
    SCENARIO(payout_returned, .stride = 199),
    SCENARIO(payouts_screened, .stride = 457),
    SCENARIO(payout_denied, .stride = 113),
    SCENARIO(push_paid, .stride = 31, .fated = 101, .is_of_push = true),
    SCENARIO(push_declined, .stride = 83, .is_of_push = true),
    SCENARIO(push_returned, .stride = 113, .is_of_push = true),
    SCENARIO(dispute_won, .stride = 61),
    SCENARIO(dispute_lost, .stride = 83),
    SCENARIO(deal, .stride = 53),
    SCENARIO(transfer_and_refund, .stride = 71, .is_sandbox = true),
    SCENARIO(month_won, .stride = 79),
    SCENARIO(month_lost, .stride = 89),
    SCENARIO(renewal, .stride = 71),
    SCENARIO(forgiveness, .stride = 97),
    SCENARIO(payouts_limited, .stride = 797),
    SCENARIO(partner_suspended, .stride = 613),
    SCENARIO(author_left, .stride = 587),
    SCENARIO(store_moved, .stride = 421),
    SCENARIO(nobody_pays, .stride = 67),
    SCENARIO(nobody_pays_here, .stride = 97, .is_sandbox = true),
    SCENARIO(declined_and_suspended),
};
#define SCENARIOS (sizeof scenarios / sizeof scenarios[0])

void scenarios_once(void)
{
    for (size_t i = 0; i < SCENARIOS; i++)
        scenario_play(&scenarios[i], 0);
    QUESTION(sim_relieved, "select count(*) from balance_relief"); /* a person may relieve of so much a day */
    if (question_ask(sim_outside(), &sim_relieved) == 0)
        own_sales_relieved();
}

/* ---- at every point ---- */

#define WORLDS_MOST 300 /* in one database, when all points are played */

struct ends {
    struct scenario scenario;
    int64_t point, points; /* points: of the last play */
    int64_t n, n_bad;
};

static void play_once(void *context)
{
    struct ends *e = context;
    e->points = scenario_play(&e->scenario, e->point);
}

static void add_up(void *context)
{
    (void)context;
    judge_invariants();
}

/* What a bad one leaves is not to be taken for the fault of others: they have a new database. */
static void holds(struct ends *e, void (*body)(void *), const char *point)
{
    if (test_try(body, e, "./stoa sim --points %s %s%s", e->scenario.name, fate_name(e->scenario.fate), point))
        return;
    e->n_bad++;
    sim_renew();
}

static void end_at(struct ends *e, int64_t point)
{
    char text[32];
    snprintf(text, sizeof text, " %lld", (long long)point);
    e->point = point;
    e->n += point > 0;
    holds(e, play_once, text);
}

/* STOA_SIM_POINTS="charge LOST 17", or its first words: nothing else. *point: that number, or -1. */
static bool is_chosen(const struct scenario *s, int64_t *point)
{
    const char *chosen = getenv("STOA_SIM_POINTS");
    char name[64], fate[32];
    long long n;
    int words = chosen ? sscanf(chosen, "%63s %31s %lld", name, fate, &n) : 0;
    *point = words > 2 ? n : -1;
    return (words < 1 || strcmp(name, s->name) == 0) && (words < 2 || strcmp(fate, fate_name(s->fate)) == 0);
}

/* With STOA_SIM_ALL=1 shares of the tests divide the points of each scenario, else the scenarios. */
static void scenario_exhaust(struct ends *e)
{
    static int64_t n_scenarios;
    const struct scenario *s = &e->scenario;
    int64_t stride = s->fate == FATE_GOOD ? s->stride : s->fated, only;
    bool is_all = getenv("STOA_SIM_ALL");
    if (stride == 0 || !is_chosen(s, &only) || (!is_all && !test_is_mine(n_scenarios++)))
        return;
    end_at(e, only > 0 ? only : 0);
    int64_t points = only >= 0 || e->n_bad ? 0 : e->points;
    for (int64_t point = 1; point <= points; point++)
        if (is_all ? test_is_mine(point - 1) : (point - 1 - (int64_t)s->fate) % stride == 0)
            end_at(e, point);
    holds(e, add_up, "");
    if (is_all && sim_worlds() > WORLDS_MOST)
        sim_renew();
    printf("# %s %s: %lld ends, %lld bad\n", s->name, fate_name(s->fate), (long long)e->n, (long long)e->n_bad);
}

SHARED_TEST(each_scenario_survives_an_end_at_every_point)
{
    int64_t n_bad = 0;
    for (size_t i = 0; i < SCENARIOS; i++)
        for (enum fate fate = FATE_GOOD; fate < FATE_COUNT; fate++) {
            struct ends e = { .scenario = scenarios[i] };
            e.scenario.fate = fate;
            scenario_exhaust(&e);
            n_bad += e.n_bad;
        }
    CHECK_I64(n_bad, 0);
}
