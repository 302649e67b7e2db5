/* Leader and followers. See batch.h. */
#include "paysrv/flow/batch.h"

#include <pthread.h>
#include <time.h>

#include "shared/base/faults.h"

#define COMPANY_NS 1500000 /* how long a leader waits for company, when the last batch had some */

struct seat {
    void *item;
    bool is_done, is_leader;
    const struct fault *fault; /* NULL: it went well */
    int retry_after_s;
    pthread_cond_t called;
    struct seat *next;
};

struct batch {
    pthread_mutex_t lock;
    struct seat *first, **last; /* who waits, in order */
    bool is_busy;
    struct db *db; /* of whoever leads */
    size_t max, last_n;
    batch_run run;
};

static void batch_release(void *object)
{
    struct batch *b = object;
    pthread_mutex_destroy(&b->lock);
}

struct batch *batch_create(struct arena *process, struct db *db, size_t max, batch_run run)
{
    struct batch *b = arena_new(process, struct batch);
    *b = (struct batch){ .db = db, .max = max > BATCH_MAX ? BATCH_MAX : max, .run = run };
    b->last = &b->first;
    pthread_mutex_init(&b->lock, NULL);
    arena_defer(process, batch_release, b);
    return b;
}

/* Takes up to max seats off the queue. Called with the lock held. */
static size_t seats_take(struct batch *b, struct seat **seats)
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
static void seats_run(struct task *t, struct batch *b, struct seat *const *seats, size_t n)
{
    void *items[BATCH_MAX];
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

/* The next in the queue leads the next batch. Called with the lock held. */
static void lead_pass(struct batch *b)
{
    if (!b->first) {
        b->is_busy = false;
        return;
    }
    b->first->is_leader = true;
    pthread_cond_signal(&b->first->called);
}

/* A lonely caller is not delayed; under load a moment makes one batch of two. Called with the lock held. */
static void company_await(struct batch *b)
{
    const struct timespec moment = { .tv_nsec = COMPANY_NS };
    if (b->last_n <= 1 || b->max == 1)
        return;
    pthread_mutex_unlock(&b->lock);
    nanosleep(&moment, NULL);
    pthread_mutex_lock(&b->lock);
}

static void lead(struct task *t, struct batch *b, struct seat *mine)
{
    struct seat *seats[BATCH_MAX];
    company_await(b);
    size_t n = seats_take(b, seats);
    b->last_n = n;
    pthread_mutex_unlock(&b->lock);
    seats_run(t, b, seats, n);
    pthread_mutex_lock(&b->lock);
    for (size_t i = 0; i < n; i++) {
        seats[i]->is_done = true;
        if (seats[i] != mine)
            pthread_cond_signal(&seats[i]->called);
    }
    lead_pass(b);
}

static void seat_take(struct batch *b, struct seat *mine)
{
    *b->last = mine;
    b->last = &mine->next;
}

err batch_join(struct task *t, struct batch *b, batch_run run, void *item)
{
    if (!b)
        return run(t, &item, 1);
    struct seat mine = { .item = item };
    pthread_cond_init(&mine.called, NULL);
    pthread_mutex_lock(&b->lock);
    seat_take(b, &mine);
    if (!b->is_busy) {
        b->is_busy = true;
        mine.is_leader = true;
    }
    while (!mine.is_done && !mine.is_leader)
        pthread_cond_wait(&mine.called, &b->lock);
    if (!mine.is_done)
        lead(t, b, &mine);
    pthread_mutex_unlock(&b->lock);
    pthread_cond_destroy(&mine.called);
    if (!mine.fault)
        return OK;
    struct failure *f = failure_make(t, mine.fault, __FILE__, __LINE__, "the batch with this in it failed");
    f->retry_after_s = mine.retry_after_s;
    return f;
}
