/* Periodic jobs: each on a thread of its own, so a slow one never delays another. A failed round is logged and
 * repeated. */
#include "shared/ops/worker.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "shared/base/panic.h"
#include "shared/ops/log.h"
#include "shared/ops/metrics.h"

#define JOB_FIRST_BLOCK_BYTES 4096
#define JOB_MAX_BYTES ((size_t)64 << 20)
/* First rounds start one after another in the order of the table: all at once they would hold up the server's own
 * start with a connection to the database each. */
#define FIRST_ROUND_STEP MILLISECONDS(150)

struct runner {
    struct jobs *jobs;
    const struct job *job;
    pthread_t thread;
    int slot;
    bool woken;
};

static struct metric failures = { .name = "stoa_job_failures_total",
                                  .help = "Rounds of background jobs that failed",
                                  .label = "job" };

struct jobs {
    struct worker_config config;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool stopping;
    struct runner *runners;
    size_t n;
};

static struct timespec after(duration d)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    int64_t ns = ts.tv_nsec + d.us % 1000000 * 1000;
    ts.tv_sec += d.us / 1000000 + ns / 1000000000;
    ts.tv_nsec = ns % 1000000000;
    return ts;
}

/* false: stop. */
static bool wait_for_turn(struct runner *r, duration d)
{
    struct jobs *j = r->jobs;
    struct timespec until = after(d);
    pthread_mutex_lock(&j->lock);
    while (!j->stopping && !r->woken)
        if (pthread_cond_timedwait(&j->changed, &j->lock, &until) != 0)
            break;
    r->woken = false;
    bool go = !j->stopping;
    pthread_mutex_unlock(&j->lock);
    return go;
}

/* The registry reads the names as long as the process lives. */
static void failures_register(const struct job *list, size_t n)
{
    if (failures.values || n == 0)
        return;
    const char **names = calloc(n, sizeof *names);
    if (!names)
        panic("out of memory");
    for (size_t i = 0; i < n; i++)
        names[i] = list[i].name;
    failures.values = names;
    failures.n = n;
    metric_register(&failures);
}

static void *runner_main(void *arg)
{
    struct runner *r = arg;
    struct worker_config *config = &r->jobs->config;
    struct task t = { .arena = arena_create(JOB_FIRST_BLOCK_BYTES, JOB_MAX_BYTES), .app = config->app };
    t.slot = r->slot;
    t.what = r->job->name;
    t.request_id = str_of(r->job->name);
    t.now = wall_clock_now();
    if (config->start)
        config->start(&t);
    bool goes_on = wait_for_turn(r, (duration){ FIRST_ROUND_STEP.us * (r - r->jobs->runners) });
    while (goes_on) {
        t.now = wall_clock_now();
        err e = r->job->run(&t);
        if (e) {
            log_failure(&t, e);
            metric_add(&failures, t.slot, (size_t)(r - r->jobs->runners), 1);
        }
        arena_reset(t.arena);
        goes_on = wait_for_turn(r, r->job->every);
    }
    if (config->stop)
        config->stop(&t);
    arena_destroy(t.arena);
    return NULL;
}

struct jobs *jobs_start(const struct job *list, size_t n, const struct worker_config *config)
{
    struct jobs *j = calloc(1, sizeof *j);
    if (!j || !(j->runners = calloc(n ? n : 1, sizeof *j->runners)))
        panic("out of memory");
    failures_register(list, n);
    j->config = *config;
    j->n = n;
    pthread_mutex_init(&j->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&j->changed, &attr);
    pthread_condattr_destroy(&attr);
    for (size_t i = 0; i < n; i++) {
        j->runners[i] = (struct runner){ .jobs = j, .job = &list[i], .slot = config->first_slot + (int)i };
        if (pthread_create(&j->runners[i].thread, NULL, runner_main, &j->runners[i]) != 0)
            panic("cannot create a job thread");
    }
    return j;
}

void jobs_wake(struct jobs *j, const char *name)
{
    pthread_mutex_lock(&j->lock);
    for (size_t i = 0; i < j->n; i++)
        if (strcmp(j->runners[i].job->name, name) == 0)
            j->runners[i].woken = true;
    pthread_mutex_unlock(&j->lock);
    pthread_cond_broadcast(&j->changed);
}

void jobs_stop(struct jobs *j)
{
    if (!j)
        return;
    pthread_mutex_lock(&j->lock);
    j->stopping = true;
    pthread_mutex_unlock(&j->lock);
    pthread_cond_broadcast(&j->changed);
    for (size_t i = 0; i < j->n; i++)
        pthread_join(j->runners[i].thread, NULL);
    pthread_mutex_destroy(&j->lock);
    pthread_cond_destroy(&j->changed);
    free(j->runners);
    free(j);
}
