/* See pool.h. Whoever gives a connection back hands it to the one who waits longest, past those who come meanwhile. */
#include "shared/db/pool.h"

#include <pthread.h>
#include <stdlib.h>

#include "shared/base/panic.h"
#include "shared/db/conn.h"
#include "shared/ops/fiber.h"
#include "shared/ops/metrics.h"

static struct metric waiting_tasks = {
    .name = "stoa_database_waiting", .help = "Requests that wait for a database connection", .n = 1, .is_gauge = true
};

struct waiter {
    struct parking called;
    struct db *taken; /* written before it is called */
    struct waiter *next;
};

struct db_pool {
    struct db_config config;
    pthread_mutex_t lock;
    struct db **idle; /* the last one is the one that was used last: warm, and never too many of them */
    unsigned n_idle, n_open, max;
    struct waiter *first, **last;
};

static void pool_release(void *object)
{
    struct db_pool *p = object;
    for (unsigned i = 0; i < p->n_idle; i++)
        db_close(p->idle[i]);
    pthread_mutex_destroy(&p->lock);
}

struct db_pool *db_pool_create(struct arena *process, const struct db_config *config, unsigned max)
{
    struct db_pool *p = arena_new(process, struct db_pool);
    *p = (struct db_pool){ .config = *config, .idle = arena_array(process, struct db *, max), .max = max };
    p->last = &p->first;
    pthread_mutex_init(&p->lock, NULL);
    metric_register(&waiting_tasks);
    arena_defer(process, pool_release, p);
    return p;
}

struct db *db_pool_join(struct db_pool *pool)
{
    struct db *db = calloc(1, sizeof *db);
    if (!db)
        panic("out of memory");
    db->pool = pool;
    return db;
}

/* NULL: there is none, and w waits for one. */
static struct db *take_or_wait(struct db_pool *p, struct waiter *w)
{
    struct db *db = NULL;
    pthread_mutex_lock(&p->lock);
    bool is_new = p->n_idle == 0 && p->n_open < p->max;
    if (p->n_idle > 0)
        db = p->idle[--p->n_idle];
    else if (is_new)
        p->n_open++;
    else {
        parking_init(&w->called);
        *p->last = w;
        p->last = &w->next;
    }
    pthread_mutex_unlock(&p->lock);
    return is_new ? db_open(&p->config) : db;
}

struct db *db_take(struct db *db)
{
    struct waiter w = { 0 };
    if (!db->pool)
        return db;
    struct db *taken = take_or_wait(db->pool, &w);
    if (taken)
        return taken;
    metric_add(&waiting_tasks, 0, 0, 1);
    parking_wait(&w.called);
    metric_add(&waiting_tasks, 0, 0, -1);
    return w.taken;
}

void db_give(struct db *db, struct db *taken)
{
    struct db_pool *p = db->pool;
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    struct waiter *w = p->first;
    if (!w)
        p->idle[p->n_idle++] = taken;
    else if (!(p->first = w->next))
        p->last = &p->first;
    pthread_mutex_unlock(&p->lock);
    if (!w)
        return;
    w->taken = taken;
    parking_call(&w->called);
}
