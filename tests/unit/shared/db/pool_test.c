/* Few connections, many tasks: fibers and threads take turns, transactions stay whole, nothing is kept by who has
 * ended. */
#include "shared/db/pool.h"

#include <pthread.h>
#include <stdatomic.h>

#include "probe/faults.h"
#include "probe/probe.h"
#include "probe/store/counter.sql.h"
#include "probe/store/item.sql.h"
#include "shared/ops/fiber.h"

enum { CONNECTIONS = 3, CARRIERS = 2, FIBERS = 24, THREADS = 6, EACH = 10, PIDS_MAX = 64 };

static struct db_pool *pool;
static atomic_int wrong, seen_n;
static atomic_int seen[PIDS_MAX];

static void note(int pid)
{
    for (int i = 0; i < atomic_load(&seen_n); i++)
        if (atomic_load(&seen[i]) == pid)
            return;
    int at = atomic_fetch_add(&seen_n, 1);
    if (at < PIDS_MAX)
        atomic_store(&seen[at], pid);
}

/* Reads, and writes one more: what is in between is this transaction's alone. */
static err count_one(struct task *t, void *context)
{
    const struct counter_get_row *row;
    const struct backend_pid_row *first, *last;
    int64_t affected;
    (void)context;
    TRY(backend_pid(t, &first));
    TRY(counter_get(t, 1, &row));
    TRY(counter_set(t, row->value + 1, 1, &affected));
    TRY(backend_pid(t, &last));
    if (first->pid != last->pid)
        atomic_fetch_add(&wrong, 1);
    note(last->pid);
    return OK;
}

static void count_each(void *arg)
{
    struct task t = { .arena = arena_create(32768, 16 << 20), .db = db_pool_join(pool), .now = wall_clock_now() };
    struct db *mine = t.db;
    int64_t affected;
    (void)arg;
    for (int done = 0; done < EACH;) {
        /* A statement that fails gives its connection back as well. */
        if (!item_add(&t, (item_id){ 1 }, (item_name){ STR("taken") }, &affected))
            atomic_fetch_add(&wrong, 1);
        err e = db_tx(&t, count_one, NULL);
        done += !e;
        if ((e && !err_is(e, &FAULT_UNAVAILABLE)) || t.db != mine)
            atomic_fetch_add(&wrong, 1);
        arena_reset(t.arena);
    }
    db_close(t.db);
    arena_destroy(t.arena);
}

static void *count_on_thread(void *arg)
{
    count_each(arg);
    return NULL;
}

TEST(many_share_a_few_connections)
{
    struct db_config config = probe_begin(arena);
    static char args[FIBERS];
    pthread_t threads[THREADS];
    atomic_store(&wrong, 0);
    atomic_store(&seen_n, 0);
    test_postgres_sql(arena, "insert into probe.item (id, name) values (1, 'taken'); select count(*) from probe.item");
    struct arena *process = arena_create(4096, 1 << 20);
    pool = db_pool_create(process, &config, CONNECTIONS);
    struct carriers *carriers = carriers_start(CARRIERS, FIBERS, count_each, args, 1);
    for (int i = 0; i < THREADS; i++)
        CHECK_I64(pthread_create(&threads[i], NULL, count_on_thread, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    carriers_join(carriers);
    CHECK_I64(atomic_load(&wrong), 0);
    CHECK_STR(test_postgres_sql(arena, "select value from probe.counter where id = 1"), STR("300"));
    CHECK(atomic_load(&seen_n) >= 1 && atomic_load(&seen_n) <= CONNECTIONS);
    arena_destroy(process);
}

static int pid_of(struct task *t)
{
    const struct backend_pid_row *row;
    CHECK_OK(backend_pid(t, &row));
    return row->pid;
}

struct held {
    int pid;
    struct task *other;
};

static err hold_one(struct task *t, void *context)
{
    struct held *h = context;
    h->pid = pid_of(t);
    if (pid_of(h->other) == h->pid || pid_of(t) != h->pid)
        atomic_fetch_add(&wrong, 1);
    return db_tx(t, count_one, NULL);
}

TEST(what_is_held_is_nobody_elses_between_statements)
{
    struct db_config config = probe_begin(arena);
    struct arena *process = arena_create(4096, 1 << 20);
    atomic_store(&wrong, 0);
    atomic_store(&seen_n, 0);
    pool = db_pool_create(process, &config, 2);
    struct task one = { .arena = arena, .db = db_pool_join(pool) },
                other = { .arena = arena, .db = db_pool_join(pool) };
    struct held held = { .other = &other };
    CHECK_OK(db_hold(&one, hold_one, &held));
    CHECK_I64(atomic_load(&wrong), 0);
    CHECK_I64(atomic_load(&seen[0]), held.pid);
    CHECK_I64(pid_of(&one), held.pid); /* given back */
    db_close(one.db);
    db_close(other.db);
    arena_destroy(process);
}

TEST(a_connection_that_died_in_the_pool_is_opened_again)
{
    struct db_config config = probe_begin(arena);
    struct arena *process = arena_create(4096, 1 << 20);
    pool = db_pool_create(process, &config, 1);
    struct task one = { .arena = arena, .db = db_pool_join(pool) },
                other = { .arena = arena, .db = db_pool_join(pool) };
    int before = pid_of(&one);
    CHECK_I64(pid_of(&other), before);
    test_postgres_sql(arena, arena_cstr(arena, arena_printf(arena, "select pg_terminate_backend(%d, 5000)", before)));
    CHECK(pid_of(&other) != before);
    CHECK(db_ping(one.db));
    db_close(one.db);
    db_close(other.db);
    arena_destroy(process);
}
