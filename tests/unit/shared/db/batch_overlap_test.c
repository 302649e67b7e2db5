/*
 * Batches that overlap, against PostgreSQL: the next one is executed while the last one's commit is waited for, never
 * two at once; nobody is answered before his commit, and what fails there fails for its owner only.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "probe/probe.h"
#include "probe/store/item.sql.h"
#include "probe/store/posting.sql.h"
#include "shared/db/batch.h"

enum { CALLERS = 24, EACH = 40, LOOKS = 60000, HELD = 777 }; /* looks a millisecond apart */

static struct db_batch *batch;
static atomic_int batches, answered, right, wrong, unavailable;

struct put {
    str operation;
    int64_t amount;
    bool is_put;
};

static err put_run(struct task *t, void *const *items, size_t n)
{
    str *operations = arena_array(t->arena, str, n);
    int64_t *amounts = arena_array(t->arena, int64_t, n);
    const struct postings_put_row *rows;
    size_t rows_n;
    atomic_fetch_add(&batches, 1);
    for (size_t i = 0; i < n; i++) {
        struct put *p = items[i];
        p->is_put = false;
        operations[i] = p->operation;
        amounts[i] = p->amount;
    }
    TRY(postings_put(t, (str_array){ operations, n }, (i64_array){ amounts, n }, &rows, &rows_n));
    for (size_t r = 0; r < rows_n; r++)
        for (size_t i = 0; i < n; i++)
            if (str_eq(rows[r].operation, operations[i]))
                ((struct put *)items[i])->is_put = true;
    return OK;
}

static void wait_for(struct arena *arena, const char *what, const char *sql, const char *answer)
{
    str found = STR_NONE;
    for (int i = 0; i < LOOKS / 20; i++, usleep(20000))
        if (str_eq(found = test_postgres_sql(arena, sql), str_of(answer)))
            return;
    printf("# %s: %.*s\n", what, STR_ARG(found));
    CHECK(false);
}

struct caller {
    const struct db_config *config;
    int number;
    int64_t amount;
    pthread_t thread;
};

static void *put_once(void *arg)
{
    struct caller *c = arg;
    struct task on = { .arena = arena_create(32768, 16 << 20), .now = wall_clock_now() };
    struct put p = { .operation = arena_printf(on.arena, "held-%d", c->number), .amount = c->amount };
    err e = db_batch_join(&on, batch, put_run, &p);
    atomic_fetch_add(!e && p.is_put ? &right : &wrong, 1);
    atomic_fetch_add(&answered, 1);
    arena_destroy(on.arena);
    return NULL;
}

static void batch_begin(struct arena *process, const struct db_config *config, size_t max, db_batch_run run)
{
    atomic_store(&batches, 0);
    atomic_store(&answered, 0);
    atomic_store(&right, 0);
    atomic_store(&wrong, 0);
    atomic_store(&unavailable, 0);
    batch = db_batch_create_overlapped(process, config, max, run);
}

#define IN_COMMIT                                                                                                      \
    "select count(*) from pg_locks l join pg_stat_activity a using (pid)"                                              \
    " where l.locktype = 'advisory' and not l.granted and a.query like '%posting%'"

TEST(the_next_batch_is_executed_while_a_commit_is_waited_for)
{
    struct db_config config = probe_begin(arena), patient = config;
    patient.statement_timeout = patient.lock_timeout = SECONDS(300);
    struct task holder = probe_task(&config);
    const struct commits_hold_row *held;
    const struct commits_release_row *released;
    struct caller callers[3];
    batch_begin(arena, &patient, 64, put_run);
    CHECK_OK(commits_hold(&holder, &held));
    for (int i = 0; i < 3; i++)
        callers[i] = (struct caller){ .config = &config, .number = i, .amount = HELD };
    CHECK_I64(pthread_create(&callers[0].thread, NULL, put_once, &callers[0]), 0);
    wait_for(arena, "the first one's commit", IN_COMMIT, "1");
    CHECK_I64(pthread_create(&callers[1].thread, NULL, put_once, &callers[1]), 0);
    wait_for(arena, "the second one's commit beside it", IN_COMMIT, "2");
    CHECK_I64(pthread_create(&callers[2].thread, NULL, put_once, &callers[2]), 0);
    usleep(50000); /* a third connection would have taken it by now */
    CHECK_I64(batches, 2);
    CHECK_I64(answered, 0);
    CHECK_OK(commits_release(&holder, &released));
    for (int i = 0; i < 3; i++)
        pthread_join(callers[i].thread, NULL);
    CHECK_I64(right, 3);
    CHECK_I64(batches, 3);
    probe_end(&holder);
}

/* ---- inside a transaction ---- */

struct part {
    struct put put;
    bool is_seen; /* by a statement of the transaction that comes after it */
    bool fails;
};

static err put_in_tx(struct task *t, void *context)
{
    struct part *p = context;
    const struct posting_count_row *count;
    TRY(db_batch_join(t, batch, put_run, &p->put));
    TRY(posting_count(t, &count));
    p->is_seen = count->n == 1;
    return p->fails ? FAIL(t, INVALID_REQUEST, "what comes after it") : OK;
}

