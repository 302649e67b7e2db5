/*
 * Periodic jobs. Each has a thread and with it a database connection of its own, so a slow one never delays another;
 * those that only keep house share one, one after another. A failed round is logged and repeated. A thread waits for
 * the time, for jobs_wake and, if its job is NOTIFIED, for the database.
 */
#include "shared/ops/worker.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "shared/base/panic.h"
#include "shared/ops/log.h"
#include "shared/ops/metrics.h"

#define JOB_FIRST_BLOCK_BYTES 4096
#define JOB_MAX_BYTES ((size_t)64 << 20)
/* All first rounds at once would hold up the server's own start with a connection to the database each. */
#define FIRST_ROUND_STEP MILLISECONDS(150)

struct runner {
    const struct job *job;
    int64_t due_us; /* monotonic */
    bool woken;
};

struct lane {
    struct jobs *jobs;
    pthread_t thread;
    int slot;
    int event; /* eventfd: a runner was woken, or the lane has to stop */
    struct runner **runners;
    size_t n;
};

/* Not `job`, which is Prometheus' own label of whom it asked. */
#define JOB_LABEL "name"

static struct metric failures = { .name = "stoa_job_failures_total",
                                  .help = "Rounds of background jobs that failed",
                                  .label = JOB_LABEL };
static struct metric succeeded = { .name = "stoa_job_last_success_timestamp_seconds",
                                   .help = "When a round of the job ended well for the last time, or the server began",
                                   .label = JOB_LABEL,
                                   .is_gauge = true };
static struct metric periods = { .name = "stoa_job_period_seconds",
                                 .help = "How long the job waits between two rounds",
                                 .label = JOB_LABEL,
                                 .is_gauge = true };

struct jobs {
    struct worker_config config;
    pthread_mutex_t lock;
    bool stopping, finished;
    struct runner *runners; /* as in the table */
    struct lane *lanes;
    size_t n, n_lanes;
};

/* Of this lane, with the lock held. */
static struct runner *next_due(const struct lane *l)
{
    struct runner *next = l->runners[0];
    for (size_t i = 0; i < l->n; i++) {
        if (l->runners[i]->woken)
            return l->runners[i];
        if (l->runners[i]->due_us < next->due_us)
            next = l->runners[i];
    }
    return next;
}

/* The job of this lane whose round is due; NULL: none yet, *due_us says when. */
static struct runner *turn_take(const struct lane *l, bool heard, int64_t *due_us)
{
    pthread_mutex_lock(&l->jobs->lock);
    struct runner *r = next_due(l);
    *due_us = r->due_us;
    bool is_due = heard || r->woken || r->due_us <= monotonic_us();
    r->woken = r->woken && !is_due;
    pthread_mutex_unlock(&l->jobs->lock);
    return is_due ? r : NULL;
}

static bool lane_stops(const struct lane *l)
{
    pthread_mutex_lock(&l->jobs->lock);
    bool stopping = l->jobs->stopping;
    pthread_mutex_unlock(&l->jobs->lock);
    return stopping;
}

static void lane_wait(const struct lane *l, int notices, int64_t due_us)
{
    struct pollfd p[] = { { .fd = l->event, .events = POLLIN }, { .fd = notices, .events = POLLIN } };
    int64_t left_us = due_us - monotonic_us();
    uint64_t events;
    if (poll(p, sizeof p / sizeof p[0], left_us > 0 ? (int)((left_us + 999) / 1000) : 0) > 0 && p[0].revents &&
        read(l->event, &events, sizeof events) < 0)
        panic("an eventfd cannot be read");
}

/* Waits for the next round of a job of this lane; NULL: stop. */
static struct runner *turn_await(const struct lane *l, struct task *t)
{
    const struct job *only = l->runners[0]->job;
    while (!lane_stops(l)) {
        bool heard = false;
        int notices = only->thread == NOTIFIED ? l->jobs->config.listen(t, only->name, &heard) : -1;
        int64_t due_us;
        struct runner *r = turn_take(l, heard, &due_us);
        if (r)
            return r;
        lane_wait(l, notices, due_us);
    }
    return NULL;
}

static void lane_wake(const struct lane *l)
{
    if (write(l->event, &(uint64_t){ 1 }, sizeof(uint64_t)) < 0)
        panic("an eventfd cannot be written");
}

static void succeed(size_t i)
{
    metric_set(&succeeded, i, instant_seconds(wall_clock_now()));
}

/* The registry reads the names as long as the process lives. */
static void rounds_register(const struct job *list, size_t n)
{
    if (failures.values || n == 0)
        return;
    const char **names = calloc(n, sizeof *names);
    if (!names)
        panic("out of memory");
    for (size_t i = 0; i < n; i++)
        names[i] = list[i].name;
    struct metric *const each[] = { &failures, &succeeded, &periods };
    for (size_t k = 0; k < sizeof each / sizeof *each; k++) {
        each[k]->values = names;
        each[k]->n = n;
        metric_register(each[k]);
    }
    for (size_t i = 0; i < n; i++) {
        metric_set(&periods, i, (list[i].every.us + 999999) / 1000000);
        succeed(i);
    }
}

