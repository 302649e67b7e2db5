/* The group committer under concurrency: own answers, no failing for neighbours, honest about lost connections. */
#include "shared/db/group.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "probe/probe.h"
#include "probe/store/item.sql.h"
#include "probe/store/posting.sql.h"

enum { THREADS = 32, ROUNDS = 25, LOOKS = 60000 }; /* a millisecond apart */

/* Of all workers, so that a test can wait until something has gone on. */
static atomic_int n_right, n_unavailable;

static void wait_for_more(atomic_int *counter, int than)
{
    for (int i = 0; i < LOOKS && atomic_load(counter) <= than; i++)
        usleep(1000);
    CHECK(atomic_load(counter) > than);
}

struct worker {
    const struct db_config *config;
    int number;
    bool poisonous; /* every statement of this worker raises an error */
    int64_t right, wrong, failed, unavailable;
    atomic_bool *stop;
    pthread_t thread;
};

static void note_failure(struct worker *w, err e)
{
    w->failed++;
    if (!w->poisonous)
        printf("# unexpected: %.*s\n", STR_ARG(e->detail));
}

static void put_one(struct task *on, struct worker *w, int round)
{
    const struct posting_put_row *row;
    const int64_t entries[] = { w->number, -w->number };
    int64_t amount = w->poisonous ? -666 : w->number * 1000 + round;
    str operation = arena_printf(on->arena, "op-%d-%d", w->number, round);
    err e = posting_put(on, operation, w->number, amount, (i64_array){ entries, 2 }, &row);
    if (err_is(e, &FAULT_UNAVAILABLE))
        w->unavailable++, atomic_fetch_add(&n_unavailable, 1);
    else if (e)
        note_failure(w, e);
    else if (str_eq(row->operation, operation) && row->amount == amount && row->is_new)
        w->right++, atomic_fetch_add(&n_right, 1);
    else
        w->wrong++;
    arena_reset(on->arena);
}

static void *work(void *arg)
{
    struct worker *w = arg;
    struct task on = probe_task(w->config);
    for (int round = 0; w->stop ? !atomic_load(w->stop) : round < ROUNDS; round++)
        put_one(&on, w, round);
    probe_end(&on);
    return NULL;
}

static struct db_group *group_begin(const struct db_config *config, unsigned committers, unsigned max_batch)
{
    struct db_group *g =
        db_group_start(&(struct db_group_config){ .db = *config, .committers = committers, .max_batch = max_batch });
    db_group_install(g);
    return g;
}