TEST(what_joins_a_batch_in_a_transaction_is_a_part_of_it)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    const struct posting_count_row *count;
    struct part part = { .put = { .operation = STR("part"), .amount = 1 }, .fails = true };
    batch_begin(arena, &config, 64, put_run);
    CHECK_FAULT(db_tx(&on, put_in_tx, &part), INVALID_REQUEST);
    CHECK(part.put.is_put && part.is_seen);
    CHECK_OK(posting_count(&on, &count));
    CHECK_I64(count->n, 0);
    part.fails = false;
    CHECK_OK(db_tx(&on, put_in_tx, &part));
    CHECK(part.is_seen);
    CHECK_OK(posting_count(&on, &count));
    CHECK_I64(count->n, 1);
    probe_end(&on);
}

/* ---- what is found at the commit ---- */

struct pair {
    int64_t id;
    err result;
};

static err pair_run(struct task *t, void *const *items, size_t n)
{
    int64_t *ids = arena_array(t->arena, int64_t, n), *partners = arena_array(t->arena, int64_t, n), affected;
    for (size_t i = 0; i < n; i++) {
        ids[i] = ((struct pair *)items[i])->id;
        partners[i] = ids[i] % 2 ? -ids[i] : ids[i]; /* an odd one's partner does not exist */
    }
    return pairs_add(t, (i64_array){ ids, n }, (i64_array){ partners, n }, &affected);
}

static void *pairs_each(void *arg)
{
    const struct caller *c = arg;
    struct task on = { .arena = arena_create(32768, 16 << 20), .now = wall_clock_now() };
    for (int i = 0; i < EACH; i++) {
        int64_t id = c->number * EACH + i;
        err e = db_batch_join(&on, batch, pair_run, &(struct pair){ .id = id });
        bool is_refused = err_is(e, &FAULT_INTERNAL);
        atomic_fetch_add((id % 2 ? is_refused : !e) ? &right : &wrong, 1);
        arena_reset(on.arena);
    }
    arena_destroy(on.arena);
    return NULL;
}

static void all_call(const struct db_config *config, void *(*call)(void *), struct caller *callers)
{
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (struct caller){ .config = config, .number = i };
        CHECK_I64(pthread_create(&callers[i].thread, NULL, call, &callers[i]), 0);
    }
}

static void all_join(struct caller *callers)
{
    for (int i = 0; i < CALLERS; i++)
        pthread_join(callers[i].thread, NULL);
}

TEST(what_fails_at_the_commit_fails_for_its_owner_only)
{
    struct db_config config = probe_begin(arena);
    struct caller callers[CALLERS];
    batch_begin(arena, &config, 8, pair_run);
    all_call(&config, pairs_each, callers);
    all_join(callers);
    CHECK_I64(wrong, 0);
    CHECK_I64(right, CALLERS * EACH);
    CHECK_STR(test_postgres_sql(arena, "select count(*), count(*) filter (where id % 2 = 1) from probe.pair"),
              arena_printf(arena, "%d|0", CALLERS * EACH / 2));
}

/* ---- connections that are lost ---- */

static atomic_bool stop;

static void *put_on_and_on(void *arg)
{
    const struct caller *c = arg;
    struct task on = { .arena = arena_create(32768, 16 << 20), .now = wall_clock_now() };
    for (int i = 0; !atomic_load(&stop); i++) {
        struct put p = { .operation = arena_printf(on.arena, "on-%d-%d", c->number, i), .amount = i };
        err e = db_batch_join(&on, batch, put_run, &p);
        if (err_is(e, &FAULT_UNAVAILABLE))
            atomic_fetch_add(&unavailable, 1);
        else
            atomic_fetch_add(!e && p.is_put ? &right : &wrong, 1);
        arena_reset(on.arena);
    }
    arena_destroy(on.arena);
    return NULL;
}

static void wait_for_more(int than)
{
    for (int i = 0; i < LOOKS && atomic_load(&right) <= than; i++)
        usleep(1000);
    CHECK(atomic_load(&right) > than);
}

/* Whoever saw UNAVAILABLE does not know; nobody who saw success may miss his row. */
TEST(a_lost_connection_is_unavailable_and_the_others_go_on)
{
    struct db_config config = probe_begin(arena);
    struct caller callers[CALLERS];
    atomic_store(&stop, false);
    batch_begin(arena, &config, 8, put_run);
    all_call(&config, put_on_and_on, callers);
    for (int i = 0; i < 5; i++) {
        wait_for_more(atomic_load(&right) + CALLERS);
        test_postgres_sql(arena, "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                                 " where query like '%posting%' and pid <> pg_backend_pid()");
    }
    wait_for_more(atomic_load(&right) + CALLERS);
    atomic_store(&stop, true);
    all_join(callers);
    struct task on = probe_task(&config);
    const struct posting_count_row *count;
    CHECK_OK(posting_count(&on, &count));
    CHECK_I64(wrong, 0);
    CHECK(unavailable > 0 && right > 0 && count->n >= right && count->n <= right + unavailable);
    probe_end(&on);
}
