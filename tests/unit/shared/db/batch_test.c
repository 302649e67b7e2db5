/* Leader and followers: everybody gets his own result, nobody fails for a neighbour, one batch at a time. */
#include "shared/db/batch.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>

#include "tests/support/test.h"

enum { CALLERS = 16, CALLS_EACH = 50, BAD = 7 };

struct doubling {
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
        if (((const struct doubling *)items[i])->number == BAD)
            return FAIL(t, INVALID_REQUEST, "a bad one");
    for (size_t i = 0; i < n; i++) {
        struct doubling *q = items[i];
        q->answer = 2 * q->number;
    }
    return OK;
}

static void *caller(void *arg)
{
    struct task t = { .arena = arena_create(4096, 1 << 20), .db = NULL };
    int number = *(const int *)arg;
    for (int i = 0; i < CALLS_EACH; i++) {
        struct doubling q = { .number = number };
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

/* ---- callers without a thread ---- */

struct patient {
    struct turn turn;
    sem_t called;
};

static void patient_again(struct task *t, void *owner)
{
    struct patient *p = owner;
    (void)t;
    sem_post(&p->called);
}

struct lead {
    void (*run)(struct task *t, void *item);
    void *item;
};

static void *lead_on_thread(void *arg)
{
    struct lead *lead = arg;
    struct task t = { .arena = arena_create(4096, 1 << 20) };
    lead->run(&t, lead->item);
    arena_destroy(t.arena);
    free(lead);
    return NULL;
}

/* Every third time nobody is free. */
static bool patient_call_worker(void *owner, void (*run)(struct task *t, void *item), void *item)
{
    static atomic_int times;
    pthread_t thread;
    (void)owner;
    if (atomic_fetch_add(&times, 1) % 3 == 0)
        return false;
    struct lead *lead = malloc(sizeof *lead);
    *lead = (struct lead){ run, item };
    pthread_create(&thread, NULL, lead_on_thread, lead);
    pthread_detach(thread);
    return true;
}

/* A handler that asks twice, the second time for what the first answer says. */
static err asks_twice(struct task *t, int number, int *ret)
{
    struct doubling q = { .number = number };
    TRY(db_batch_read(t, batch, doubled, &q, sizeof q));
    struct doubling again = { .number = q.answer };
    TRY(db_batch_read(t, batch, doubled, &again, sizeof again));
    *ret = again.answer;
    return OK;
}

static void *patient_caller(void *arg)
{
    struct patient p = { .turn = { .owner = &p, .again = patient_again, .call_worker = patient_call_worker } };
    struct task t = { .arena = arena_create(4096, 1 << 20), .turn = &p.turn };
    int number = *(const int *)arg, waits = 0, answer = 0;
    sem_init(&p.called, 0, 0);
    for (int i = 0; i < CALLS_EACH; i++) {
        err e;
        p.turn.asked = NULL;
        while (p.turn.at = 0, e = asks_twice(&t, number, &answer), err_is(e, &FAULT_IN_TURN)) {
            p.turn.wait(&t, &p.turn);
            sem_wait(&p.called);
            waits++;
        }
        if (number == BAD)
            atomic_fetch_add(err_is(e, &FAULT_INVALID_REQUEST) ? &refused : &wrong, 1);
        else if (e || answer != 4 * number)
            atomic_fetch_add(&wrong, 1);
        arena_reset(t.arena);
    }
    if (waits != CALLS_EACH * (number == BAD ? 1 : 2))
        atomic_fetch_add(&wrong, 1);
    sem_destroy(&p.called);
    arena_destroy(t.arena);
    return NULL;
}

/* With company, every second caller has no thread. */
static void all_call(size_t max, void *(*second)(void *))
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
        pthread_create(&threads[i], NULL, i % 2 ? second : caller, &numbers[i]);
    }
    for (int i = 0; i < CALLERS; i++)
        pthread_join(threads[i], NULL);
    arena_destroy(process);
}

TEST(batch_gives_everybody_his_own_result)
{
    all_call(64, caller);
    CHECK_I64(atomic_load(&wrong), 0);
    CHECK_I64(atomic_load(&refused), CALLS_EACH);
    CHECK(atomic_load(&most) > 1);
}

TEST(batch_serves_callers_with_and_without_a_thread)
{
    all_call(64, patient_caller);
    CHECK_I64(atomic_load(&wrong), 0);
    CHECK_I64(atomic_load(&refused), CALLS_EACH); /* BAD is an odd one, without a thread */
    CHECK(atomic_load(&most) > 1);
}

