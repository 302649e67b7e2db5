/*
 * Worlds at random: partners create, confirm, capture, refund, cancel and pay out, singly, in lists and at set times,
 * some of it twice at once, in currencies with and without cents, little and as much as there may be; buyers pay by
 * card and by wallet, and by the month, with a card that is good or not; orders get lost or come late, statements fail,
 * messages overtake, repeat and wait, the process ends now and then. In the end everybody has an answer, and the books
 * are the acquirer's. Each seed is played twice and must leave the same trace. STOA_SIM_SEED=N plays that one,
 * STOA_SIM_SEEDS=N as many from there on.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/judge.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"
#include "tests/sim/parties.h"
#include "tests/sim/play.h"
#include "tests/sim/registries.h"
#include "tests/sim/reversals.h"
#include "tests/sim/tariffs.h"
#include "tests/sim/terms.h"

#define FIRST_SEED 1
#define SEEDS 4
#define STEPS 60
#define STEPS_AFTER 20
#define MOVES_OF 4 /* in every fourth world the store moves to another partner */
#define MONTHLY_TURNS 16
#define DAILY_TURNS 3
#define SANDBOX_OF 3 /* every third world is a sandbox's */
#define REFUSALS 300
#define SUBSCRIBER_OF 3 /* in every third one, another one, a buyer pays by the month */

/* ---- what partners ask for ---- */

/* One that was paid or authorised, as far as its partner was told at once; mostly, for the others have nothing to give.
 */
static str payment_draw(struct play *p, bool is_paid)
{
    size_t first = p->n_calls ? sim_draw(p->n_calls) : 0;
    is_paid = is_paid && sim_draw(5);
    for (size_t i = 0; is_paid && i < p->n_calls; i++) {
        const struct call *c = p->calls[(first + i) % p->n_calls];
        str status = c->status == 200 || c->status == 201 ? call_member(c, "status") : STR_NONE;
        if (str_starts(c->path, STR("/v1/payments")) &&
            (str_eq(status, STR("succeeded")) || str_eq(status, STR("requires_capture"))) &&
            str_starts(call_member(c, "id"), STR("pay_")))
            return call_member(c, "id");
    }
    return p->n_payments ? p->payments[sim_draw(p->n_payments)] : STR_NONE;
}

static void ask_of(struct play *p, const char *step, str body)
{
    struct arena *a = sim_memory();
    str payment = payment_draw(p, strcmp(step, "confirm") != 0);
    if (!str_given(payment))
        return;
    str path = arena_printf(a, "/v1/payments/%.*s/%s", STR_ARG(payment), step);
    play_ask(p, call_make(arena_cstr(a, path), body.n ? arena_cstr(a, body) : NULL));
}

static void create(struct play *p)
{
    if (p->n_payments == PAYMENTS_MAX)
        return;
    const char *method = sim_draw(2) ? ",\"capture_method\":\"manual\"" : "";
    bool is_deal = sim_draw(4) == 0;
    if (is_deal)
        life_is_wide(true);
    str split = terms_split(),
        more = arena_printf(sim_memory(), "%s%.*s%s", method, STR_ARG(split),
                            !is_deal ? ""
                            : sim_draw(2)
                                ? ",\"hold\":{\"until\":\"delivered\",\"ends_after\":\"PT2H\",\"at_end\":\"return\"}"
                                : ",\"hold\":{\"until\":\"delivered\",\"ends_after\":\"P3D\"}");
    struct call *c = payment_ask_of(terms_price(), arena_cstr(sim_memory(), more));
    call_finish(c);
    if (c->status == 201) /* or it is less than its split gives away */
        p->payments[p->n_payments++] = call_member(c, "id");
}

static void confirm(struct play *p)
{
    static const char *const tokens[] = { "tok_ok", "tok_ok", "tok_no", "tok_act" };
    const char *instead = sim_draw(3) == 0 ? ",\"replace_attempt\":true" : "";
    size_t with = sim_draw(6);
    str how = with >= 4 ? STR("\"method\":\"wallet\",\"return_url\":\"https://store.example/thanks\"")
                        : arena_printf(sim_memory(), "\"payment_token\":\"%s\"", tokens[with]);
    ask_of(p, "confirm", arena_printf(sim_memory(), "{%.*s%s}", STR_ARG(how), instead));
}

