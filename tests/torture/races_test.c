/*
 * Two operations that want the same money, each of them twice, on connections of their own and at the same moment
 * (SECURITY 5.3; tests/sim interleaves statements, and cannot show what happens between locks). Whoever was first: all
 * get an answer, the books are the acquirer's and the bank's, and what was told once is told again.
 * Without more: the pairs below that are always played, and each operation with one or two others.
 * STOA_RACES=N plays each pair N times; STOA_RACE="refund payout" that pair alone.
 */
#include <stdlib.h>
#include <string.h>

#include "paysrv/flow/access/partner_standing.h"
#include "paysrv/flow/acquirer/notification.h"
#include "paysrv/flow/party/freeze.h"
#include "paysrv/jobs.h"
#include "paysrv/store/user.sql.h"
#include "tests/sim/client.h"
#include "tests/sim/database.h"
#include "tests/sim/judge.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"
#include "tests/torture/torture.h"

#define SEED 23
#define TWICE 2
#define SHARE 29 /* one of so many of the other pairs, but with STOA_RACES */

struct operation {
    const char *name;
    const char *first, *path, *body; /* a request, each with a key of its own; first: what has to be there */
    err (*job)(struct task *t);
    bool is_message; /* what the acquirer has to say */
    void (*before)(void);
    bool takes; /* what comes before takes what others would need to begin */
};

/* ---- what has to have happened ---- */

static void dispute_begins(void)
{
    things_put("$paid");
    client_post(payment_make(""), "confirm", "{\"payment_token\":\"tok_ok\"}"); /* if the other has had it all */
    life_is_wide(true);
    CHECK(bank_disputes(false));
}

static void dispute_is_decided(void)
{
    things_put("$dispute");
    bank_decides(sim_draw(2)); /* or has, for the other */
}

/* Ordered, debited, and on its way back to us. */
static void payout_is_returned(void)
{
    things_put("$paid");
    struct call *asked = payout_ask(2, 100), *confirmed;
    call_finish(asked);
    CHECK_I64(asked->status, 201);
    confirmed = payout_confirm_ask(asked);
    call_finish(confirmed);
    CHECK_I64(confirmed->status, 200);
    for (int i = 0; i < 3; i++)
        life_goes_on();
}

/* So that the job begins what waits. */
static void queue_is_covered(void)
{
    QUESTION(race_covered, "with u as (update refund_queue set needs = 0 where status = 'queued' returning 1) "
                           "select count(*) from u");
    CHECK(question_ask(sim_outside(), &race_covered) > 0);
}

static void payout_is_ordered(void)
{
    things_put("$sent");
}

static void card_payout_is_confirmed(void)
{
    client_post(payment_make(""), "confirm", "{\"payment_token\":\"tok_ok\"}"); /* if the other has had it all */
    struct call *asked = payout_ask(SELLER_ACCOUNTS, 600);
    call_finish(asked);
    CHECK_I64(asked->status, 201);
    call_finish(payout_confirm_ask(asked));
}

static void month_is_over(void)
{
    things_put("$subscription");
    sim_pass(DAYS(32));
}

static void clocks_pass(void)
{
    sim_pass(MINUTES(11)); /* a code's life */
}

static void schedule_is_due(void)
{
    sim_pass(DAYS(28));
}

static void attempt_is_open(void)
{
    network_next(FATE_SILENT);
    client_post(payment_make(""), "confirm", "{\"payment_token\":\"tok_ok\"}");
}

static void charge_is_unheard(void)
{
    things_put("$unheard");
}

/* For a moment, at each place of what the other does. */
static err partner_is_away(struct task *t)
{
    const partner_id partner = { client_seller()->partner };
    TRY(partner_suspension_set(t, partner, STR("A reason")));
    return partner_suspension_set(t, partner, STR_NONE);
}

static err payouts_are_frozen(struct task *t)
{
    const struct seller *s = client_seller();
    bool changed;
    TRY(freeze_run(t, (partner_id){ s->partner }, (user_id){ s->user }));
    return freeze_end(t, (partner_id){ s->partner }, (user_id){ s->user }, &changed);
}

/* Three jobs, one after the other. */
static err what_is_held_moves(struct task *t)
{
    TRY(holdbacks_run(t));
    TRY(deals_run(t));
    TRY(holdbacks_run(t));
    return refund_queue_run(t);
}

#define PAYOUT "{\"user\":\"$user\",\"requisite\":\"$requisite\",\"amount\":600,\"currency\":\"EUR\"}"