TEST(batch_of_writes_refuses_a_caller_without_a_thread)
{
    struct arena *process = arena_create(4096, 1 << 20);
    struct turn turn = { 0 };
    struct task t = { .arena = arena, .turn = &turn };
    struct doubling q = { .number = 3 };
    struct db_batch *b = db_batch_create(process, &nowhere, 4, doubled);
    CHECK_FAULT(db_batch_join(&t, b, doubled, &q), NEED_WORKER);
    arena_destroy(process);
}

TEST(batch_of_one_is_everybody_alone)
{
    all_call(1, caller);
    CHECK_I64(atomic_load(&wrong), 0);
    CHECK_I64(atomic_load(&most), 1);
    CHECK_I64(atomic_load(&batches), CALLERS * CALLS_EACH);
}

TEST(batch_that_is_not_there_runs_at_once)
{
    struct doubling q = { .number = 3 };
    CHECK_OK(db_batch_join(task, NULL, doubled, &q));
    CHECK_I64(q.answer, 6);
}

/* ---- dealing out rows ---- */

struct dealt_row {
    int64_t number;
    str name;
    bytes blob;
    bool is_good;
};

static const struct db_column dealt_columns[] = {
    { .name = "number", .type = DB_I64, .offset = offsetof(struct dealt_row, number) },
    { .name = "name", .type = DB_TEXT, .offset = offsetof(struct dealt_row, name), .nullable = true },
    { .name = "blob", .type = DB_BYTES, .offset = offsetof(struct dealt_row, blob), .nullable = true },
    { .name = "is_good", .type = DB_BOOL, .offset = offsetof(struct dealt_row, is_good) },
};
static const struct db_statement dealt = {
    .name = "dealt", .n_columns = 4, .columns = dealt_columns, .row_size = sizeof(struct dealt_row)
};

TEST(each_row_goes_to_the_item_with_its_number_and_stays_when_the_leader_leaves)
{
    struct arena *leader = arena_create(4096, 1 << 20), *other = arena_create(4096, 1 << 20);
    struct db_batch_item first = { .arena = arena }, none = { .arena = arena, .row = arena }, last = { .arena = other };
    void *const items[] = { &first, &none, &last };
    struct dealt_row *rows = arena_array(leader, struct dealt_row, 2);
    rows[0] = (struct dealt_row){ 3, arena_str(leader, STR("c")), bytes_of(arena_str(leader, STR("\0x"))), true };
    rows[1] = (struct dealt_row){ 1, STR_NONE, { 0 }, false };
    db_batch_deal(&dealt, rows, 2, items, 3);
    arena_destroy(leader);
    const struct dealt_row *one = first.row, *three = last.row;
    CHECK(!none.row);
    CHECK(one->number == 1 && !one->name.p && !one->blob.p && !one->is_good);
    CHECK(three->number == 3 && three->is_good);
    CHECK_STR(three->name, STR("c"));
    CHECK_BYTES(three->blob, bytes_of(STR("\0x")));
    arena_destroy(other);
}

static void deal_number(void *number)
{
    struct arena *a = arena_create(4096, 1 << 20);
    struct db_batch_item item = { .arena = a };
    void *const items[] = { &item };
    const struct dealt_row row = { .number = *(const int64_t *)number };
    db_batch_deal(&dealt, &row, 1, items, 1);
}

TEST(a_row_for_nobody_is_a_bug)
{
    int64_t one = 1, zero = 0, two = 2, negative = -1;
    CHECK(!test_aborts(deal_number, &one));
    CHECK_ABORTS(deal_number, &zero);
    CHECK_ABORTS(deal_number, &two);
    CHECK_ABORTS(deal_number, &negative);
}

static void deal_texts(void *unused)
{
    static const struct db_column columns[] = { { .name = "number", .type = DB_I64 },
                                                { .name = "names", .type = DB_TEXTS, .offset = sizeof(int64_t) } };
    const struct db_statement s = { .name = "texts", .n_columns = 2, .columns = columns, .row_size = 64 };
    struct db_batch_item item = { .arena = arena_create(4096, 1 << 20) };
    void *const items[] = { &item };
    const int64_t row[8] = { 1 };
    (void)unused;
    db_batch_deal(&s, row, 1, items, 1);
}

TEST(a_row_with_an_array_cannot_be_dealt)
{
    CHECK_ABORTS(deal_texts, NULL);
}