/* The buyer's bank asks him, and meanwhile it is given up; he may say yes after all (buyer). */
static void give_up(struct play *p)
{
    struct arena *a = sim_memory();
    if (!sim_has_room())
        return;
    str payment = payment_make(sim_draw(3) ? "" : ",\"capture_method\":\"manual\"");
    const bool is_wallet = sim_draw(3) == 0, is_replaced = sim_draw(2);
    client_post(payment, "confirm",
                is_wallet ? "{\"method\":\"wallet\",\"return_url\":\"https://store.example/thanks\"}"
                          : "{\"payment_token\":\"tok_act\"}");
    str path = arena_printf(a, "/v1/payments/%.*s/%s", STR_ARG(payment), is_replaced ? "confirm" : "cancel");
    play_ask(p, call_make(arena_cstr(a, path),
                          is_replaced ? "{\"payment_token\":\"tok_ok\",\"replace_attempt\":true}" : NULL));
}

/* Made and confirmed by one request. */
static void pay(struct play *p)
{
    static const char *const means[] = { "\"payment_token\":\"tok_ok\"",  "\"payment_token\":\"tok_ok\"",
                                         "\"payment_token\":\"tok_ok\"",  "\"payment_token\":\"tok_no\"",
                                         "\"payment_token\":\"tok_act\"", "\"method\":\"wallet\"" };
    const char *manual = sim_draw(3) == 0 ? ",\"capture_method\":\"manual\"" : "";
    str split = terms_split();
    str more = arena_printf(sim_memory(), ",\"return_url\":\"https://store.example/thanks\",\"confirm\":{%s}%s%.*s",
                            means[sim_draw(6)], manual, STR_ARG(split));
    play_ask(p, payment_ask_of(terms_price(), arena_cstr(sim_memory(), more)));
}

static void capture(struct play *p)
{
    str body = arena_printf(sim_memory(), "{\"amount\":%lld,\"final\":%s}", (long long)terms_part(500),
                            sim_draw(3) ? "false" : "true");
    ask_of(p, "capture", body);
}

static void refund(struct play *p)
{
    str body = arena_printf(sim_memory(), "{\"amount\":%lld}", (long long)terms_part(400));
    ask_of(p, "refunds", sim_draw(4) ? body : STR("{}"));
}

/* Of a payment that is no deal, too: there is nothing to release. */
static void release(struct play *p)
{
    str body = arena_printf(sim_memory(), "{\"amount\":%lld}", (long long)terms_part(600));
    ask_of(p, "release", sim_draw(3) ? body : STR("{}"));
}

static void cancel(struct play *p)
{
    ask_of(p, "cancel", STR(""));
}

/* A buyer's card is empty, lost, good again; he pays what is open, is forgiven it, or does not want it any more for a
 * while. */
static void subscriber(struct play *p)
{
    static const char *const acts[][2] = { { "resume", NULL },
                                           { "resume", NULL },
                                           { "resume", NULL },
                                           { "resume", NULL },
                                           { "pause", NULL },
                                           { "cancel", "{\"at_period_end\":true}" },
                                           { "change", "{\"quantity\":2}" },
                                           { "change", "{\"quantity\":1}" } };
    struct arena *a = sim_memory();
    if (!str_given(p->subscription))
        return;
    const size_t n_acts = sizeof acts / sizeof acts[0], what = sim_draw(2 * n_acts);
    if (what < n_acts) {
        str path = arena_printf(a, "/v1/subscriptions/%.*s/%s", STR_ARG(p->subscription), acts[what][0]);
        play_ask(p, call_make(arena_cstr(a, path), acts[what][1]));
        return;
    }
    kept_is(sim_draw(2) ? KEPT_GOOD : (enum kept_mood)sim_draw(KEPT_MOODS));
    str owed = client_owed(p->subscription);
    if (str_given(owed) && sim_draw(4) == 0) {
        str path = arena_printf(a, "/v1/payments/%.*s/confirm", STR_ARG(owed));
        play_ask(p, call_make(arena_cstr(a, path), "{\"payment_token\":\"tok_ok\"}"));
    } else if (str_given(owed) && sim_draw(4) == 0) {
        str path = arena_printf(a, "/v1/invoices/%.*s/void", STR_ARG(client_owed_invoice(p->subscription)));
        play_ask(p, call_make(arena_cstr(a, path), NULL));
    }
}

