/* Threads: a bounded queue with workers behind it, and periodic jobs. */
#pragma once

#include "shared/base/task.h"

struct worker_pool;

struct worker_config {
    unsigned n, queue_limit;
    void *app;
    void (*start)(struct task *t);
    void (*stop)(struct task *t);
    int first_slot;    /* metric slot of the first worker */
    bool low_priority; /* the processor goes to other threads first */
};

struct worker_pool *workers_start(const struct worker_config *config);
/* false: the queue is full. */
bool workers_push(struct worker_pool *w, void (*run)(struct task *t, void *item), void *item);
/* Runs what is queued and joins; later pushes are refused. For callers whose other threads may still push. */
void workers_finish(struct worker_pool *w);
void workers_stop(struct worker_pool *w); /* finishes, then releases the pool */

/* A job runs every `every`, alone in this process; others on the same database are kept out by its SQL. */
struct job {
    const char *name;
    duration every;
    err (*run)(struct task *t);
    bool shares_thread; /* with the others that do; false: it has a thread, and may wait for whom it calls */
};

enum { OWN_THREAD = false, SHARED_THREAD = true };

struct jobs;
struct jobs *jobs_start(const struct job *list, size_t n, const struct worker_config *config);
/* Runs the named job at once (after an event that made work for it). */
void jobs_wake(struct jobs *j, const char *name);
void jobs_stop(struct jobs *j);
