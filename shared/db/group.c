/*
 * The group committer (see group.h). A worker puts its job, which lives on its stack, into the queue and sleeps on the
 * job's semaphore; it decodes the result itself, so that no arena is ever touched by two threads. A committer takes
 * what is waiting and runs it as one pipeline: begin, n statements, commit, one sync. Only one committer executes
 * statements at a time ("on duty"); the others are in their commit, waiting for the disk. So two batches never wait for
 * each other's row locks in a circle, which PostgreSQL would notice only after a second.
 */
#include "shared/db/group.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "shared/base/panic.h"
#include "shared/db/conn.h"
#include "shared/ops/fiber.h"

enum { QUEUE_MAX = 4096, BATCH_MAX = 1024, COMPANY_US = 1000, CONFLICT_ATTEMPTS = 5 };

struct job {
    const struct db_statement *s;
    struct db_wire wire;
    const char *prepared; /* on the committer's connection */
    PGresult *result;     /* NULL when done: the connection was lost or not there */
    char trouble[256];
    struct parking done;
    struct job *next;
};

struct committer {
    struct db_group *group;
    struct db *db;
    pthread_t thread;
    size_t last_batch;
    bool on_duty;
};

struct db_group {
    pthread_mutex_t duty; /* taken before lock, held while a batch is collected and executed */
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    struct job *first, **tail;
    size_t waiting, max_batch;
    bool stopping;
    unsigned n;
    struct committer *committers;
};

/* ---- the committer's side ---- */

static void duty_begin(struct committer *c)
{
    pthread_mutex_lock(&c->group->duty);
    c->on_duty = true;
}

static void duty_end(struct committer *c)
{
    if (c->on_duty)
        pthread_mutex_unlock(&c->group->duty);
    c->on_duty = false;
}

static void job_done(struct job *j, PGresult *result, const char *trouble)
{
    j->result = result;
    if (!result)
        snprintf(j->trouble, sizeof j->trouble, "%s", trouble);
    parking_call(&j->done);
}

/* By itself, in its own implicit transaction; conflicts with others are tried again. */
static void run_alone(struct db *db, struct job *j)
{
    PGresult *r = NULL;
    for (int attempt = 0; attempt < CONFLICT_ATTEMPTS; attempt++) {
        PQclear(r);
        r = NULL;
        if (!conn_ready(db))
            break;
        r = conn_run(db, j->s, &j->wire);
        if (!r || conn_result_good(r) || !sqlstate_is_conflict(r))
            break;
    }
    job_done(j, r, db->trouble);
}

static void run_each_alone(struct db *db, struct job **jobs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        run_alone(db, jobs[i]);
}

static bool send_batch(struct db *db, struct job **jobs, size_t n)
{
    bool sent = conn_send_text(db, "begin isolation level read committed");
    for (size_t i = 0; i < n && sent; i++)
        sent = conn_send(db, jobs[i]->prepared, &jobs[i]->wire);
    /* The flush lets the answers come before the commit is on disk, and with them the end of the duty. */
    return sent && PQsendFlushRequest(db->pg) == 1 && conn_send_text(db, "commit") && conn_sync(db);
}

enum batch_end { BATCH_COMMITTED = 1, BATCH_REFUSED, BATCH_LOST };

/* Results come in order: begin, the statements, commit. The first error makes the whole batch refused. */
static enum batch_end read_batch(struct committer *c, PGresult **results, size_t n)
{
    struct db *db = c->db;
    int64_t deadline_us = monotonic_us() + db->round_trip_max_us;
    size_t at = 0;
    bool good = true, commit_seen = false;
    for (;; at++) {
        PGresult *r = NULL;
        enum conn_read what = conn_read(db, deadline_us, &r);
        if (what == CONN_LOST)
            return BATCH_LOST;
        if (what == CONN_SYNC)
            return good && commit_seen ? BATCH_COMMITTED : BATCH_REFUSED;
        good = good && conn_result_good(r);
        if (at >= 1 && at <= n) {
            results[at - 1] = r;
            if (at == n && good)
                duty_end(c);
            continue;
        }
        commit_seen = at == n + 1 && good && strcmp(PQcmdStatus(r), "COMMIT") == 0;
        PQclear(r);
    }
}

static void drop_results(PGresult **results, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        PQclear(results[i]);
        results[i] = NULL;
    }
}

static void run_together(struct committer *c, struct job **jobs, size_t n)
{
    struct db *db = c->db;
    PGresult *results[BATCH_MAX] = { NULL };
    if (!send_batch(db, jobs, n))
        conn_lost(db);
    enum batch_end end = db->pg ? read_batch(c, results, n) : BATCH_LOST;
    switch (end) {
    case BATCH_COMMITTED:
        for (size_t i = 0; i < n; i++)
            job_done(jobs[i], results[i], "");
        return;
    case BATCH_REFUSED:
        drop_results(results, n);
        PQclear(conn_command(db, "rollback"));
        run_each_alone(db, jobs, n);
        return;
    case BATCH_LOST:
        drop_results(results, n);
        for (size_t i = 0; i < n; i++)
            job_done(jobs[i], NULL, db->trouble);
        return;
    }
}

