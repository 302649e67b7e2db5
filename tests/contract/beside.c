/* See beside.h. */
#include "tests/contract/beside.h"

#include <pthread.h>
#include <stdatomic.h>

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/env.h"
#include "paysrv/store/user.sql.h"
#include "tests/contract/paysrv_rows.h"
#include "tests/support/postgres.h"
#include "tests/support/test.h"

static struct db_config config;
static struct app app = { .env = &pay_env_live, .config.zone_directory = STR("/usr/share/zoneinfo") };

void beside_begin(struct arena *arena, struct task *t, const char *rows)
{
    paysrv_rows_begin(arena, t, &config, rows);
    t->app = &app;
}

void beside_task(struct arena *arena, struct task *t)
{
    *t = (struct task){ .arena = arena, .db = db_open(&config), .now = wall_clock_now(), .what = "test", .app = &app };
}

struct pair {
    step in_tx, beside, third, then; /* third, then: NULL is none */
    bool has_been;                   /* beside was done */
    bool beside_was_good;
    atomic_bool has_ended;
    pthread_t thread;
    struct arena *arena;
};

/* On a connection of its own, and committed when it returns. */
static bool alone(step run)
{
    struct arena *arena = arena_create(32768, 16 << 20);
    struct task t;
    beside_task(arena, &t);
    err e = run(&t);
    if (e)
        fprintf(stderr, "# %.*s\n", STR_ARG(e->detail));
    db_close(t.db);
    arena_destroy(arena);
    return e == OK;
}

/* It has looked, the statement comes and goes, it writes. When it is repeated, nobody is beside it. */
static err with_one_between(struct task *t, void *context)
{
    struct pair *p = context;
    const struct user_find_row *seen;
    TRY(user_find(t, P, USER, &seen));
    if (!p->has_been) {
        p->has_been = true;
        p->beside_was_good = alone(p->beside);
    }
    return p->in_tx(t);
}

static void *thread_of(void *context)
{
    struct pair *p = context;
    p->beside_was_good = alone(p->beside);
    atomic_store(&p->has_ended, true);
    return NULL;
}

static err other_begin(struct task *t, struct pair *p)
{
    static const char waiting[] = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'";
    p->has_been = true;
    if (pthread_create(&p->thread, NULL, thread_of, p) != 0)
        return FAIL(t, INTERNAL, "no thread");
    while (!atomic_load(&p->has_ended) && str_eq(test_postgres_sql(p->arena, waiting), STR("0")))
        continue;
    return !p->third || alone(p->third) ? OK : FAIL(t, INTERNAL, "the third has failed");
}

/* It has written, and the statement waits for it, or is through. */
static err with_one_waiting(struct task *t, void *context)
{
    struct pair *p = context;
    TRY(p->in_tx(t));
    if (!p->has_been)
        TRY(other_begin(t, p));
    return p->then ? p->then(t) : OK;
}

static void play(struct arena *arena, const char *rows, struct pair *p, err (*order)(struct task *t, void *context))
{
    struct task t;
    beside_begin(arena, &t, rows);
    CHECK_OK(db_tx(&t, order, p));
    if (order == with_one_waiting)
        pthread_join(p->thread, NULL);
    CHECK(p->beside_was_good);
    db_close(t.db);
}

void between(struct arena *arena, const char *rows, step in_tx, step other)
{
    struct pair p = { .in_tx = in_tx, .beside = other, .arena = arena };
    play(arena, rows, &p, with_one_between);
}

void waiting(struct arena *arena, const char *rows, step in_tx, step other)
{
    struct pair p = { .in_tx = in_tx, .beside = other, .arena = arena };
    play(arena, rows, &p, with_one_waiting);
}

void waiting_then(struct arena *arena, const char *rows, step in_tx, step other, step then)
{
    struct pair p = { .in_tx = in_tx, .beside = other, .then = then, .arena = arena };
    play(arena, rows, &p, with_one_waiting);
}

void waiting_while(struct arena *arena, const char *rows, step in_tx, step other, step third)
{
    struct pair p = { .in_tx = in_tx, .beside = other, .third = third, .arena = arena };
    play(arena, rows, &p, with_one_waiting);
}
