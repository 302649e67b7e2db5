/*
 * Leader and followers. See batch.h. Everybody sleeps on a semaphore of his own, which is posted without the lock:
 * with a condition variable each who wakes would meet the others again at the lock, and go to sleep there.
 */
#include "shared/db/batch.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <time.h>

/* How long a leader waits for company: the more, the more there was last time, about as long as writing them takes. */
#define COMPANY_EACH_NS 250000L
#define COMPANY_MAX_NS 5000000L
#define PLAN_SETTINGS "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off"

struct seat {
    void *item;
    bool is_leader;            /* written before it is called: true, it has to lead; false, it is done */
    const struct fault *fault; /* NULL: it went well */
    int retry_after_s;
    sem_t called;
    struct seat *next;
};

struct db_batch {
    pthread_mutex_t lock;
    struct seat *first, **last; /* who waits, in order */
    bool is_busy;
    struct db *db; /* of whoever leads */
    size_t max, last_n;
    db_batch_run run;
};

static void batch_release(void *object)
{
    struct db_batch *b = object;
    db_close(b->db);
    pthread_mutex_destroy(&b->lock);
}

struct db_batch *db_batch_create(struct arena *process, const struct db_config *config, size_t max, db_batch_run run)
{
    struct db_batch *b = arena_new(process, struct db_batch);
    struct db_config own = *config;
    own.settings = PLAN_SETTINGS;
    *b = (struct db_batch){ .db = db_open(&own), .max = max > DB_BATCH_MAX ? DB_BATCH_MAX : max, .run = run };
    b->last = &b->first;
    pthread_mutex_init(&b->lock, NULL);
    arena_defer(process, batch_release, b);
    return b;
}

/* Takes up to max seats off the queue. Called with the lock held. */
static size_t seats_take(struct db_batch *b, struct seat **seats)
{
    size_t n = 0;
    while (b->first && n < b->max) {
        seats[n++] = b->first;
        b->first = b->first->next;
    }
    if (!b->first)
        b->last = &b->first;
    return n;
}

static void seat_note(struct seat *s, const struct failure *f)
{
    s->fault = f ? f->fault : NULL;
    s->retry_after_s = f ? f->retry_after_s : 0;
}

/* The leader's work, without the lock: only its own thread touches the items now. */
static void seats_run(struct task *t, struct db_batch *b, struct seat *const *seats, size_t n)
{
    void *items[DB_BATCH_MAX];
    struct db *own = t->db;
    for (size_t i = 0; i < n; i++)
        items[i] = seats[i]->item;
    t->db = b->db;
    err e = b->run(t, items, n);
    bool again = e && n > 1 && !err_is(e, &FAULT_UNAVAILABLE);
    for (size_t i = 0; i < n; i++)
        seat_note(seats[i], again ? b->run(t, &items[i], 1) : e);
    t->db = own;
}

/* A lonely caller is not delayed; under load a moment makes one batch of two. */
static void company_await(const struct db_batch *b)
{
    long wait_ns = (long)b->last_n * COMPANY_EACH_NS;
    const struct timespec moment = { .tv_nsec = wait_ns < COMPANY_MAX_NS ? wait_ns : COMPANY_MAX_NS };
    if (b->last_n > 1 && b->max > 1)
        nanosleep(&moment, NULL);
}

/* The next in the queue leads the next batch. */
static void lead_pass(struct db_batch *b)
{
    pthread_mutex_lock(&b->lock);
    struct seat *next = b->first;
    b->is_busy = next != NULL;
    pthread_mutex_unlock(&b->lock);
    if (!next)
        return;
    next->is_leader = true;
    sem_post(&next->called);
}

/* Once a seat is called its owner may leave with it, so nothing of it is read afterwards. */
static void lead(struct task *t, struct db_batch *b, struct seat *mine)
{
    struct seat *seats[DB_BATCH_MAX];
    company_await(b);
    pthread_mutex_lock(&b->lock);
    size_t n = seats_take(b, seats);
    pthread_mutex_unlock(&b->lock);
    b->last_n = n;
    seats_run(t, b, seats, n);
    lead_pass(b);
    for (size_t i = 0; i < n; i++)
        if (seats[i] != mine)
            sem_post(&seats[i]->called);
}

/* True: nobody leads, so this one does. */
static bool seat_take(struct db_batch *b, struct seat *mine)
{
    pthread_mutex_lock(&b->lock);
    bool leads = !b->is_busy;
    b->is_busy = true;
    *b->last = mine;
    b->last = &mine->next;
    pthread_mutex_unlock(&b->lock);
    return leads;
}

/* True: the seat was called to lead; false: it is done. */
static bool seat_await(struct seat *mine)
{
    while (sem_wait(&mine->called) != 0 && errno == EINTR)
        continue;
    return mine->is_leader;
}

err db_batch_join(struct task *t, struct db_batch *b, db_batch_run run, void *item)
{
    if (!b)
        return run(t, &item, 1);
    struct seat mine = { .item = item };
    sem_init(&mine.called, 0, 0);
    if (seat_take(b, &mine) || seat_await(&mine))
        lead(t, b, &mine);
    sem_destroy(&mine.called);
    if (!mine.fault)
        return OK;
    struct failure *f = failure_make(t, mine.fault, __FILE__, __LINE__, "the batch with this in it failed");
    f->retry_after_s = mine.retry_after_s;
    return f;
}