/* A job whose statement cannot be prepared is answered here; the others stay, in order. Returns how many. */
static size_t prepare_all(struct db *db, struct job **jobs, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        PGresult *error = NULL;
        jobs[i]->prepared = db->pg ? conn_prepare(db, jobs[i]->s, &error) : NULL;
        if (jobs[i]->prepared)
            jobs[kept++] = jobs[i];
        else
            job_done(jobs[i], error, db->trouble);
    }
    return kept;
}

static void run_batch(struct committer *c, struct job **jobs, size_t n)
{
    struct db *db = c->db;
    if (c->group->max_batch == 1) {
        duty_end(c);
        run_alone(db, jobs[0]);
        return;
    }
    if (!conn_ready(db)) {
        for (size_t i = 0; i < n; i++)
            job_done(jobs[i], NULL, db->trouble);
        return;
    }
    size_t kept = prepare_all(db, jobs, n);
    /* Lost while preparing: these were never sent. */
    if (!db->pg)
        run_each_alone(db, jobs, kept);
    else if (kept > 0)
        run_together(c, jobs, kept);
}

static struct timespec company_ends(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_nsec += COMPANY_US * 1000L;
    if (at.tv_nsec >= 1000000000) {
        at.tv_nsec -= 1000000000;
        at.tv_sec++;
    }
    return at;
}

/* Waits for work; then, when the last batch had company, a moment for as many as then. 0: stopping, nothing left. */
static size_t take_batch(struct committer *c, struct job **jobs)
{
    struct db_group *g = c->group;
    pthread_mutex_lock(&g->lock);
    while (!g->first && !g->stopping)
        pthread_cond_wait(&g->arrived, &g->lock);
    size_t wanted = c->last_batch < g->max_batch ? c->last_batch : g->max_batch;
    struct timespec until = company_ends();
    while (g->waiting < wanted && !g->stopping && pthread_cond_timedwait(&g->arrived, &g->lock, &until) != ETIMEDOUT)
        continue;
    size_t n = 0;
    while (g->first && n < g->max_batch) {
        jobs[n++] = g->first;
        g->first = g->first->next;
    }
    if (!g->first)
        g->tail = &g->first;
    g->waiting -= n;
    c->last_batch = n;
    pthread_mutex_unlock(&g->lock);
    return n;
}

static void *committer_main(void *arg)
{
    struct committer *c = arg;
    struct job *jobs[BATCH_MAX];
    size_t n;
    do {
        duty_begin(c);
        n = take_batch(c, jobs);
        if (n > 0)
            run_batch(c, jobs, n);
        duty_end(c);
    } while (n > 0);
    return NULL;
}

/* ---- start and stop ---- */

static _Atomic(struct db_group *) installed;

void db_group_install(struct db_group *g)
{
    installed = g;
}

struct db_group *db_group_installed(void)
{
    return installed;
}

struct db_group *db_group_start(const struct db_group_config *config)
{
    struct db_group *g = calloc(1, sizeof *g);
    if (!g || !(g->committers = calloc(config->committers, sizeof *g->committers)))
        panic("out of memory");
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&g->arrived, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&g->lock, NULL);
    pthread_mutex_init(&g->duty, NULL);
    g->tail = &g->first;
    g->max_batch = config->max_batch < 1 ? 1 : config->max_batch > BATCH_MAX ? BATCH_MAX : config->max_batch;
    g->n = config->committers;
    for (unsigned i = 0; i < g->n; i++) {
        g->committers[i] = (struct committer){ .group = g, .db = conn_open_with(&config->db, DB_GROUP_PLANS) };
        if (pthread_create(&g->committers[i].thread, NULL, committer_main, &g->committers[i]) != 0)
            panic("a committer thread cannot be started");
    }
    return g;
}

void db_group_stop(struct db_group *g)
{
    pthread_mutex_lock(&g->lock);
    g->stopping = true;
    pthread_cond_broadcast(&g->arrived);
    pthread_mutex_unlock(&g->lock);
    for (unsigned i = 0; i < g->n; i++) {
        pthread_join(g->committers[i].thread, NULL);
        db_close(g->committers[i].db);
    }
    if (installed == g)
        installed = NULL;
    pthread_cond_destroy(&g->arrived);
    pthread_mutex_destroy(&g->lock);
    pthread_mutex_destroy(&g->duty);
    free(g->committers);
    free(g);
}

/* ---- the worker's side ---- */

static bool hand_over(struct db_group *g, struct job *j)
{
    pthread_mutex_lock(&g->lock);
    bool taken = g->waiting < QUEUE_MAX && !g->stopping;
    if (taken) {
        *g->tail = j;
        g->tail = &j->next;
        g->waiting++;
        pthread_cond_signal(&g->arrived);
    }
    pthread_mutex_unlock(&g->lock);
    return taken;
}

err db_group_run(struct task *t, struct db_group *g, const struct db_statement *s, const struct db_value *params,
                 struct db_rows *ret)
{
    struct job j = { .s = s };
    TRY(wire_encode(t, s, params, &j.wire));
    parking_init(&j.done);
    if (!hand_over(g, &j)) {
        return db_unavailable(t, "the group committer's queue is full or closed");
    }
    parking_wait(&j.done);
    return db_finish(t, s, j.result, j.trouble, ret);
}
