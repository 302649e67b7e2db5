/*
 * Leader and followers. See batch.h. A leader runs before others (fiber.h), since many wait for him. Everybody waits at
 * a place of his own, and is called without the lock: with a condition variable each who wakes would meet the others
 * again at the lock, and go to sleep there. Tasks that wait in turns have no place to wait at: the leader runs them
 * again one after the other.
 */
#include "shared/db/batch.h"

#include <pthread.h>

#include "shared/base/panic.h"
#include "shared/db/conn.h"
#include "shared/ops/fiber.h"

/* How long a leader waits for company: the more, the more there was last time. Up to a millisecond it saves more
 * flushes than it leaves the processors idle. */
#define COMPANY_EACH_NS 250000L
#define COMPANY_MAX_NS 1000000L

struct seat {
    struct turn *turn; /* NULL: it waits where it is, until it is called */
    void *item;
    bool is_leader;            /* written before it is called: true, it has to lead; false, it is done */
    const struct fault *fault; /* NULL: it went well */
    int retry_after_s;
    struct parking called;
    struct seat *next;
};

enum { CONNECTIONS_MAX = 2 };

struct connection {
    struct db *db;
    bool is_used; /* by a batch that is executed, or whose commit is waited for */
};

struct db_batch {
    pthread_mutex_t lock;
    struct seat *first, **last; /* who waits, in order */
    bool is_reader, is_led;     /* led: a batch is collected or executed */
    struct connection connections[CONNECTIONS_MAX];
    size_t n_connections;
    size_t max, last_n, n_waiting;
    db_batch_run run;
};

static void batch_release(void *object)
{
    struct db_batch *b = object;
    for (size_t i = 0; i < b->n_connections; i++)
        db_close(b->connections[i].db);
    pthread_mutex_destroy(&b->lock);
}

static struct db_batch *batch_make(struct arena *process, const struct db_config *config, size_t max, db_batch_run run,
                                   size_t n_connections)
{
    struct db_batch *b = arena_new(process, struct db_batch);
    struct db_config own = *config;
    own.settings = DB_BATCH_PLANS;
    *b =
        (struct db_batch){ .n_connections = n_connections, .max = max > DB_BATCH_MAX ? DB_BATCH_MAX : max, .run = run };
    for (size_t i = 0; i < n_connections; i++)
        b->connections[i].db = db_open(&own);
    b->last = &b->first;
    pthread_mutex_init(&b->lock, NULL);
    arena_defer(process, batch_release, b);
    return b;
}

struct db_batch *db_batch_create(struct arena *process, const struct db_config *config, size_t max, db_batch_run run)
{
    return batch_make(process, config, max, run, 1);
}

struct db_batch *db_batch_create_overlapped(struct arena *process, const struct db_config *config, size_t max,
                                            db_batch_run run)
{
    return batch_make(process, config, max, run, CONNECTIONS_MAX);
}

struct db_batch *db_batch_create_reader(struct arena *process, const struct db_config *config, size_t max,
                                        db_batch_run run)
{
    struct db_batch *b = db_batch_create(process, config, max, run);
    b->is_reader = true;
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
    b->n_waiting -= n;
    return n;
}

/* One that no batch uses; NULL: none. Called with the lock held. */
static struct connection *connection_free(struct db_batch *b)
{
    for (size_t i = 0; i < b->n_connections; i++)
        if (!b->connections[i].is_used)
            return &b->connections[i];
    return NULL;
}

static void seat_note(struct seat *s, const struct failure *f)
{
    s->fault = f ? f->fault : NULL;
    s->retry_after_s = f ? f->retry_after_s : 0;
}

static bool is_full(struct db_batch *b)
{
    pthread_mutex_lock(&b->lock);
    bool ret = b->n_waiting >= b->max;
    pthread_mutex_unlock(&b->lock);
    return ret;
}

/* A lonely caller is not delayed; under load a moment makes one batch of two. */
static void company_await(struct db_batch *b)
{
    long wait_ns = (long)b->last_n * COMPANY_EACH_NS;
    if (b->last_n > 1 && !b->is_reader && !is_full(b))
        wait_until(monotonic_us() + (wait_ns < COMPANY_MAX_NS ? wait_ns : COMPANY_MAX_NS) / 1000);
}

static void lead_called(struct task *t, void *batch);

