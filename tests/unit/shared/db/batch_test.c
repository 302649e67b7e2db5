/* Leader and followers: everybody gets his own result, nobody fails for a neighbour, one batch at a time. */
#include "shared/db/batch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "tests/support/test.h"

enum { CALLERS = 16, CALLS_EACH = 50, BAD = 7 };

struct question {
    int number;
    int answer;
};

static struct db_batch *batch;
static const struct db_config nowhere = { .search_path = "probe" }; /* nobody connects */
static atomic_int batches, running, most, wrong, refused;

/* Doubles every number; a batch with a BAD one in it fails as a whole. */
static err doubled(struct task *t, void *const *items, size_t n)
{
    const struct timespec moment = { .tv_nsec = 200000 };
    if (atomic_fetch_add(&running, 1) != 0)
        atomic_fetch_add(&wrong, 1);
    atomic_fetch_add(&batches, 1);
    if ((int)n > atomic_load(&most))
        atomic_store(&most, (int)n);
    nanosleep(&moment, NULL);
    atomic_fetch_sub(&running, 1);
    for (size_t i = 0; i < n; i++)
        if (((const struct question *)items[i])->number == BAD)
            return FAIL(t, INVALID_REQUEST, "a bad one");
    for (size_t i = 0; i < n; i++) {
        struct question *q = items[i];
        q->answer = 2 * q->number;
    }
    return OK;
}

static void *caller(void *arg)
{
    struct task t = { .arena = arena_create(4096, 1 << 20), .db = NULL };
    int number = *(const int *)arg;
    for (int i = 0; i < CALLS_EACH; i++) {
        struct question q = { .number = number };
        err e = db_batch_join(&t, batch, doubled, &q);
        if (number == BAD)
            atomic_fetch_add(err_is(e, &FAULT_INVALID_REQUEST) ? &refused : &wrong, 1);
        else if (e || q.answer != 2 * number || t.db)
            atomic_fetch_add(&wrong, 1);
        arena_reset(t.arena);
    }
    arena_destroy(t.arena);
    return NULL;
}

static void all_call(size_t max)
{
    pthread_t threads[CALLERS];
    int numbers[CALLERS];
    struct arena *process = arena_create(4096, 1 << 20);
    atomic_store(&batches, 0);
    atomic_store(&most, 0);
    atomic_store(&wrong, 0);
    atomic_store(&refused, 0);
    batch = db_batch_create(process, &nowhere, max, doubled);
    for (int i = 0; i < CALLERS; i++) {
        numbers[i] = i;
        pthread_create(&threads[i], NULL, caller, &numbers[i]);
    }
    for (int i = 0; i < CALLERS; i++)
        pthread_join(threads[i], NULL);
    arena_destroy(process);
}

TEST(batch_gives_everybody_his_own_result)
{
    all_call(64);
    CHECK_I64(atomic_load(&wrong), 0);
    CHECK_I64(atomic_load(&refused), CALLS_EACH);
    CHECK(atomic_load(&most) > 1);
}

TEST(batch_of_one_is_everybody_alone)
{
    all_call(1);
    CHECK_I64(atomic_load(&wrong), 0);
    CHECK_I64(atomic_load(&most), 1);
    CHECK_I64(atomic_load(&batches), CALLERS * CALLS_EACH);
}

TEST(batch_that_is_not_there_runs_at_once)
{
    struct question q = { .number = 3 };
    CHECK_OK(db_batch_join(task, NULL, doubled, &q));
    CHECK_I64(q.answer, 6);
}
