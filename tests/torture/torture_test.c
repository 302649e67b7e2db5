/* See torture.h. */
#include "tests/torture/torture.h"

#include <stdlib.h>
#include <string.h>

#include "shared/db/db.h"
#include "tests/sim/client.h"
#include "tests/sim/fault.h"
#include "tests/sim/judge.h"
#include "tests/sim/life.h"
#include "tests/sim/network.h"
#include "tests/torture/counts.h"

#define SEED 11
#define OTHERS 7        /* one in so many routes that move no money has a fault, but with STOA_TORTURE_ALL */
#define WORLDS_MOST 300 /* in one database, when it is all of them */

struct run {
    const struct torture_case *c;
    struct fault_plan plan;
    int64_t calls[CALL_KIND_COUNT];
    int64_t middle;       /* statement of those that change what money is on; 0: none does */
    int first;            /* of the answer when nothing failed before */
    int status;           /* of the answer in the end */
    struct counts change; /* rows that are there because of it */
};

/* ---- one request ---- */

static struct call *call_of(const struct torture_case *c)
{
    if (c->first)
        things_put(c->first);
    str path = things_put(c->path), body = c->body ? things_put(c->body) : STR_NONE;
    struct call *call = call_make("", NULL);
    call->method = c->route->method;
    call->path = path;
    call->body = body;
    if (c->query)
        call->query = things_put(c->query);
    call->headers = c->header;
    call->n_headers = c->header != NULL;
    return call;
}

static void once(struct call *c)
{
    c->ended = false;
    call_begin(c);
    while (!c->ended && sim_step())
        if (sim_has_crashed())
            break;
}

static bool is_good(const struct call *c, const struct run *good)
{
    return c->ended && (c->status == good->first || c->status == good->status);
}

/* Errors that docs/protocol/pay-api.md promises for what was done to it. */
static bool is_documented(const struct run *r, const struct call *c, const struct run *good)
{
    if (!c->ended)
        return r->plan.fault == FAULT_OF_MEMORY;
    if (is_good(c, good) || c->status == 202)
        return true;
    if (r->plan.fault == FAULT_OF_BUG && memmem(c->answer.p, c->answer.n, "server_error", 12))
        return c->status == 500;
    if (fault_call(r->plan.fault) == CALL_REQUEST && c->status == 402)
        return true;
    return c->status == 503 && memmem(c->answer.p, c->answer.n, "temporarily_unavailable", 23);
}

static void life_is_well(void)
{
    struct call plain = { .method = GET, .path = STR("/v1/balance"), .query = things_put("user=$user") };
    once(&plain);
    CHECK_I64(plain.status, 200);
}

/* Under the same key until it is answered, and in any case once more: whoever has no key stops at a good answer. */
static void again(struct run *r, struct call *c, const struct run *good)
{
    if (r->c->has_no_key && is_good(c, good->c ? good : r))
        return;
    c->ended = false;
    c->tries = 0;
    call_finish(c);
}

static void judged(const struct run *r, const struct call *c, const struct run *good)
{
    if (!good->c && (r->first < 200 || r->first >= 400 || r->status < 200 || r->status >= 400))
        test_fail(__FILE__, __LINE__, "no good request: %d, %d %.*s", r->first, r->status, STR_ARG(c->answer));
    bool is_done = r->c->has_no_key &&
                   (r->status == 409 || r->status == 404); /* the answer was lost, and it is refused a second time */
    if (good->c && !is_good(c, good) && !is_done && !(r->status == 202 && r->c->route->method != GET))
        test_fail(__FILE__, __LINE__, "asked again: %d %.*s", c->status, STR_ARG(c->answer));
}

static void world_begin(bool is_sandbox)
{
    sim_begin(SEED);
    network_begin();
    things_begin();
    client_begin(is_sandbox);
    bank_use();
}

/* good: how it goes when nothing fails; for that run itself {0}. */
static void play(struct run *r, const struct run *good)
{
    struct counts before, after;
    bool changes = r->c->route->method != GET;
    world_begin(r->c->is_sandbox);
    struct call *c = call_of(r->c);
    counts_take(&before);
    fault_begin(r->plan);
    once(c);
    for (size_t i = 0; i < CALL_KIND_COUNT; i++)
        r->calls[i] = fault_calls((enum call_kind)i);
    r->middle = fault_middle();
    fault_begin((struct fault_plan){ 0 });
    r->first = c->ended ? c->status : 0;
    if (r->plan.fault && !is_documented(r, c, good))
        test_fail(__FILE__, __LINE__, "not documented: %d %.*s", r->first, STR_ARG(c->answer));
    if (r->plan.fault)
        life_is_well();
    if (changes)
        judge_settle();
    again(r, c, good);
    if (changes)
        judge_settle();
    r->status = c->status;
    judged(r, c, good);
    counts_take(&after);
    counts_less(&after, &before, &r->change);
    things_end();
    judge_end();
}

/* ---- all of them ---- */

struct matrix {
    struct run good, one;
    int64_t n_runs, n_failed; /* of a route */
    size_t place;             /* of it in the list */
    bool is_all;
};

static void one_run(void *context)
{
    struct matrix *m = context;
    play(&m->one, &m->good);
    bool is_compared = fault_call(m->one.plan.fault) != CALL_REQUEST; /* an order that failed is one that was made */
    if (is_compared && !m->one.c->has_no_key)
        counts_are(&m->one.change, &m->good.change);
}

static void good_run(void *context)
{
    struct matrix *m = context;
    const struct run none = { 0 };
    play(&m->good, &none);
}

static void add_up(void *context)
{
    (void)context;
    judge_invariants();
}

