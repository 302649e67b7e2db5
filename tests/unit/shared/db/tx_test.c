/* Transactions: serializable, retried on conflicts, all or nothing, and the result of COMMIT counts. */
#include <pthread.h>

#include "probe/faults.h"
#include "probe/probe.h"
#include "probe/store/counter.sql.h"
#include "probe/store/item.sql.h"
#include "probe/store/posting.sql.h"
#include "shared/ops/metrics.h"

static void metric_is(struct arena *arena, const char *name, int64_t n)
{
    struct buf out;
    buf_init(&out, arena, 1 << 20);
    metrics_write(&out);
    const char *line = arena_cstr(arena, arena_printf(arena, "\n%s %lld\n", name, (long long)n));
    CHECK(strstr(arena_cstr(arena, buf_str(&out)), line));
}

static err add_two_then_fail(struct task *t, void *context)
{
    int64_t affected;
    TRY(item_add(t, (item_id){ 1 }, (item_name){ STR("one") }, &affected));
    TRY(item_add(t, (item_id){ 2 }, (item_name){ STR("two") }, &affected));
    if (*(bool *)context)
        return FAIL(t, NAME_TAKEN, "asked to fail");
    return OK;
}

TEST(failure_rolls_everything_back)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    bool fail = true;
    CHECK_FAULT(db_tx(&on, add_two_then_fail, &fail), NAME_TAKEN);
    CHECK_STR(test_postgres_sql(arena, "select count(*) from probe.item"), STR("0"));
    fail = false;
    CHECK_OK(db_tx(&on, add_two_then_fail, &fail));
    CHECK_STR(test_postgres_sql(arena, "select count(*) from probe.item"), STR("2"));
    probe_end(&on);
}

static err do_nothing(struct task *t, void *context)
{
    (void)t;
    (void)context;
    return OK;
}

TEST(transaction_without_statements_is_fine)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    CHECK_OK(db_tx(&on, do_nothing, NULL));
    probe_end(&on);
}

static err swallow_a_failure(struct task *t, void *context)
{
    int64_t affected;
    (void)context;
    TRY(item_add(t, (item_id){ 1 }, (item_name){ STR("same") }, &affected));
    err e = item_add(t, (item_id){ 2 }, (item_name){ STR("same") }, &affected);
    return err_is(e, &FAULT_NAME_TAKEN) ? OK : e;
}

TEST(commit_that_became_a_rollback_is_a_failure)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    CHECK_FAULT(db_tx(&on, swallow_a_failure, NULL), INTERNAL);
    CHECK_STR(test_postgres_sql(arena, "select count(*) from probe.item"), STR("0"));
    probe_end(&on);
}

static err violate_at_commit(struct task *t, void *context)
{
    int64_t affected;
    (void)context;
    return pair_add(t, 5, 6, &affected);
}

TEST(violation_at_commit_fails_the_transaction)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    CHECK_FAULT(db_tx(&on, violate_at_commit, NULL), INTERNAL);
    CHECK_OK(db_tx(&on, do_nothing, NULL));
    probe_end(&on);
}

static err grouped_inside(struct task *t, void *context)
{
    const struct posting_put_row *row;
    const int64_t entries[] = { 1, 2 };
    TRY(posting_put(t, STR("op"), 1, 10, (i64_array){ entries, 2 }, &row));
    return add_two_then_fail(t, context);
}

TEST(grouped_statement_inside_a_transaction_belongs_to_it)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    bool fail = true;
    CHECK_FAULT(db_tx(&on, grouped_inside, &fail), NAME_TAKEN);
    CHECK_STR(test_postgres_sql(arena, "select count(*) from probe.posting"), STR("0"));
    probe_end(&on);
}

struct seen {
    struct task *other;
    int64_t value;
};

/* Somebody else's statement is committed between two of this transaction's. */
static err look_twice(struct task *t, void *context)
{
    struct seen *seen = context;
    const struct counter_get_row *row;
    int64_t affected;
    TRY(counter_get(t, 1, &row));
    CHECK_OK(counter_set(seen->other, row->value + 1, 1, &affected));
    TRY(counter_get(t, 1, &row));
    seen->value = row->value;
    return OK;
}

