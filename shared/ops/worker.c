/*
 * What waits (fair_queue.h), and the workers that take it, threads or fibers. All are created at start, none later.
 * Who fell idle last is called first: its caches are warm and its database connection is open, and those that the load
 * does not need never open one.
 */
#include "shared/ops/worker.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include "shared/base/panic.h"
#include "shared/ops/fiber.h"
#include "shared/ops/metrics.h"
#include "shared/ops/priority.h"

#define TASK_FIRST_BLOCK_BYTES 4096
#define TASK_MAX_BYTES ((size_t)16 << 20)

static struct metric waiting_items = {
    .name = "stoa_queue_waiting", .help = "Requests that wait for a worker", .n = 1, .is_gauge = true
};
static const char *const refusals[] = { [FAIR_FULL] = "full", [FAIR_SHARE_USED] = "share" };
static struct metric refused_items = {
    .name = "stoa_queue_refused_total",
    .help = "Requests refused because the queue was full, or because their party had its share of it",
    .label = "because",
    .values = refusals + 1,
    .n = 2
};

struct worker {
    struct worker_pool *pool;
    pthread_t thread; /* where it has one of its own */
    int slot;
    struct stand *stand;
    struct parking called;
    struct work_item work; /* written before it is called; nothing: stop */
    unsigned line;         /* of the queue, that the work is of */
    struct worker *idle_before;
};

/* Where the idle workers of one thread stand, the last one first; each of those with a thread of their own stands with
 * the others of them. */
struct stand {
    struct worker *idle;
    unsigned n_idle;
};

struct worker_pool {
    struct worker_config config;
    pthread_mutex_t lock;
    struct carriers *carriers; /* NULL: each worker is a thread */
    struct stand *stands;
    unsigned n_stands, n_idle; /* n_idle: at all stands */
    struct fair_queue *queue;
    int64_t told; /* waiting, as the gauge has it */
    bool stopping, finished;
    struct worker *workers;
};

/* Of the thread that carries the fewest who are busy. With the lock held. */
static struct worker *idle_take(struct worker_pool *w)
{
    struct stand *s = w->stands;
    for (unsigned i = 1; i < w->n_stands; i++)
        if (w->stands[i].n_idle > s->n_idle)
            s = &w->stands[i];
    struct worker *idle = s->idle;
    if (idle) {
        s->idle = idle->idle_before;
        s->n_idle--;
        w->n_idle--;
    }
    return idle;
}

static void idle_stand(struct worker *me)
{
    parking_init(&me->called);
    me->idle_before = me->stand->idle;
    me->stand->idle = me;
    me->stand->n_idle++;
    me->pool->n_idle++;
}

/* Gives what waits to those who are idle, as far as it may have them. With the lock held. */
static void idle_call(struct worker_pool *w)
{
    unsigned line;
    for (struct work_item work; w->n_idle && (work = fair_queue_take(w->queue, w->n_idle, &line)).run;) {
        struct worker *idle = idle_take(w);
        idle->work = work;
        idle->line = line;
        parking_call(&idle->called);
    }
}

static void pool_unlock(struct worker_pool *w)
{
    int64_t more = (int64_t)fair_queue_waiting(w->queue) - w->told;
    w->told += more;
    pthread_mutex_unlock(&w->lock);
    if (more && w->config.serves)
        metric_add(&waiting_items, 0, 0, more);
}

/* The next work, for which it may wait; nothing: the pool is stopping and nothing is left. */
static struct work_item work_take(struct worker *me)
{
    struct worker_pool *w = me->pool;
    pthread_mutex_lock(&w->lock);
    if (me->work.run)
        fair_queue_done(w->queue, me->line);
    me->work = fair_queue_take(w->queue, w->n_idle + 1, &me->line);
    bool waits = !me->work.run && !w->stopping;
    if (waits)
        idle_stand(me);
    idle_call(w); /* whose work it was may have somebody else now */
    pool_unlock(w);
    if (waits)
        parking_wait(&me->called);
    return me->work;
}

static void worker_run(void *arg)
{
    struct worker *me = arg;
    struct worker_pool *w = me->pool;
    struct task t = { .arena = arena_create(TASK_FIRST_BLOCK_BYTES, TASK_MAX_BYTES), .app = w->config.app };
    t.slot = me->slot;
    t.what = "worker";
    t.now = wall_clock_now();
    if (w->config.low_priority)
        thread_step_back();
    if (w->config.start)
        w->config.start(&t);
    for (struct work_item work = work_take(me); work.run; work = work_take(me)) {
        task_begin(&t, wall_clock_now());
        work.run(&t, work.item);
        arena_reset(t.arena);
    }
    if (w->config.stop)
        w->config.stop(&t);
    arena_destroy(t.arena);
}

static void *worker_main(void *arg)
{
    worker_run(arg);
    return NULL;
}

static void threads_start(struct worker_pool *w)
{
    for (unsigned i = 0; i < w->config.n; i++)
        if (pthread_create(&w->workers[i].thread, NULL, worker_main, &w->workers[i]) != 0)
            panic("cannot create a worker thread");
}

struct worker_pool *workers_start(const struct worker_config *config)
{
    struct worker_pool *w = calloc(1, sizeof *w);
    unsigned n = config->n ? config->n : 1;
    size_t cap = config->queue_limit ? config->queue_limit : 1;
    unsigned n_stands = config->carriers ? config->carriers : 1;
    if (!w || !(w->workers = calloc(n, sizeof *w->workers)) || !(w->stands = calloc(n_stands, sizeof *w->stands)))
        panic("out of memory");
    w->n_stands = n_stands;
    w->queue = fair_queue_new(cap, n);
    metric_register(&waiting_items);
    metric_register(&refused_items);
    w->config = *config;
    w->config.n = n;
    pthread_mutex_init(&w->lock, NULL);
    for (unsigned i = 0; i < n; i++) {
        unsigned stand = config->carriers ? carrier_of(config->carriers, i) : 0;
        w->workers[i] = (struct worker){ .pool = w, .slot = config->first_slot + (int)i, .stand = &w->stands[stand] };
    }
    if (config->carriers)
        w->carriers = carriers_start(config->carriers, n, worker_run, w->workers, sizeof *w->workers);
    else
        threads_start(w);
    return w;
}

bool workers_push(struct worker_pool *w, enum queue queue, queue_party whose, struct work_item work)
{
    enum fair_verdict verdict = FAIR_FULL;
    pthread_mutex_lock(&w->lock);
    if (!w->stopping)
        verdict = fair_queue_put(w->queue, queue, whose, work);
    idle_call(w);
    pool_unlock(w);
    if (verdict != FAIR_TAKEN && w->config.serves)
        metric_add(&refused_items, 0, verdict - 1, 1);
    return verdict == FAIR_TAKEN;
}

void workers_finish(struct worker_pool *w)
{
    if (w->finished)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    fair_queue_open(w->queue);
    idle_call(w);
    for (struct worker *idle; (idle = idle_take(w)) != NULL;) {
        idle->work = (struct work_item){ NULL, NULL };
        parking_call(&idle->called);
    }
    pool_unlock(w);
    if (w->carriers)
        carriers_join(w->carriers);
    for (unsigned i = 0; !w->carriers && i < w->config.n; i++)
        pthread_join(w->workers[i].thread, NULL);
    w->finished = true;
}

void workers_stop(struct worker_pool *w)
{
    if (!w)
        return;
    workers_finish(w);
    pthread_mutex_destroy(&w->lock);
    free(w->workers);
    free(w->stands);
    fair_queue_free(w->queue);
    free(w);
}
