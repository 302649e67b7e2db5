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
#define CALLS_MAX 400
#define SHARE 23 /* one of so many faults, but with STOA_TORTURE_ALL */

struct run {
    const struct torture_case *c;
    struct fault_plan plan;
    int64_t calls[CALL_KIND_COUNT];
    int status;      /* of the answer in the end */
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

/* Errors that docs/protocol/pay-api.md promises for what was done to it. */
static bool is_documented(const struct run *r, const struct call *c, int wanted)
{
    if (!c->ended)
        return r->plan.fault == FAULT_OF_MEMORY;
    if (c->status == wanted || c->status == 202)
        return true;
    if (r->plan.fault == FAULT_OF_BUG)
        return c->status == 500 && memmem(c->answer.p, c->answer.n, "server_error", 12);
    if (fault_call(r->plan.fault) == CALL_REQUEST && c->status == 402)
        return true;
    return c->status == 503 && memmem(c->answer.p, c->answer.n, "temporarily_unavailable", 23);
}

static void life_is_well(void)
{
    struct call plain = { .method = GET, .path = STR("/v1/balance") };
    once(&plain);
    CHECK_I64(plain.status, 200);
}

static void play(struct run *r, int wanted)
{
    struct counts before, after;
    sim_begin(SEED);
    network_begin();
    things_begin();
    client_begin(r->c->is_sandbox);
    struct call *c = call_of(r->c);
    counts_take(&before);
    fault_begin(r->plan);
    once(c);
    for (size_t i = 0; i < CALL_KIND_COUNT; i++)
        r->calls[i] = fault_calls((enum call_kind)i);
    fault_begin((struct fault_plan){ 0 });
    if (r->plan.fault && !is_documented(r, c, wanted))
        test_fail(__FILE__, __LINE__, "%s: %d %.*s", r->c->name, c->ended ? c->status : 0, STR_ARG(c->answer));
    life_is_well();
    bool changes = r->c->route->method != GET;
    if (changes)
        judge_settle();
    c->ended = false;
    c->tries = 0;
    call_finish(c);
    if (changes)
        judge_settle();
    r->status = c->status;
    counts_take(&after);
    counts_less(&after, &before, &r->change);
    if (wanted && r->status != wanted && !(r->status == 202 && changes))
        test_fail(__FILE__, __LINE__, "%s: asked again %d %.*s", r->c->name, c->status, STR_ARG(c->answer));
    if (changes)
        judge_end();
    if (!r->plan.fault && (r->status < 200 || r->status >= 400))
        test_fail(__FILE__, __LINE__, "%s is no good request: %d %.*s", r->c->name, r->status, STR_ARG(c->answer));
}

/* ---- all of them ---- */

struct matrix {
    struct run good, one;
    int64_t n_runs, n_seen, n_failed;
    bool is_all;
};

static void one_run(void *context)
{
    struct matrix *m = context;
    play(&m->one, m->good.status);
    if (fault_call(m->one.plan.fault) != CALL_REQUEST) /* an order that failed is one that was made */
        counts_are(&m->one.change, &m->good.change);
}

static void try_one(struct matrix *m, struct fault_plan plan)
{
    m->one = (struct run){ .c = m->good.c, .plan = plan };
    m->n_runs++;
    if (test_holds(one_run, m))
        return;
    m->n_failed++;
    printf("# FAILED ./stoa torture %s %s %lld%s\n", m->one.c->name, fault_name(plan.fault), (long long)plan.at,
           plan.and_later ? "+" : "");
}

static void try_fault(struct matrix *m, enum fault_kind fault)
{
    int64_t n = m->good.calls[fault_call(fault)];
    CHECK(n < CALLS_MAX);
    for (int64_t at = 1; at <= n; at++)
        for (int later = 0; later <= (fault != FAULT_OF_MEMORY && at < n); later++)
            if (m->is_all || m->n_seen++ % SHARE == 0)
                try_one(m, (struct fault_plan){ fault, at, later });
}

static void good_run(void *context)
{
    struct matrix *m = context;
    play(&m->good, 0);
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

TEST(whatever_call_fails_what_was_asked_for_happens_once)
{
    struct matrix m = { .is_all = getenv("STOA_TORTURE_ALL") != NULL };
    const char *what = getenv("STOA_TORTURE"), *name = getenv("STOA_TORTURE_CASE");
    if (what) {
        only(&m, what);
        return;
    }
    for (size_t i = 0; torture_case(i); i++) {
        if (name && strcmp(name, torture_case(i)->name) != 0)
            continue;
        m.good = (struct run){ .c = torture_case(i) };
        if (!test_holds(good_run, &m)) {
            printf("# FAILED ./stoa torture %s NONE 0\n", torture_case(i)->name);
            m.n_failed++;
            continue;
        }
        for (int kind = 1; kind < FAULT_KIND_COUNT; kind++)
            try_fault(&m, (enum fault_kind)kind);
        if (m.is_all)
            judge_invariants();
    }
    judge_invariants();
    printf("# %lld faults\n", (long long)m.n_runs);
    CHECK_I64(m.n_failed, 0);
}