/* What the leader has in hand. */
struct batch_run {
    struct db_batch *batch;
    struct connection *connection;
    struct seat *seats[DB_BATCH_MAX];
    size_t n;
    bool is_executed; /* and another may lead */
};

/* Whose turn it is to lead, if it is anybody's; whoever comes later finds it taken. Called with the lock held. */
static struct seat *leader_next(struct db_batch *b)
{
    struct seat *next = !b->is_led && connection_free(b) ? b->first : NULL;
    b->is_led = b->is_led || next;
    return next;
}

/* He leads the next batch, or a worker does it for him. False: nobody is there to do it. */
static bool leader_call(struct db_batch *b, struct seat *next)
{
    if (!next)
        return true;
    if (next->turn)
        return next->turn->call_worker(next->turn->owner, lead_called, b);
    next->is_leader = true;
    parking_call_first(&next->called);
    return true;
}

/* Only its commit is left to wait for. */
static void run_executed(void *arg)
{
    struct batch_run *r = arg;
    struct db_batch *b = r->batch;
    pthread_mutex_lock(&b->lock);
    r->is_executed = true;
    b->is_led = false;
    struct seat *next = leader_next(b);
    pthread_mutex_unlock(&b->lock);
    (void)leader_call(b, next); /* who waits in turns only reads, on one connection */
}

static void run_begin(struct batch_run *r)
{
    struct db_batch *b = r->batch;
    pthread_mutex_lock(&b->lock);
    r->connection = connection_free(b);
    if (!r->connection)
        panic("a batch is led without a connection");
    r->connection->is_used = true;
    r->n = seats_take(b, r->seats);
    b->last_n = r->n;
    pthread_mutex_unlock(&b->lock);
}

/* False: see leader_call. */
static bool run_end(struct batch_run *r)
{
    struct db_batch *b = r->batch;
    pthread_mutex_lock(&b->lock);
    r->connection->is_used = false;
    b->is_led = b->is_led && r->is_executed;
    struct seat *next = leader_next(b);
    pthread_mutex_unlock(&b->lock);
    return leader_call(b, next);
}

/* The leader's work, without the lock: only its own thread touches the items now. */
static void seats_run(struct task *t, struct batch_run *r)
{
    void *items[DB_BATCH_MAX];
    struct db_batch *b = r->batch;
    struct db *own = t->db;
    for (size_t i = 0; i < r->n; i++)
        items[i] = r->seats[i]->item;
    t->db = r->connection->db;
    conn_on_executed(t->db, b->n_connections > 1 ? run_executed : NULL, r);
    err e = b->run(t, items, r->n);
    conn_on_executed(t->db, NULL, NULL);
    bool again = e && r->n > 1 && !err_is(e, &FAULT_UNAVAILABLE);
    for (size_t i = 0; i < r->n; i++)
        seat_note(r->seats[i], again ? b->run(t, &items[i], 1) : e);
    t->db = own;
}

/* Once a seat is called its owner may leave with it, so nothing of it is read afterwards. */
static void seats_call(struct task *t, struct seat *const *seats, size_t n, const struct seat *mine)
{
    for (size_t i = 0; i < n; i++)
        if (seats[i]->turn)
            seats[i]->turn->again(t, seats[i]->turn->owner);
        else if (seats[i] != mine)
            parking_call(&seats[i]->called);
}

/* False: the next batch has nobody else to lead it. */
static bool lead(struct task *t, struct db_batch *b, struct seat *mine)
{
    struct batch_run r = { .batch = b };
    fiber_first(true);
    company_await(b);
    run_begin(&r);
    seats_run(t, &r);
    bool is_passed = run_end(&r);
    seats_call(t, r.seats, r.n, mine);
    fiber_first(false);
    return is_passed;
}

static void lead_called(struct task *t, void *batch)
{
    while (!lead(t, batch, NULL))
        continue;
}

/* True: nobody leads, so this one does. */
static bool seat_take(struct db_batch *b, struct seat *mine)
{
    pthread_mutex_lock(&b->lock);
    bool leads = !b->is_led && connection_free(b);
    b->is_led = b->is_led || leads;
    *b->last = mine;
    b->last = &mine->next;
    b->n_waiting++;
    pthread_mutex_unlock(&b->lock);
    return leads;
}

/* ---- callers that wait in turns ---- */