TEST(in_turn_each_statement_sees_what_was_committed_before_it)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config), other = probe_task(&config);
    struct seen seen = { &other, 0 };
    test_postgres_sql(arena, "update probe.counter set value = 10 where id = 1");
    CHECK_OK(db_tx(&on, look_twice, &seen));
    CHECK_I64(seen.value, 10);
    CHECK_OK(db_tx_in_turn(&on, look_twice, &seen));
    CHECK_I64(seen.value, 12);
    CHECK_OK(db_tx(&on, look_twice, &seen));
    CHECK_I64(seen.value, 12);
    probe_end(&other);
    probe_end(&on);
}

static err lose_connection(struct task *t, void *context)
{
    const struct backend_pid_row *row;
    const struct counter_get_row *counter;
    struct arena *arena = context;
    TRY(backend_pid(t, &row));
    test_postgres_sql(arena, arena_cstr(arena, arena_printf(arena, "select pg_terminate_backend(%d, 5000)", row->pid)));
    err e = counter_get(t, 1, &counter);
    CHECK_FAULT(e, UNAVAILABLE);
    return OK; /* even so, nothing may be taken for committed */
}

TEST(connection_lost_inside_is_unavailable_whatever_fn_says)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    CHECK_FAULT(db_tx(&on, lose_connection, arena), UNAVAILABLE);
    CHECK(db_ping(on.db));
    probe_end(&on);
}

static err nest(struct task *t, void *context)
{
    return db_tx(t, do_nothing, context);
}

static void run_nested(void *arg)
{
    err e = db_tx(arg, nest, NULL);
    (void)e;
}

/* ---- what is counted ---- */

static struct metric counted = { .name = "stoa_probe_total", .help = "Of the probe" };

static err count_and_end(struct task *t, void *context)
{
    db_count(t, &counted, 0);
    return add_two_then_fail(t, context);
}

TEST(what_a_transaction_counts_is_counted_when_it_is_committed)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    bool fail = true;
    metric_register(&counted);
    CHECK_FAULT(db_tx(&on, count_and_end, &fail), NAME_TAKEN);
    metric_is(arena, "stoa_probe_total", 0);
    fail = false;
    CHECK_OK(db_tx(&on, count_and_end, &fail));
    metric_is(arena, "stoa_probe_total", 1);
    db_count(&on, &counted, 0);
    metric_is(arena, "stoa_probe_total", 2);
    probe_end(&on);
}

TEST(nested_transaction_is_a_bug)
{
    struct db_config config = probe_begin(arena);
    struct task on = probe_task(&config);
    CHECK_ABORTS(run_nested, &on);
    probe_end(&on);
}

/* ---- conflicts ---- */

enum { THREADS = 8, ROUNDS = 15 };

static struct metric increments = { .name = "stoa_increments_total", .help = "Of the counter" };

static err increment(struct task *t, void *context)
{
    const struct counter_get_row *row;
    int64_t affected;
    (void)context;
    TRY(counter_get(t, 1, &row));
    db_count(t, &increments, 0);
    return counter_set(t, row->value + 1, 1, &affected);
}

static void *increment_often(void *arg)
{
    struct task on = probe_task(arg);
    intptr_t done = 0;
    for (int i = 0; i < ROUNDS; i++) {
        if (db_tx(&on, increment, NULL) == OK)
            done++;
        arena_reset(on.arena);
    }
    probe_end(&on);
    return (void *)done;
}

TEST(read_modify_write_loses_no_update)
{
    struct db_config config = probe_begin(arena);
    pthread_t threads[THREADS];
    int64_t done = 0;
    metric_register(&increments);
    for (int i = 0; i < THREADS; i++)
        CHECK_I64(pthread_create(&threads[i], NULL, increment_often, &config), 0);
    for (int i = 0; i < THREADS; i++) {
        void *ret;
        pthread_join(threads[i], &ret);
        done += (intptr_t)ret;
    }
    str value = test_postgres_sql(arena, "select value from probe.counter where id = 1");
    CHECK_STR(value, arena_printf(arena, "%lld", (long long)done));
    metric_is(arena, "stoa_increments_total", done);
    CHECK_I64(done, THREADS * ROUNDS); /* nobody is told of conflicts that pass */
}