/* One that was answered so, drawn; NULL: none. */
static const struct call *answered(struct play *p, const char *path, int status)
{
    size_t first = p->n_calls ? sim_draw(p->n_calls) : 0;
    for (size_t i = 0; i < p->n_calls; i++) {
        const struct call *c = p->calls[(first + i) % p->n_calls];
        if (c->status == status && str_ends(c->path, str_of(path)))
            return c;
    }
    return NULL;
}

static void cancel_one(struct play *p, const struct call *of, const char *path)
{
    if (!of || !str_given(call_member(of, "id")))
        return;
    str to = arena_printf(sim_memory(), "%s/%.*s/cancel", path, STR_ARG(call_member(of, "id")));
    play_ask(p, call_make(arena_cstr(sim_memory(), to), NULL));
}

/* A payout on any step of its way; a refund that waits, or does no more. */
static void take_back(struct play *p)
{
    if (sim_draw(3))
        cancel_one(p, answered(p, "/v1/payouts", 201), "/v1/payouts");
    else
        cancel_one(p, answered(p, "/refunds", 202), "/v1/refunds");
}

static void operate(struct play *p)
{
    (void)p;
    operator_acts();
}

static void remit(struct play *p)
{
    (void)p;
    remitter_acts();
}

static void settle(struct play *p)
{
    (void)p;
    registries_act();
}

/* A double click, a retry by a proxy: the same request under the same key, while the first may be at work. */
static void ask_twice(struct play *p)
{
    if (p->n_calls == 0)
        return;
    struct call *again = arena_new(sim_memory(), struct call);
    *again = *p->calls[sim_draw(p->n_calls)];
    again->tries = again->status = 0;
    again->answer = STR_NONE;
    play_ask(p, again);
}

/* ---- what happens besides ---- */

static void stir(struct play *p)
{
    (void)p;
    if (sim_has_room())
        life_stirs();
}

static void buyer(struct play *p)
{
    (void)p;
    bool approves = sim_draw(3) > 0;
    if (sim_draw(2) || !wallet_answers(approves))
        buyer_answers(approves);
}

/* A buyer's bank takes money back, or decides; the partner gives in. */
static void dispute(struct play *p)
{
    (void)p;
    life_is_wide(true);
    if (sim_draw(2))
        bank_disputes(sim_draw(4) == 0);
    else
        bank_decides(sim_draw(2));
}

static void wait(struct play *p)
{
    static const int64_t seconds[] = { 1, 5, 40, 130, 1800 };
    (void)p;
    sim_pass(SECONDS(seconds[sim_draw(sizeof seconds / sizeof seconds[0])]));
}

/* A sandbox's partner goes by a clock that stands still meanwhile. */
static void suspend(struct play *p)
{
    (void)p;
    if (client_is_sandbox() || sim_draw(3))
        return;
    judge_settle(); /* an operation that nobody looks after is a person's after a day */
    parties_suspend();
    play_roughen();
}

static void tariff(struct play *p)
{
    (void)p;
    tariffs_change();
}

static void author_leaves(struct play *p)
{
    (void)p;
    if (str_given(terms_author()) && sim_draw(3) == 0)
        parties_leave(terms_author());
}

/* Long enough for payments and authorisations to end; not for an operation that nobody looked after meanwhile, which
 * is a person's after a day. */
static void days(struct play *p)
{
    if (sim_draw(str_given(p->subscription) ? 2 : 4))
        return;
    judge_settle();
    if (client_is_sandbox())
        client_days(1 + (int64_t)sim_draw(8));
    else
        sim_pass(DAYS((int64_t)sim_draw(str_given(p->subscription) && sim_draw(2) ? 40 : 8)));
    play_roughen();
}

static void die(struct play *p)
{
    (void)p;
    if (sim_draw(3) == 0)
        sim_crash_at(1 + (int64_t)sim_draw(12));
}

static void (*const steps[])(struct play *) = { play_payout,
                                                play_payout_list,
                                                play_payout_confirm,
                                                play_payout_confirm,
                                                create,
                                                confirm,
                                                confirm,
                                                capture,
                                                refund,
                                                refund,
                                                release,
                                                cancel,
                                                ask_twice,
                                                stir,
                                                stir,
                                                buyer,
                                                dispute,
                                                wait,
                                                days,
                                                die,
                                                play_schedule,
                                                subscriber,
                                                subscriber,
                                                pay,
                                                pay,
                                                pay,
                                                refund,
                                                take_back,
                                                operate,
                                                operate,
                                                play_payout_at_once,
                                                play_payout_at_once,
                                                remit,
                                                remit,
                                                settle,
                                                settle,
                                                give_up,
                                                give_up,
                                                buyer,
                                                play_payouts_at_once,
                                                play_midnight,
                                                play_for_what_is_left,
                                                suspend,
                                                author_leaves,
                                                tariff };