static const struct operation operations[] = {
    { .name = "reversal_retry", .path = "/v1/operator/reversals/$reversal/retry", .body = "{}" },
    { .name = "reversal_settle",
      .path = "/v1/operator/reversals/$reversal/settle",
      .body = "{\"as\":\"bank\",\"note\":\"A reason\"}" },
    { .name = "resolve",
      .path = "/v1/operator/anomalies/$unheard/resolve",
      .body = "{\"as\":\"succeeded\",\"acquirer_ref\":\"$theirname\",\"note\":\"A reason\"}" },
    { .name = "heard", .is_message = true, .before = charge_is_unheard },
    { .name = "charge", .path = "/v1/payments/$payment/confirm", .body = "{\"payment_token\":\"tok_ok\"}" },
    { .name = "capture", .path = "/v1/payments/$held/capture", .body = "{\"amount\":600}" },
    { .name = "cancel", .path = "/v1/payments/$held/cancel" },
    { .name = "refund", .path = "/v1/payments/$paid/refunds", .body = "{\"amount\":600}" },
    { .name = "release", .path = "/v1/payments/$deal/release", .body = "{\"amount\":600}" },
    { .name = "refund_held", .path = "/v1/payments/$deal/refunds", .body = "{\"amount\":600}" },
    { .name = "refund_cancel", .path = "/v1/refunds/$queued/cancel", .before = queue_is_covered },
    { .name = "payout", .first = "$paid", .path = "/v1/payouts", .body = PAYOUT },
    { .name = "payout_confirm", .path = "/v1/payouts/$payout/confirm", .body = "{\"code\":\"$code\"}" },
    { .name = "payout_cancel", .path = "/v1/payouts/$payout/cancel" },
    { .name = "list_confirm", .path = "/v1/payout_lists/$list/confirm", .body = "{\"code\":\"$listcode\"}" },
    { .name = "dispute", .is_message = true, .before = dispute_begins, .takes = true },
    { .name = "dispute_decided", .is_message = true, .before = dispute_is_decided, .takes = true },
    { .name = "dispute_accept", .path = "/v1/disputes/$dispute/accept", .takes = true },
    { .name = "holdbacks", .job = what_is_held_moves },
    { .name = "forgive", .path = "/v1/invoices/$owed/void" },
    { .name = "unsubscribe", .path = "/v1/subscriptions/$subscription/cancel", .body = "{}" },
    { .name = "store_close", .path = "/v1/stores/$store/close", .body = "{}" },
    { .name = "freeze", .job = payouts_are_frozen },
    { .name = "suspension", .job = partner_is_away },
    { .name = "renewal", .job = subscriptions_run, .before = month_is_over },
    { .name = "schedule", .first = "$active", .job = schedules_run, .before = schedule_is_due },
    { .name = "exchange", .job = bank_exchange, .before = payout_is_ordered },
    { .name = "bank_return", .job = bank_exchange, .before = payout_is_returned },
    { .name = "send", .first = "$paid", .job = payouts_send, .before = card_payout_is_confirmed },
    { .name = "expire", .job = payouts_expire, .before = clocks_pass },
    { .name = "reconcile", .job = reconcile_run, .before = attempt_is_open },
    { .name = "fold", .job = ledger_fold },
    { .name = "settlement", .path = "/v1/operator/settlements", .body = "$registry" },
    { .name = "settle", .job = settlements_run },
};
#define OPERATIONS (sizeof operations / sizeof operations[0])

/* What wants the same money most directly: these are played always. */
static const struct named_pair {
    const char *a, *b;
} always[] = {
    { "refund", "payout" }, /* MONEY: one consistent outcome */
    { "refund", "payout_confirm" },
    { "refund", "refund" }, /* and others that give back what was paid */
    { "refund", "dispute" },
    { "refund", "capture" },
    { "dispute", "dispute_decided" },
    { "payout", "payout" }, /* of the whole balance: one wins */
    { "payout", "dispute" },
    { "payout", "schedule" },
    { "payout_confirm", "payout_confirm" },
    { "payout_confirm", "payout_cancel" },
    { "payout_confirm", "list_confirm" },
    { "payout_confirm", "schedule" },
    { "payout_confirm", "dispute" },
    { "payout_confirm", "freeze" },
    { "payout_confirm", "expire" },
    { "payout_cancel", "exchange" },
    { "list_confirm", "list_confirm" },
    { "exchange", "bank_return" },
    { "send", "freeze" },
    { "charge", "charge" },
    { "capture", "capture" },
    { "capture", "cancel" },
    { "release", "refund_held" },
    { "refund_cancel", "holdbacks" },
    { "renewal", "unsubscribe" },
    { "resolve", "heard" },
    { "resolve", "reconcile" },
    { "reversal_retry", "reversal_settle" },
    { "settlement", "settle" },
};
#define ALWAYS (sizeof always / sizeof always[0])

/* ---- a race ---- */

struct runner {
    const struct operation *operation;
    struct call *call; /* NULL: a job or a message */
    str message;
};

static void work(struct task *t, void *context)
{
    struct runner *r = context;
    err e = OK;
    if (r->call)
        call_serve(t, r->call);
    else if (r->operation->job)
        e = r->operation->job(t);
    else
        e = notification_apply(t, r->message, (struct acquirer_sender){ METHOD_CARD, FROM_EITHER });
    (void)e; /* comes again */
}

