/*
 * Worlds at random: partners create, confirm, capture, refund, cancel and pay out, singly and in lists, some of it
 * twice at once; buyers pay by the month; orders get lost or come late, statements fail, messages overtake, repeat and
 * wait, the process ends now and then. In the end everybody has an answer, and the books are the acquirer's. Each seed
 * is played twice and must leave the same trace. STOA_SIM_SEED=N plays that one, STOA_SIM_SEEDS=N as many from there
 * on.
 */
#include <stdlib.h>

#include "tests/sim/client.h"
#include "tests/sim/judge.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"

#define FIRST_SEED 1
#define SEEDS 6
#define STEPS 60
#define PAYMENTS_MAX 12
#define CALLS_MAX 200
#define RATE 120 /* per mille */
#define DECLINES 60
#define TROUBLE 8
#define SANDBOX_OF 3    /* every third world is a sandbox's */
#define SUBSCRIBER_OF 3 /* in every third one, another one, a buyer pays by the month */

struct play {
    str payments[PAYMENTS_MAX];
    size_t n_payments;
    struct call *calls[CALLS_MAX];
    size_t n_calls;
    str subscription; /* absent: nobody has one here */
};

/* ---- what partners ask for ---- */

static void ask(struct play *p, struct call *c)
{
    if (p->n_calls == CALLS_MAX || !sim_has_room())
        return;
    p->calls[p->n_calls++] = c;
    call_begin(c);
}

static void ask_of(struct play *p, const char *step, str body)
{
    struct arena *a = sim_memory();
    if (p->n_payments == 0)
        return;
    str payment = p->payments[sim_draw(p->n_payments)];
    str path = arena_printf(a, "/v1/payments/%.*s/%s", STR_ARG(payment), step);
    ask(p, call_make(arena_cstr(a, path), body.n ? arena_cstr(a, body) : NULL));
}

static void create(struct play *p)
{
    if (p->n_payments == PAYMENTS_MAX)
        return;
    const char *method = sim_draw(2) ? ",\"capture_method\":\"manual\"" : "";
    bool is_deal = sim_draw(4) == 0;
    if (is_deal)
        life_is_wide(true);
    str more =
        arena_printf(sim_memory(), "%s%s", method,
                     !is_deal      ? ""
                     : sim_draw(2) ? ",\"hold\":{\"until\":\"delivered\",\"ends_after\":\"PT2H\",\"at_end\":\"return\"}"
                                   : ",\"hold\":{\"until\":\"delivered\",\"ends_after\":\"P3D\"}");
    p->payments[p->n_payments++] = payment_make(arena_cstr(sim_memory(), more));
}

static void confirm(struct play *p)
{
    static const char *const tokens[] = { "tok_ok", "tok_ok", "tok_no", "tok_act" };
    const char *instead = sim_draw(3) == 0 ? ",\"replace_attempt\":true" : "";
    ask_of(p, "confirm", arena_printf(sim_memory(), "{\"payment_token\":\"%s\"%s}", tokens[sim_draw(4)], instead));
}

static void capture(struct play *p)
{
    str body = arena_printf(sim_memory(), "{\"amount\":%llu,\"final\":%s}", (unsigned long long)(1 + sim_draw(500)),
                            sim_draw(3) ? "false" : "true");
    ask_of(p, "capture", body);
}

static void refund(struct play *p)
{
    str body = arena_printf(sim_memory(), "{\"amount\":%llu}", (unsigned long long)(1 + sim_draw(400)));
    ask_of(p, "refunds", sim_draw(4) ? body : STR("{}"));
}

/* Of a payment that is no deal, too: there is nothing to release. */
static void release(struct play *p)
{
    str body = arena_printf(sim_memory(), "{\"amount\":%llu}", (unsigned long long)(1 + sim_draw(600)));
    ask_of(p, "release", sim_draw(3) ? body : STR("{}"));
}

static void cancel(struct play *p)
{
    ask_of(p, "cancel", STR(""));
}

static void payout(struct play *p)
{
    ask(p, payout_ask(sim_draw(SELLER_REQUISITES), 1 + (int64_t)sim_draw(900)));
}

static void payout_list(struct play *p)
{
    ask(p, payout_list_ask(1 + sim_draw(3)));
}

/* Any request for payouts that was answered: also one that is confirmed or gone. */
static void payout_confirm(struct play *p)
{
    size_t first = p->n_calls ? sim_draw(p->n_calls) : 0;
    for (size_t i = 0; i < p->n_calls; i++) {
        const struct call *c = p->calls[(first + i) % p->n_calls];
        if (c->status == 201 && str_given(c->mailed)) {
            ask(p, payout_confirm_ask(c));
            return;
        }
    }
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
    ask(p, again);
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
    buyer_answers(sim_draw(3) > 0);
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

/* Long enough for payments and authorisations to end; not for an operation that nobody looked after meanwhile, which
 * is a person's after a day. */
static void days(struct play *p)
{
    if (sim_draw(4))
        return;
    judge_settle();
    if (client_is_sandbox())
        client_days(1 + (int64_t)sim_draw(8));
    else
        sim_pass(DAYS((int64_t)sim_draw(str_given(p->subscription) ? 40 : 8)));
    network_rates(RATE);
    network_declines(DECLINES);
    sim_trouble(TROUBLE);
}

static void die(struct play *p)
{
    (void)p;
    if (sim_draw(3) == 0)
        sim_crash_at(1 + (int64_t)sim_draw(12));
}

static void (*const steps[])(struct play *) = { payout,  payout_list, payout_confirm, payout_confirm, create,
                                                confirm, confirm,     capture,        refund,         refund,
                                                release, cancel,      ask_twice,      stir,           stir,
                                                buyer,   dispute,     wait,           days,           die };

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

static uint64_t world_play(uint64_t seed)
{
    sim_begin(seed);
    network_begin();
    client_begin(seed % SANDBOX_OF == 1);
    struct play *p = arena_new(sim_memory(), struct play);
    life_is_wide(seed % SUBSCRIBER_OF == 0);
    if (seed % SUBSCRIBER_OF == 0)
        p->subscription = client_subscribe();
    network_rates(RATE);
    network_declines(DECLINES);
    sim_trouble(TROUBLE);
    for (int i = 0; i < STEPS; i++) {
        size_t step = sim_draw(sizeof steps / sizeof steps[0]);
        sim_note("step", (int64_t)step);
        steps[step](p);
        for (uint64_t n = sim_draw(12); n > 0 && sim_step(); n--)
            continue;
    }
    sim_crash_at(0);
    judge_settle();
    for (size_t i = 0; i < p->n_calls; i++)
        call_finish(p->calls[i]);
    if (str_given(p->subscription))
        client_unsubscribe(p->subscription); /* worlds share a database, and the ones after this go on in time */
    judge_end();
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