static void round_run(struct task *t, const struct jobs *j, struct runner *r)
{
    t->what = r->job->name;
    t->request_id = str_of(r->job->name);
    task_begin(t, wall_clock_now());
    err e = r->job->run(t);
    if (e) {
        log_failure(t, e);
        metric_add(&failures, t->slot, (size_t)(r - j->runners), 1);
    } else {
        succeed((size_t)(r - j->runners));
    }
    arena_reset(t->arena);
}

static void *lane_main(void *arg)
{
    struct lane *l = arg;
    struct worker_config *config = &l->jobs->config;
    struct task t = { .arena = arena_create(JOB_FIRST_BLOCK_BYTES, JOB_MAX_BYTES), .app = config->app };
    t.slot = l->slot;
    if (config->start)
        config->start(&t);
    for (struct runner *r = turn_await(l, &t); r; r = turn_await(l, &t)) {
        round_run(&t, l->jobs, r);
        pthread_mutex_lock(&l->jobs->lock);
        r->due_us = monotonic_us() + r->job->every.us;
        pthread_mutex_unlock(&l->jobs->lock);
    }
    if (config->stop)
        config->stop(&t);
    arena_destroy(t.arena);
    return NULL;
}

/* The lane of a job: its own, or the one that those share who only keep house. */
static struct lane *lane_of(struct jobs *j, const struct job *job)
{
    for (size_t i = 0; i < j->n_lanes; i++)
        if (job->thread == SHARED_THREAD && j->lanes[i].runners[0]->job->thread == SHARED_THREAD)
            return &j->lanes[i];
    struct lane *l = &j->lanes[j->n_lanes];
    *l = (struct lane){ .jobs = j, .slot = j->config.first_slot + (int)j->n_lanes, .event = eventfd(0, EFD_CLOEXEC) };
    if (l->event < 0 || !(l->runners = calloc(j->n, sizeof *l->runners)))
        panic("out of memory or descriptors");
    j->n_lanes++;
    return l;
}

/* First rounds begin one after another in the order of the table. */
static void runners_make(struct jobs *j, const struct job *list)
{
    for (size_t i = 0; i < j->n; i++) {
        j->runners[i] = (struct runner){ &list[i], monotonic_us() + FIRST_ROUND_STEP.us * (int64_t)i, false };
        struct lane *l = lane_of(j, &list[i]);
        l->runners[l->n++] = &j->runners[i];
    }
}

struct jobs *jobs_start(const struct job *list, size_t n, const struct worker_config *config)
{
    struct jobs *j = calloc(1, sizeof *j);
    if (!j || !(j->runners = calloc(n ? n : 1, sizeof *j->runners)) ||
        !(j->lanes = calloc(n ? n : 1, sizeof *j->lanes)))
        panic("out of memory");
    rounds_register(list, n);
    j->config = *config;
    j->n = n;
    pthread_mutex_init(&j->lock, NULL);
    runners_make(j, list);
    for (size_t i = 0; i < j->n_lanes; i++)
        if (pthread_create(&j->lanes[i].thread, NULL, lane_main, &j->lanes[i]) != 0)
            panic("cannot create a job thread");
    return j;
}

void jobs_wake(struct jobs *j, const char *name)
{
    for (size_t i = 0; i < j->n_lanes; i++)
        for (size_t k = 0; k < j->lanes[i].n; k++) {
            struct runner *r = j->lanes[i].runners[k];
            if (strcmp(r->job->name, name) != 0)
                continue;
            pthread_mutex_lock(&j->lock);
            r->woken = true;
            pthread_mutex_unlock(&j->lock);
            lane_wake(&j->lanes[i]);
        }
}

void jobs_finish(struct jobs *j)
{
    if (j->finished)
        return;
    pthread_mutex_lock(&j->lock);
    j->stopping = true;
    pthread_mutex_unlock(&j->lock);
    for (size_t i = 0; i < j->n_lanes; i++)
        lane_wake(&j->lanes[i]);
    for (size_t i = 0; i < j->n_lanes; i++)
        pthread_join(j->lanes[i].thread, NULL);
    j->finished = true;
}

/* A lane's last round may wake the jobs of another one: none of them goes before all have ended. */
void jobs_stop(struct jobs *j)
{
    if (!j)
        return;
    jobs_finish(j);
    for (size_t i = 0; i < j->n_lanes; i++) {
        close(j->lanes[i].event);
        free(j->lanes[i].runners);
    }
    pthread_mutex_destroy(&j->lock);
    free(j->lanes);
    free(j->runners);
    free(j);
}