static void prepare(const struct operation *o)
{
    if (o->first)
        things_put(o->first);
    if (o->path)
        things_put(o->path);
    if (o->before)
        o->before();
}

static struct runner runner_of(const struct operation *o)
{
    struct runner r = { .operation = o };
    if (o->path) {
        r.call = call_make("", NULL);
        r.call->path = things_put(o->path);
        r.call->body = o->body ? things_put(o->body) : STR_NONE;
    } else if (o->is_message && !acquirer_message(&r.message)) {
        r.operation = NULL; /* read already, on the way of the other */
    }
    return r;
}

/* Nobody is told anything else than before, and everybody something. */
static void told_again(struct call *c)
{
    int status = c->status;
    str said = c->answer;
    bool is_kept = status >= 200 && status < 300 && status != 202;
    c->tries = 0;
    c->status = 0;
    call_finish(c);
    bool is_of_now = str_starts(c->path, STR("/v1/operator/")) || str_starts(c->path, STR("/v1/disputes/"));
    if (is_kept && (c->status >= 300 || (!is_of_now && !str_eq(c->answer, said))))
        test_fail(__FILE__, __LINE__, "%.*s: %d %.*s, and then %d %.*s", STR_ARG(c->path), status, STR_ARG(said),
                  c->status, STR_ARG(c->answer));
    if (c->status >= 500)
        test_fail(__FILE__, __LINE__, "%.*s: %d %.*s", STR_ARG(c->path), c->status, STR_ARG(c->answer));
}

struct pair {
    const struct operation *a, *b;
    uint64_t seed;
};

static void pair_play(void *context)
{
    const struct pair *p = context;
    struct runner runners[2 * TWICE];
    struct rival rivals[2 * TWICE];
    size_t n = 0;
    sim_begin(p->seed);
    network_begin();
    things_begin();
    client_begin(false);
    bank_use();
    prepare(p->a->takes ? p->b : p->a);
    prepare(p->a->takes ? p->a : p->b);
    for (size_t i = 0; i < 2 * TWICE; i++) {
        runners[n] = runner_of(i % 2 ? p->b : p->a);
        if (runners[n].operation)
            n++;
    }
    for (size_t i = 0; i < n; i++)
        rivals[i] = (struct rival){ .work = work, .context = &runners[i] };
    if (n > 0)
        sim_race(rivals, n);
    for (size_t i = 0; i < n; i++)
        if (runners[i].call && runners[i].call->status >= 500 && runners[i].call->status != 503)
            test_fail(__FILE__, __LINE__, "%.*s: %d %.*s", STR_ARG(runners[i].call->path), runners[i].call->status,
                      STR_ARG(runners[i].call->answer));
    judge_settle();
    for (size_t i = 0; i < n; i++)
        if (runners[i].call)
            told_again(runners[i].call);
    things_end();
    judge_end();
}

static bool is_meant(const struct operation *a, const struct operation *b)
{
    const char *only = getenv("STOA_RACE");
    char name[80], turned[80];
    snprintf(name, sizeof name, "%s %s", a->name, b->name);
    snprintf(turned, sizeof turned, "%s %s", b->name, a->name);
    return !only || strcmp(only, name) == 0 || strcmp(only, turned) == 0;
}

static bool is_always(const struct operation *a, const struct operation *b)
{
    for (size_t i = 0; i < ALWAYS; i++)
        if ((strcmp(always[i].a, a->name) == 0 && strcmp(always[i].b, b->name) == 0) ||
            (strcmp(always[i].a, b->name) == 0 && strcmp(always[i].b, a->name) == 0))
            return true;
    return false;
}

TEST(two_at_once_leave_the_books_of_one_after_the_other)
{
    const char *times = getenv("STOA_RACES");
    int64_t n_times = times ? strtoll(times, NULL, 10) : 1, n_pairs = 0, n_always = 0, n_failed = 0;
    bool is_all = times || getenv("STOA_RACE");
    for (size_t i = 0; i < OPERATIONS; i++)
        for (size_t j = i; j < OPERATIONS; j++) {
            bool is_named = is_always(&operations[i], &operations[j]);
            n_always += is_named;
            if (!is_meant(&operations[i], &operations[j]) || (!is_all && !is_named && (i + j) % SHARE != 0))
                continue;
            n_pairs++;
            for (int64_t k = 0; k < n_times; k++) {
                struct pair p = { &operations[i], &operations[j], SEED + (uint64_t)k };
                if (test_try(pair_play, &p, "./stoa torture --races 100 %s %s", p.a->name, p.b->name))
                    continue;
                n_failed++;
                break;
            }
        }
    CHECK(n_pairs > 0);
    CHECK_I64(n_always, (int64_t)ALWAYS); /* each name is an operation's */
    judge_invariants();
    printf("# %lld pairs, %lld times\n", (long long)n_pairs, (long long)n_times);
    CHECK_I64(n_failed, 0);
}