/* What a failure leaves is not to be taken for that of others: they have a new database. */
static bool holds(struct matrix *m, void (*body)(void *), const char *what)
{
    if (test_try(body, m, "./stoa torture %s%s", m->good.c->name, what))
        return true;
    m->n_failed++;
    sim_renew();
    return false;
}

static void try_one(struct matrix *m, struct fault_plan plan)
{
    char what[64];
    snprintf(what, sizeof what, " %s %lld%s", fault_name(plan.fault), (long long)plan.at, plan.and_later ? "+" : "");
    m->one = (struct run){ .c = m->good.c, .plan = plan };
    m->n_runs++;
    holds(m, one_run, what);
}

static void try_fault(struct matrix *m, enum fault_kind fault)
{
    int64_t n = m->good.calls[fault_call(fault)];
    for (int64_t at = 1; at <= n; at++)
        for (int later = 0; later <= (fault != FAULT_OF_MEMORY && at < n); later++)
            try_one(m, (struct fault_plan){ fault, at, later });
}

/* In the midst of what a route does to money, or else of all that it does; each in another way than the one before. */
static void try_middle(struct matrix *m)
{
    const struct run *good = &m->good;
    for (size_t i = 0; i < FAULT_KIND_COUNT; i++) {
        enum fault_kind fault = (enum fault_kind)(1 + (m->place + i) % (FAULT_KIND_COUNT - 1));
        enum call_kind kind = fault_call(fault);
        bool is_money = kind == CALL_STATEMENT && good->middle > 0;
        int64_t at = is_money ? good->middle : (good->calls[kind] + 1) / 2;
        if (at == 0)
            continue; /* it has no such calls */
        try_one(m, (struct fault_plan){ fault, at, false });
        return;
    }
}

static bool has_a_turn(size_t place)
{
    return place % OTHERS == 0;
}

static void try_route(struct matrix *m)
{
    bool is_good = holds(m, good_run, "");
    for (int kind = 1; is_good && m->is_all && kind < FAULT_KIND_COUNT; kind++)
        try_fault(m, (enum fault_kind)kind);
    if (is_good && !m->is_all && (m->good.middle || has_a_turn(m->place)))
        try_middle(m);
    if (!m->is_all)
        return;
    holds(m, add_up, "");
    printf("# %s: %lld faults, %lld bad\n", m->good.c->name, (long long)m->n_runs, (long long)m->n_failed);
    if (sim_worlds() > WORLDS_MOST)
        sim_renew();
}

/* ---- what is only read ---- */

/* And needs nothing that it would have to find untouched by others. */
static bool is_only_read(const struct torture_case *c, size_t place)
{
    bool is_alone = !c->first && !strchr(c->path, '$') && !(c->query && strchr(c->query, '$'));
    return !getenv("STOA_TORTURE_ALL") && c->route->method == GET && is_alone && !c->is_sandbox && !has_a_turn(place);
}

/* In one world, which it does not change. */
static void read_rest(void *context)
{
    int64_t *n_routes = context;
    world_begin(false);
    for (size_t i = 0; torture_case(i); i++) {
        const struct torture_case *c = torture_case(i);
        if (!is_only_read(c, i) || !test_is_mine((int64_t)i))
            continue;
        struct call *call = call_of(c);
        once(call);
        if (!call->ended || call->status < 200 || call->status >= 400)
            test_fail(__FILE__, __LINE__, "%s: %d %.*s", c->name, call->status, STR_ARG(call->answer));
        ++*n_routes;
    }
    judge_settle();
    things_end();
    judge_end();
}

/* "payments_confirm LOST 3+": that one alone. */
static void only(struct matrix *m, const char *what)
{
    char name[64], fault[32], later = 0;
    long long at;
    CHECK(sscanf(what, "%63s %31s %lld%c", name, fault, &at, &later) >= 3);
    for (size_t i = 0; torture_case(i); i++)
        if (strcmp(torture_case(i)->name, name) == 0)
            m->good.c = torture_case(i);
    CHECK(m->good.c);
    good_run(m);
    for (int kind = 1; kind < FAULT_KIND_COUNT; kind++)
        if (strcmp(fault_name((enum fault_kind)kind), fault) == 0)
            m->one = (struct run){ .c = m->good.c, .plan = { (enum fault_kind)kind, at, later == '+' } };
    CHECK(m->one.c);
    one_run(m);
    judge_invariants();
}

SHARED_TEST(whatever_call_fails_what_was_asked_for_happens_once)
{
    const char *what = getenv("STOA_TORTURE"), *name = getenv("STOA_TORTURE_CASE");
    int64_t n_routes = 0, n_runs = 0, n_failed = 0;
    if (what) {
        only(&(struct matrix){ 0 }, what);
        return;
    }
    for (size_t i = 0; torture_case(i); i++) {
        struct matrix m = { .is_all = getenv("STOA_TORTURE_ALL"), .place = i };
        m.good.c = torture_case(i);
        if (name ? strcmp(name, m.good.c->name) != 0 : !test_is_mine((int64_t)i) || is_only_read(m.good.c, i))
            continue;
        try_route(&m);
        n_routes++;
        n_runs += m.n_runs;
        n_failed += m.n_failed;
    }
    if (!getenv("STOA_TORTURE_ALL"))
        read_rest(&n_routes);
    CHECK(n_routes > 0); /* there is such a route */
    judge_invariants();
    printf("# %lld routes, %lld faults\n", (long long)n_routes, (long long)n_runs);
    CHECK_I64(n_failed, 0);
    CHECK(n_runs > 0);
}
