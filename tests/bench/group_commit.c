/*
 * group-commit: postings per second through the group committer, by committers and batch, beside one transaction each
 * and one array statement per batch. STOA_TEST_DATABASE_URL names a database with fsync on; the schema "post" is made
 * anew. docs/decisions/0002-group-commit.md holds what it printed.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "post/store/migrations.h"
#include "post/store/post.sql.h"
#include "shared/db/group.h"
#include "shared/db/migrate.h"

enum { THREADS_MAX = 256, SECONDS_EACH = 3, ARRAY_MAX = 256 };

static struct db_config config;
static atomic_bool stop;
static atomic_long done, failed;
static const char body[] = "{\"id\":\"pay_0123456789abcdef0123456789abcdef\",\"amount\":10000,\"currency\":\"EUR\"}";

static struct task task_open(void)
{
    return (struct task){ .arena = arena_create(65536, 64 << 20), .db = db_open(&config), .now = wall_clock_now() };
}

static void task_close(struct task *t)
{
    db_close(t->db);
    arena_destroy(t->arena);
}

static void *post_alone(void *arg)
{
    struct task t = task_open();
    long number = (long)(intptr_t)arg;
    for (long i = 0; !atomic_load(&stop); i++) {
        const int64_t accounts[] = { -1, -2, -3, 1 + (number * 7919 + i * 104729) % 2000 };
        const int64_t amounts[] = { 100, -5, -25, -70 };
        const struct post_one_row *row;
        str key = arena_printf(t.arena, "%ld-%ld-%lld", number, i, (long long)t.now.us);
        err e = post_one(&t, key, str_of(body), (i64_array){ accounts, 4 }, (i64_array){ amounts, 4 }, &row);
        atomic_fetch_add(e ? &failed : &done, 1);
        arena_reset(t.arena);
    }
    task_close(&t);
    return NULL;
}

static long array_size;

static void *post_arrays(void *arg)
{
    struct task t = task_open();
    long number = (long)(intptr_t)arg;
    for (long i = 0; !atomic_load(&stop); i++) {
        str keys[ARRAY_MAX];
        int64_t sellers[ARRAY_MAX], shares[ARRAY_MAX];
        size_t n = (size_t)array_size;
        for (size_t k = 0; k < n; k++) {
            keys[k] = arena_printf(t.arena, "a%ld-%ld-%zu-%lld", number, i, k, (long long)t.now.us);
            sellers[k] = 1 + (number * 1000 + (long)k * 7) % 2000;
            shares[k] = 70;
        }
        const struct post_many_row *rows;
        size_t answers;
        err e = post_many(&t, (str_array){ keys, n }, (i64_array){ sellers, n }, (i64_array){ shares, n }, str_of(body),
                          &rows, &answers);
        atomic_fetch_add(e ? &failed : &done, (long)n);
        arena_reset(t.arena);
    }
    task_close(&t);
    return NULL;
}

static void measure(const char *what, int threads, void *(*run)(void *))
{
    pthread_t ids[THREADS_MAX];
    atomic_store(&stop, false);
    for (intptr_t i = 0; i < threads; i++)
        pthread_create(&ids[i], NULL, run, (void *)i);
    sleep(1);
    long before = atomic_load(&done);
    int64_t began_us = monotonic_us();
    sleep(SECONDS_EACH);
    double rate = (double)(atomic_load(&done) - before) * 1e6 / (double)(monotonic_us() - began_us);
    atomic_store(&stop, true);
    for (int i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
    printf("%-44s %3d threads %9.0f/s  failed %ld\n", what, threads, rate, atomic_exchange(&failed, 0));
    fflush(stdout);
}

static void measure_group(int threads, unsigned committers, unsigned max_batch)
{
    char what[80];
    snprintf(what, sizeof what, "group, %u committer(s), batch %u", committers, max_batch);
    struct db_group *g =
        db_group_start(&(struct db_group_config){ .db = config, .committers = committers, .max_batch = max_batch });
    db_group_install(g);
    measure(what, threads, post_alone);
    db_group_stop(g);
}

int main(void)
{
    config = (struct db_config){ .conninfo = str_of(getenv("STOA_TEST_DATABASE_URL")),
                                 .search_path = "post",
                                 .statement_timeout = SECONDS(5),
                                 .lock_timeout = SECONDS(2) };
    if (!str_given(config.conninfo) || !migrate_up(&config, post_migrations, post_migrations_n))
        return 1;
    measure("one transaction each", 1, post_alone);
    measure("one transaction each", 8, post_alone);
    measure("one transaction each", 32, post_alone);
    static const unsigned batches[] = { 1, 64, 256 };
    static const int threads[] = { 32, 128, 256 };
    for (unsigned committers = 1; committers <= 2; committers++) {
        for (size_t i = 0; i < sizeof batches / sizeof *batches; i++)
            measure_group(threads[i == 0 ? 0 : i - 1], committers, batches[i]);
        measure_group(256, committers, 256);
    }
    for (array_size = 64; array_size <= ARRAY_MAX; array_size *= 4) {
        char what[80];
        snprintf(what, sizeof what, "one array statement for %ld", array_size);
        measure(what, 1, post_arrays);
        measure(what, 2, post_arrays);
    }
    return 0;
}
