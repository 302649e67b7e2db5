/* Threads that nobody leads. See sim.h. */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "shared/db/db.h"
#include "tests/sim/sim.h"

#define RIVALS_MAX 8
#define RIVAL_MEMORY ((size_t)32 << 20)
#define DAWDLE_US 700

struct runner {
    struct arena *arena;
    struct task task;
    struct rival *rival;
};

static struct runner runners[RIVALS_MAX];
static pthread_barrier_t start;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local int depth;
static _Thread_local bool is_rival;

void sim_lock(void)
{
    if (is_rival && depth++ == 0)
        pthread_mutex_lock(&lock);
}

void sim_unlock(void)
{
    if (is_rival && --depth == 0)
        pthread_mutex_unlock(&lock);
}

void sim_dawdle(void)
{
    if (is_rival)
        usleep(arc4random_uniform(DAWDLE_US));
}

static void *run(void *arg)
{
    struct runner *r = arg;
    is_rival = true;
    task_begin(&r->task, sim_now());
    pthread_barrier_wait(&start);
    r->rival->work(&r->task, r->rival->context);
    r->rival->ended = true;
    return NULL;
}

static void runner_make(struct runner *r)
{
    if (!r->arena) {
        r->arena = arena_create(1 << 16, RIVAL_MEMORY);
        r->task = (struct task){ .arena = r->arena, .what = "rival" };
        r->task.request_id = STR("rival");
    }
    if (!r->task.db)
        r->task.db = db_open(sim_database());
    r->task.app = sim_app();
}

void rivals_disconnect(void)
{
    for (size_t i = 0; i < RIVALS_MAX; i++) {
        if (runners[i].task.db)
            db_close(runners[i].task.db);
        runners[i].task.db = NULL;
    }
}

void sim_race(struct rival *rivals, size_t n)
{
    pthread_t threads[RIVALS_MAX];
    CHECK(n <= RIVALS_MAX);
    pthread_barrier_init(&start, NULL, (unsigned)n);
    for (size_t i = 0; i < n; i++) {
        runner_make(&runners[i]);
        runners[i].rival = &rivals[i];
        rivals[i].ended = false;
        CHECK_I64(pthread_create(&threads[i], NULL, run, &runners[i]), 0);
    }
    for (size_t i = 0; i < n; i++) {
        pthread_join(threads[i], NULL);
        arena_reset(runners[i].arena);
    }
    pthread_barrier_destroy(&start);
}