struct question {
    struct seat seat;
    struct db_batch *batch;
    struct question *next;
};

/* Where no worker is free, the one that asks leads, in an arena of its own: its task may be over before the batch is.
 */
static void question_wait(struct task *t, struct turn *turn)
{
    struct question *last = turn->asked;
    while (last->next)
        last = last->next;
    struct db_batch *b = last->batch;
    if (!seat_take(b, &last->seat) || turn->call_worker(turn->owner, lead_called, b))
        return;
    struct task own = *t;
    own.arena = arena_create(4096, (size_t)16 << 20);
    own.turn = NULL;
    lead_called(&own, b);
    arena_destroy(own.arena);
}

static err question_ask(struct task *t, struct question **at, struct db_batch *b, const void *item, size_t size)
{
    struct question *q = *at = arena_new(t->arena, struct question);
    *q = (struct question){ .seat = { .turn = t->turn, .item = arena_alloc(t->arena, size) }, .batch = b };
    memcpy(q->seat.item, item, size);
    t->turn->wait = question_wait;
    return FAIL(t, IN_TURN, "the rows are being read");
}

/* True: the seat was called to lead; false: it is done. */
static bool seat_await(struct seat *mine)
{
    parking_wait(&mine->called);
    return mine->is_leader;
}

static err seat_end(struct task *t, const struct seat *s)
{
    if (!s->fault)
        return OK;
    struct failure *f = failure_make(t, s->fault, __FILE__, __LINE__, "the batch with this in it failed");
    f->retry_after_s = s->retry_after_s;
    return f;
}

err db_batch_join(struct task *t, struct db_batch *b, db_batch_run run, void *item)
{
    if (!b || (t->db && t->db->tx != DB_TX_NONE))
        return run(t, &item, 1);
    if (t->turn)
        return FAIL(t, NEED_WORKER, "what writes is not run again");
    struct seat mine = { .item = item };
    parking_init(&mine.called);
    if ((seat_take(b, &mine) || seat_await(&mine)) && !lead(t, b, &mine))
        lead_called(t, b);
    return seat_end(t, &mine);
}

err db_batch_read(struct task *t, struct db_batch *b, db_batch_run run, void *item, size_t size)
{
    if (!b || !t->turn)
        return db_batch_join(t, b, run, item);
    struct question **at = &t->turn->asked;
    for (size_t i = 0; i < t->turn->at; i++)
        at = &(*at)->next;
    t->turn->at++;
    if (!*at)
        return question_ask(t, at, b, item, size);
    memcpy(item, (*at)->seat.item, size);
    return seat_end(t, &(*at)->seat);
}

/* ---- dealing out rows ---- */

static void column_keep(struct arena *a, const struct db_column *c, void *row)
{
    void *field = (char *)row + c->offset;
    switch (c->type) {
    case DB_TEXT:
    case DB_JSON:
        if (str_given(*(str *)field))
            *(str *)field = arena_str(a, *(str *)field);
        return;
    case DB_BYTES:
        if (((bytes *)field)->p)
            *(bytes *)field = bytes_of(arena_str(a, (str){ (const char *)((bytes *)field)->p, ((bytes *)field)->n }));
        return;
    case DB_TEXTS:
    case DB_I64S:
    case DB_DIGESTS:
        panic("a row with an array in it cannot be dealt out");
    case DB_I64:
    case DB_I32:
    case DB_BOOL:
    case DB_DIGEST:
    case DB_INSTANT:
        return;
    }
}

static void *row_keep(struct arena *a, const struct db_statement *s, const void *row)
{
    void *copy = arena_alloc(a, s->row_size);
    memcpy(copy, row, s->row_size);
    for (size_t i = 0; i < s->n_columns; i++)
        column_keep(a, &s->columns[i], copy);
    return copy;
}

void db_batch_deal(const struct db_statement *s, const void *rows, size_t n_rows, void *const *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((struct db_batch_item *)items[i])->row = NULL;
    for (size_t r = 0; r < n_rows; r++) {
        const char *row = (const char *)rows + r * s->row_size;
        int64_t number;
        memcpy(&number, row + s->columns[0].offset, sizeof number);
        if (number < 1 || (size_t)number > n)
            panic("a row for nobody in the batch");
        struct db_batch_item *item = items[number - 1];
        item->row = row_keep(item->arena, s, row);
    }
}