static void start_all(struct worker *workers, size_t n)
{
    for (size_t i = 0; i < n; i++)
        CHECK_I64(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
}

static void join_all(struct worker *workers, size_t n)
{
    for (size_t i = 0; i < n; i++)
        pthread_join(workers[i].thread, NULL);
}

static void check_own_answers(struct arena *arena, unsigned committers, unsigned max_batch)
{
    struct db_config config = probe_begin(arena);
    struct db_group *g = group_begin(&config, committers, max_batch);
    struct worker workers[THREADS] = { 0 };
    for (int i = 0; i < THREADS; i++)
        workers[i] = (struct worker){ .config = &config, .number = i };
    start_all(workers, THREADS);
    join_all(workers, THREADS);
    db_group_stop(g);
    for (int i = 0; i < THREADS; i++) {
        CHECK_I64(workers[i].right, ROUNDS);
        CHECK_I64(workers[i].wrong + workers[i].failed + workers[i].unavailable, 0);
    }
    str count = test_postgres_sql(arena, "select count(*) from probe.posting");
    CHECK_STR(count, arena_printf(arena, "%d", THREADS * ROUNDS));
}

TEST(each_worker_gets_its_own_answer)
{
    check_own_answers(arena, 1, 64);
}

TEST(two_committers_give_the_same_answers)
{
    check_own_answers(arena, 2, 8);
}

TEST(batch_of_one_is_a_transaction_each)
{
    check_own_answers(arena, 2, 1);
}

TEST(poisonous_statement_does_not_fail_its_neighbours)
{
    struct db_config config = probe_begin(arena);
    struct db_group *g = group_begin(&config, 2, 64);
    struct worker workers[THREADS] = { 0 };
    for (int i = 0; i < THREADS; i++)
        workers[i] = (struct worker){ .config = &config, .number = i, .poisonous = i % 10 == 3 };
    start_all(workers, THREADS);
    join_all(workers, THREADS);
    db_group_stop(g);
    for (int i = 0; i < THREADS; i++) {
        CHECK_I64(workers[i].right, workers[i].poisonous ? 0 : ROUNDS);
        CHECK_I64(workers[i].failed, workers[i].poisonous ? ROUNDS : 0);
        CHECK_I64(workers[i].wrong + workers[i].unavailable, 0);
    }
}

struct adding {
    const struct db_config *config;
    int64_t id;
    err result;
    struct arena *arena;
    pthread_t thread;
};

static void *add_pair(void *arg)
{
    struct adding *a = arg;
    struct task on = probe_task(a->config);
    int64_t affected;
    /* An odd id has a partner that does not exist: found at commit only. */
    err e = pair_add_grouped(&on, a->id, a->id % 2 ? -a->id : a->id, &affected);
    a->result = err_is(e, &FAULT_INTERNAL) ? e : NULL;
    a->id = e ? -1 : affected;
    probe_end(&on);
    return NULL;
}

TEST(violation_at_the_common_commit_hits_only_its_owner)
{
    struct db_config config = probe_begin(arena);
    struct db_group *g = group_begin(&config, 1, 64);
    struct adding adding[16];
    for (int i = 0; i < 16; i++)
        adding[i] = (struct adding){ .config = &config, .id = i };
    for (int i = 0; i < 16; i++)
        CHECK_I64(pthread_create(&adding[i].thread, NULL, add_pair, &adding[i]), 0);
    for (int i = 0; i < 16; i++)
        pthread_join(adding[i].thread, NULL);
    db_group_stop(g);
    for (int i = 0; i < 16; i++) {
        CHECK_I64(adding[i].id, i % 2 ? -1 : 1);
        CHECK((adding[i].result != NULL) == (i % 2 == 1));
    }
    CHECK_STR(test_postgres_sql(arena, "select count(*) from probe.pair"), STR("8"));
}

/* Workers that saw UNAVAILABLE do not know; nobody who saw success may miss the row, nobody's row may be half. */
TEST(killed_backend_is_unavailable_then_recovers)
{
    struct db_config config = probe_begin(arena);
    struct db_group *g = group_begin(&config, 1, 64);
    struct worker workers[THREADS] = { 0 };
    atomic_bool stop = false;
    for (int i = 0; i < THREADS; i++)
        workers[i] = (struct worker){ .config = &config, .number = i, .stop = &stop };
    start_all(workers, THREADS);
    for (int i = 0; i < 5; i++) {
        wait_for_more(&n_right, atomic_load(&n_right) + THREADS);
        test_postgres_sql(arena, "select count(pg_terminate_backend(pid)) from pg_stat_activity"
                                 " where query like '%posting%' and pid <> pg_backend_pid()");
    }
    wait_for_more(&n_right, atomic_load(&n_right) + THREADS);
    atomic_store(&stop, true);
    join_all(workers, THREADS);
    int64_t right = 0, unavailable = 0;
    for (int i = 0; i < THREADS; i++) {
        right += workers[i].right;
        unavailable += workers[i].unavailable;
        CHECK_I64(workers[i].failed, 0);
        CHECK_I64(workers[i].wrong, 0);
    }
    struct task on = probe_task(&config);
    const struct posting_count_row *count;
    CHECK_OK(posting_count(&on, &count));
    CHECK(right > 0 && count->n >= right && count->n <= right + unavailable);
    /* and the group works again */
    const struct posting_put_row *row;
    CHECK_OK(posting_put(&on, STR("after"), 1, 2, (i64_array){ NULL, 0 }, &row));
    CHECK(row->is_new);
    probe_end(&on);
    db_group_stop(g);
}

TEST(server_killed_is_unavailable_then_recovers)
{
    struct db_config config = probe_begin(arena);
    struct db_group *g = group_begin(&config, 2, 64);
    struct worker workers[THREADS] = { 0 };
    atomic_bool stop = false;
    for (int i = 0; i < THREADS; i++)
        workers[i] = (struct worker){ .config = &config, .number = i, .stop = &stop };
    start_all(workers, THREADS);
    wait_for_more(&n_right, atomic_load(&n_right));
    int known = atomic_load(&n_unavailable);
    test_postgres_control("kill");
    wait_for_more(&n_unavailable, known);
    test_postgres_control("revive");
    wait_for_more(&n_right, atomic_load(&n_right));
    atomic_store(&stop, true);
    join_all(workers, THREADS);
    int64_t right = 0, unavailable = 0, failed = 0;
    for (int i = 0; i < THREADS; i++) {
        right += workers[i].right;
        unavailable += workers[i].unavailable;
        failed += workers[i].failed + workers[i].wrong;
    }
    CHECK(right > 0 && unavailable > 0);
    CHECK_I64(failed, 0);
    struct task on = probe_task(&config);
    const struct posting_put_row *row;
    err e = posting_put(&on, STR("after"), 1, 2, (i64_array){ NULL, 0 }, &row);
    for (int i = 0; i < LOOKS && err_is(e, &FAULT_UNAVAILABLE); i++) { /* the other committer is not back yet */
        usleep(1000);
        e = posting_put(&on, STR("after"), 1, 2, (i64_array){ NULL, 0 }, &row);
    }
    CHECK_OK(e);
    probe_end(&on);
    db_group_stop(g);
}

TEST(stopped_group_refuses_and_statements_run_alone_again)
{
    struct db_config config = probe_begin(arena);
    struct db_group *g = group_begin(&config, 1, 64);
    db_group_stop(g);
    struct task on = probe_task(&config);
    const struct posting_put_row *row;
    CHECK_OK(posting_put(&on, STR("alone"), 1, 2, (i64_array){ NULL, 0 }, &row));
    CHECK(row->is_new);
    CHECK_OK(posting_put(&on, STR("alone"), 1, 2, (i64_array){ NULL, 0 }, &row));
    CHECK(!row->is_new);
    probe_end(&on);
}
