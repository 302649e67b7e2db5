/* Threads: a bounded, fair queue with workers behind it, and periodic jobs. */
#pragma once

#include "shared/base/task.h"
#include "shared/ops/fair_queue.h"

struct worker_pool;

struct worker_config {
    unsigned n, queue_limit;
    unsigned carriers; /* so many threads carry the workers as fibers (fiber.h); 0: each is a thread */
    void *app;
    void (*start)(struct task *t);
    void (*stop)(struct task *t);
    int first_slot;    /* metric slot of the first worker */
    bool low_priority; /* the processor goes to other threads first */
    bool serves;       /* requests: stoa_queue_waiting and stoa_queue_refused_total are of these pools only */
    /*
     * For jobs that are NOTIFIED: listens to the channel of the job's name on the task's connection. Gives the
     * descriptor to wait on, -1: none for now; *heard: something was said since the last call, or may have been.
     */
    int (*listen)(struct task *t, const char *channel, bool *heard);
};

struct worker_pool *workers_start(const struct worker_config *config);
/* false: the queue is full, or its party has as much of it as it may (fair_queue.h). */
bool workers_push(struct worker_pool *w, enum queue queue, queue_party whose, struct work_item work);
/* Runs what is queued and joins; later pushes are refused. For callers whose other threads may still push. */
void workers_finish(struct worker_pool *w);
void workers_stop(struct worker_pool *w); /* finishes, then releases the pool */

/* A job runs every `every`, alone in this process; others on the same database are kept out by its SQL. */
struct job {
    const char *name;
    duration every;
    err (*run)(struct task *t);
    enum job_thread {
        SHARED_THREAD = 1, /* with the others that only keep house */
        OWN_THREAD,        /* may wait for whom it calls */
        NOTIFIED           /* own thread; runs also when the database notifies the channel of its name */
    } thread;
};

struct jobs;
struct jobs *jobs_start(const struct job *list, size_t n, const struct worker_config *config);
/* Runs the named job at once (after an event that made work for it). */
void jobs_wake(struct jobs *j, const char *name);
/* Waits for the rounds that run and begins none; they may be woken as before. For callers whose other threads wake
 * them. */
void jobs_finish(struct jobs *j);
void jobs_stop(struct jobs *j); /* finishes, then releases them */