/* What can be done of a store that has moved away. */
static void (*const steps_after[])(struct play *) = { play_payout_at_once,
                                                      play_payouts_at_once,
                                                      confirm,
                                                      capture,
                                                      refund,
                                                      release,
                                                      cancel,
                                                      ask_twice,
                                                      stir,
                                                      buyer,
                                                      dispute,
                                                      wait,
                                                      die,
                                                      take_back,
                                                      operate,
                                                      subscriber,
                                                      settle,
                                                      author_leaves };

/* What was agreed to goes on for weeks, with a sale, a wish or an end of the process now and then. */
static void weeks(struct play *p)
{
    bool subscribes = str_given(p->subscription);
    for (int i = 0; i < (subscribes ? MONTHLY_TURNS : DAILY_TURNS); i++) {
        play_roughen();
        subscriber(p);
        create(p);
        confirm(p);
        die(p);
        sim_run();
        judge_settle();
        if (client_is_sandbox())
            client_days(1 + (int64_t)sim_draw(3));
        else
            sim_pass(HOURS(1 + (int64_t)sim_draw(subscribes ? 120 : 36)));
        play_roughen();
        life_goes_on();
        judge_settle();
    }
}

/* ---- a world ---- */

static bool is_worth_keeping(const struct call *c)
{
    return (c->status >= 200 && c->status < 300 && c->status != 202) || c->status == 402;
}

/* What was answered once is answered again, byte for byte. */
static void answers_are_kept(struct play *p)
{
    for (size_t i = 0; i < p->n_calls; i++) {
        struct call *c = p->calls[i];
        str said = c->answer;
        int status = c->status;
        if (!is_worth_keeping(c))
            continue;
        c->ended = false;
        c->tries = 0;
        call_finish(c);
        CHECK_I64(c->status, status);
        CHECK_STR(c->answer, said);
    }
}

static void steps_take(struct play *p, void (*const *of)(struct play *), size_t n_of, int n)
{
    for (int i = 0; i < n; i++) {
        const size_t step = sim_draw(n_of);
        sim_note("step", (int64_t)step);
        of[step](p);
        for (uint64_t more = sim_draw(12); more > 0 && sim_step(); more--)
            continue;
    }
}

static uint64_t world_play(uint64_t seed)
{
    sim_begin(seed);
    network_begin();
    client_begin_in(seed % SANDBOX_OF == 1, terms_currency());
    terms_draw();
    struct play *p = arena_new(sim_memory(), struct play);
    if (seed % SUBSCRIBER_OF == 0)
        life_is_wide(true);
    if (seed % SUBSCRIBER_OF == 0)
        p->subscription = client_subscribe();
    play_roughen();
    reversals_rate(REFUSALS);
    steps_take(p, steps, sizeof steps / sizeof steps[0], STEPS);
    if (seed % MOVES_OF == 2 && !client_is_sandbox()) {
        parties_store_moves();
        steps_take(p, steps_after, sizeof steps_after / sizeof steps_after[0], STEPS_AFTER);
    }
    if (str_given(p->subscription) || (play_schedule_of(p) && sim_draw(2)))
        weeks(p);
    sim_crash_at(0);
    judge_settle();
    for (size_t i = 0; i < p->n_calls; i++)
        call_finish(p->calls[i]);
    schedules_end();
    if (str_given(p->subscription))
        client_unsubscribe(p->subscription); /* worlds share a database, and the ones after this go on in time */
    judge_end();
    terms_judge();
    answers_are_kept(p);
    return sim_trace();
}

static uint64_t number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : otherwise;
}

TEST(random_worlds_end_with_the_acquirers_books)
{
    uint64_t first = number_of("STOA_SIM_SEED", FIRST_SEED);
    uint64_t n = number_of("STOA_SIM_SEEDS", getenv("STOA_SIM_SEED") ? 1 : SEEDS);
    for (uint64_t seed = first; seed < first + n; seed++) {
        printf("# seed %llu\n", (unsigned long long)seed);
        uint64_t trace = world_play(seed);
        if (trace != world_play(seed))
            test_fail(__FILE__, __LINE__, "seed %llu leaves two traces", (unsigned long long)seed);
        judge_invariants();
    }
}
