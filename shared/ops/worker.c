/*
 * Fixed rings of waiting items and the workers that take them, threads or fibers. All are created at start, none later.
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
static struct metric refused_items = { .name = "stoa_queue_refused_total",
                                       .help = "Requests refused because the queue was full",
                                       .n = 1 };

struct item {
    void (*run)(struct task *t, void *item); /* NULL: there is none */
    void *item;
};

struct worker {
    struct worker_pool *pool;
    pthread_t thread; /* where it has one of its own */
    int slot;
    struct stand *stand;
    struct parking called;
    struct item item; /* written before it is called; none: stop */
    struct worker *idle_before;
};

/* Where the idle workers of one thread stand, the last one first; each of those with a thread of their own stands with
 * the others of them. */
struct stand {
    struct worker *idle;
    unsigned n_idle;
};

struct ring {
    struct item *items;
    size_t cap, first, waiting;
};

struct worker_pool {
    struct worker_config config;
    pthread_mutex_t lock;
    struct carriers *carriers; /* NULL: each worker is a thread */
    struct stand *stands;
    unsigned n_stands;
    struct ring queues[N_QUEUES];
    bool stopping, finished;
    struct worker *workers;
};

static bool ring_put(struct ring *r, struct item item)
{
    if (r->waiting == r->cap)
        return false;
    r->items[(r->first + r->waiting++) % r->cap] = item;
    return true;
}

static bool ring_take(struct ring *r, struct item *ret)
{
    if (r->waiting == 0)
        return false;
    *ret = r->items[r->first];
    r->first = (r->first + 1) % r->cap;
    r->waiting--;
    return true;
}

/* The next item, for which it may wait; none: the pool is stopping and nothing is left. */
static struct item item_take(struct worker *me)
{
    struct worker_pool *w = me->pool;
    struct item item = { NULL, NULL };
    pthread_mutex_lock(&w->lock);
    bool got = ring_take(&w->queues[QUEUE_AHEAD], &item) || ring_take(&w->queues[QUEUE_COMMON], &item),
         waits = !got && !w->stopping;
    if (waits) {
        parking_init(&me->called);
        me->idle_before = me->stand->idle;
        me->stand->idle = me;
        me->stand->n_idle++;
    }
    pthread_mutex_unlock(&w->lock);
    if (got)
        metric_add(&waiting_items, 0, 0, -1);
    if (!waits)
        return item;
    parking_wait(&me->called);
    return me->item;
}

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
    }
    return idle;
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
    for (struct item item = item_take(me); item.run; item = item_take(me)) {
        task_begin(&t, wall_clock_now());
        item.run(&t, item.item);
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
    for (int i = 0; i < N_QUEUES; i++) {
        w->queues[i] = (struct ring){ .items = calloc(cap, sizeof(struct item)), .cap = cap };
        if (!w->queues[i].items)
            panic("out of memory");
    }
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

bool workers_push(struct worker_pool *w, enum queue queue, void (*run)(struct task *t, void *item), void *item)
{
    pthread_mutex_lock(&w->lock);
    struct worker *idle = w->stopping ? NULL : idle_take(w);
    bool queued = !idle && !w->stopping && ring_put(&w->queues[queue], (struct item){ run, item });
    if (idle)
        idle->item = (struct item){ run, item };
    pthread_mutex_unlock(&w->lock);
    if (idle)
        parking_call(&idle->called);
    else
        metric_add(queued ? &waiting_items : &refused_items, 0, 0, 1);
    return idle || queued;
}

void workers_finish(struct worker_pool *w)
{
    if (w->finished)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    for (struct worker *idle; (idle = idle_take(w)) != NULL;) {
        idle->item = (struct item){ NULL, NULL };
        parking_call(&idle->called);
    }
    pthread_mutex_unlock(&w->lock);
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
    for (int i = 0; i < N_QUEUES; i++)
        free(w->queues[i].items);
    free(w);
}
