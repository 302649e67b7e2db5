/* See spread.h. The lock is never held across waiting. */
#include "paysrv/flow/spread.h"

#include <pthread.h>

#include "paysrv/app.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "shared/ops/fiber.h"
#include "shared/ops/worker.h"

#define CLAIM_MOST 50
#define ROUND_MOST 5000
#define ROUND_LIMIT SECONDS(10)
#define FAILURES_MOST 2

struct round {
    struct task *t; /* the job's */
    const struct spread_work *work;
    struct worker_pool *crew; /* NULL: none */
    struct pace *pace;
    pthread_mutex_t lock;
    int32_t under_way, awaited; /* awaited: the job waits until no more are under way; below 0: it does not wait */
    bool has_asked;             /* somebody was called by a piece that has ended */
    struct parking called;
};

struct piece {
    struct round *round;
    str id;
    struct pace_start start;
};

static const struct app *app_of(struct task *t)
{
    return t->app;
}

static void piece_end(struct round *r, const struct pace_start *start, enum spread_outcome outcome, duration took)
{
    pthread_mutex_lock(&r->lock);
    if (outcome == SPREAD_DONE)
        pace_answered(r->pace, start, took);
    if (outcome == SPREAD_UNANSWERED)
        pace_failed(r->pace, start);
    if (outcome != SPREAD_UNASKED)
        r->has_asked = true;
    bool is_awaited = --r->under_way <= r->awaited;
    if (is_awaited)
        r->awaited = -1;
    pthread_mutex_unlock(&r->lock);
    if (is_awaited)
        parking_call(&r->called); /* and the round may be gone */
}

static void piece_run(struct task *t, const struct piece *p)
{
    int64_t began_us = monotonic_us();
    enum spread_outcome outcome = p->round->work->run(t, p->id);
    piece_end(p->round, &p->start, outcome, (duration){ monotonic_us() - began_us });
}

/* On a fiber of the crew, whose task is the job's for as long. */
static void piece_take(struct task *t, void *item)
{
    const struct piece *p = item;
    const struct task *job = p->round->t;
    t->what = job->what;
    t->request_id = job->request_id;
    piece_run(t, p);
}

/* Until one more may be under way; all: until none is. */
static void await(struct round *r, bool all)
{
    pthread_mutex_lock(&r->lock);
    int32_t most = all ? 0 : r->pace->at_once - 1;
    bool waits = r->under_way > most;
    if (waits) {
        parking_init(&r->called);
        r->awaited = most;
    }
    pthread_mutex_unlock(&r->lock);
    if (waits)
        parking_wait(&r->called);
}

static void put(struct round *r, str id)
{
    struct piece *p = arena_new(r->t->arena, struct piece);
    await(r, false);
    pthread_mutex_lock(&r->lock);
    r->under_way++;
    *p = (struct piece){ r, id, pace_begin(r->pace, r->under_way) };
    pthread_mutex_unlock(&r->lock);
    if (!r->crew || !workers_push(r->crew, QUEUE_COMMON, PARTY_NONE, (struct work_item){ piece_take, p }))
        piece_run(r->t, p);
}

static bool is_answered(struct round *r)
{
    pthread_mutex_lock(&r->lock);
    bool ret = r->pace->failures < FAILURES_MOST;
    pthread_mutex_unlock(&r->lock);
    return ret;
}

/* Nobody was called in this round by what has ended: of who does not answer it is still to be seen whether he does. */
static bool is_unasked(struct round *r)
{
    pthread_mutex_lock(&r->lock);
    bool ret = !r->has_asked;
    pthread_mutex_unlock(&r->lock);
    return ret;
}

/* Whether what was taken is begun: under a test clock all of it is, or its lease would end at a time that does not
 * come.
 */
static bool is_begun(struct round *r, int64_t most)
{
    return !r->crew || (!app_of(r->t)->service.is_stopping && (most == 1 || is_answered(r)));
}

/* Some of what is due; those that are taken and not begun are free again when their lease ends. */
static err some_put(struct round *r, size_t *n)
{
    int64_t most = is_answered(r) ? CLAIM_MOST : 1;
    str *ids;
    *n = 0;
    if (r->crew) /* its leases need the time of now */
        r->t->now = app_of(r->t)->env->now();
    TRY(r->work->claim(r->t, most, &ids, n));
    for (size_t i = 0; i < *n && is_begun(r, most); i++)
        if (str_given(ids[i]))
            put(r, ids[i]);
    if (most == 1)
        await(r, true);
    return OK;
}

static bool goes_on(struct round *r, size_t n, size_t done, int64_t until_us)
{
    return r->crew && n > 0 && done < ROUND_MOST && monotonic_us() < until_us && (is_answered(r) || is_unasked(r)) &&
           !app_of(r->t)->service.is_stopping;
}

err spread(struct task *t, const struct spread_work *work, size_t *n)
{
    struct pace alone = pace_of(1, 1, 0, 0);
    struct worker_pool *crew = clock_is_live(t) ? app_of(t)->service.crews[work->crew] : NULL;
    struct round r = { .t = t, .work = work, .crew = crew, .pace = crew ? work->pace : &alone, .awaited = -1 };
    int64_t until_us = monotonic_us() + ROUND_LIMIT.us;
    size_t some;
    err e;
    *n = 0;
    pthread_mutex_init(&r.lock, NULL);
    do {
        e = some_put(&r, &some);
        *n += some;
    } while (!e && goes_on(&r, some, *n, until_us));
    await(&r, true);
    if (!is_answered(&r) && crew)
        *n = 0;
    pthread_mutex_destroy(&r.lock);
    return e;
}
