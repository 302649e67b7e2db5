/* The bounded queue and the periodic jobs. */
#include "shared/ops/worker.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shared/base/faults.h"
#include "shared/ops/fiber.h"
#include "shared/ops/gate.h"
#include "shared/ops/log.h"
#include "shared/ops/metrics.h"
#include "tests/support/test.h"

enum { PATIENCE = 12000 }; /* looks, five milliseconds apart */

static int ran, started, stopped;

static int count(int *n)
{
    return __atomic_load_n(n, __ATOMIC_SEQ_CST);
}

static void begin(struct task *t)
{
    t->what = "unit";
    __atomic_add_fetch(&started, 1, __ATOMIC_SEQ_CST);
}

static void end(struct task *t)
{
    (void)t;
    __atomic_add_fetch(&stopped, 1, __ATOMIC_SEQ_CST);
}

static void run(struct task *t, void *item)
{
    arena_alloc(t->arena, 100);
    while (!__atomic_load_n((const bool *)item, __ATOMIC_SEQ_CST))
        usleep(1000);
    __atomic_add_fetch(&ran, 1, __ATOMIC_SEQ_CST);
}

TEST(a_full_queue_refuses_and_stop_runs_what_waits)
{
    static bool may_end;
    struct worker_config config = { .n = 1, .queue_limit = 3, .start = begin, .stop = end };
    struct worker_pool *w = workers_start(&config);
    int taken = 0;
    for (int i = 0; i < 10; i++)
        taken += workers_push(w, QUEUE_COMMON, PARTY_NONE, (struct work_item){ run, &may_end });
    CHECK(taken >= 3 && taken <= 4);
    __atomic_store_n(&may_end, true, __ATOMIC_SEQ_CST);
    workers_stop(w);
    CHECK_I64(count(&ran), taken);
    CHECK_I64(count(&started), 1);
    CHECK_I64(count(&stopped), 1);
}

static int64_t shown(struct arena *a, const char *line)
{
    struct buf out;
    buf_init(&out, a, 1 << 20);
    metrics_write(&out);
    const char *at = strstr(arena_cstr(a, buf_str(&out)), line);
    return at ? strtoll(at + strlen(line), NULL, 10) : -1;
}

/* What is shown of queues when one with a worker, who is busy, has refused the third. */
static void refuse_one(struct arena *a, bool serves, int64_t *waiting, int64_t *refused)
{
    static bool may_end;
    struct worker_config config = { .n = 1, .queue_limit = 2, .serves = serves };
    __atomic_store_n(&may_end, false, __ATOMIC_SEQ_CST);
    struct worker_pool *w = workers_start(&config);
    while (workers_push(w, QUEUE_COMMON, PARTY_NONE, (struct work_item){ run, &may_end }))
        continue;
    *waiting = shown(a, "\nstoa_queue_waiting ");
    *refused = shown(a, "\nstoa_queue_refused_total{because=\"full\"} ");
    __atomic_store_n(&may_end, true, __ATOMIC_SEQ_CST);
    workers_stop(w);
}

TEST(only_queues_of_requests_are_shown_as_such)
{
    int64_t waiting, refused, more;
    refuse_one(arena, false, &waiting, &refused);
    CHECK_I64(waiting, 0);
    refuse_one(arena, true, &waiting, &more);
    CHECK(waiting > 0);
    CHECK_I64(more, refused + 1);
}

static char order[8], common[] = "c", ahead[] = "a";
static int holding;

static void hold(struct task *t, void *item)
{
    __atomic_add_fetch(&holding, 1, __ATOMIC_SEQ_CST);
    run(t, item);
}

static void note(struct task *t, void *item)
{
    (void)t;
    strncat(order, item, 1);
}

TEST(who_goes_ahead_has_room_and_is_next)
{
    static bool may_end;
    struct worker_config config = { .n = 1, .queue_limit = 2, .start = begin, .stop = end };
    struct worker_pool *w = workers_start(&config);
    CHECK(workers_push(w, QUEUE_COMMON, PARTY_NONE, (struct work_item){ hold, &may_end }));
    while (count(&holding) == 0)
        usleep(1000);
    while (workers_push(w, QUEUE_COMMON, PARTY_NONE, (struct work_item){ note, common }))
        continue;
    CHECK(workers_push(w, QUEUE_AHEAD, PARTY_NONE, (struct work_item){ note, ahead }));
    CHECK(workers_push(w, QUEUE_AHEAD, PARTY_NONE, (struct work_item){ note, ahead }));
    CHECK(!workers_push(w, QUEUE_AHEAD, PARTY_NONE, (struct work_item){ note, ahead }));
    __atomic_store_n(&may_end, true, __ATOMIC_SEQ_CST);
    workers_stop(w);
    CHECK_STR(str_of(order), STR("aacc"));
}

static int held, others_ran;

static void hold_on(struct task *t, void *item)
{
    (void)t;
    __atomic_add_fetch(&held, 1, __ATOMIC_SEQ_CST);
    while (!__atomic_load_n((const bool *)item, __ATOMIC_SEQ_CST))
        usleep(1000);
    __atomic_add_fetch(&held, -1, __ATOMIC_SEQ_CST);
}

static void others_run(struct task *t, void *item)
{
    (void)t;
    (void)item;
    __atomic_add_fetch(&others_ran, 1, __ATOMIC_SEQ_CST);
}

TEST(whose_calls_hang_leaves_workers_to_others)
{
    enum { WORKERS = 16, GREEDY = 1, OTHER = 2 };
    static bool may_end;
    struct worker_config config = { .n = WORKERS, .queue_limit = 64 };
    struct worker_pool *w = workers_start(&config);
    int taken = 0;
    for (int i = 0; i < 100; i++)
        taken += workers_push(w, QUEUE_COMMON, GREEDY, (struct work_item){ hold_on, &may_end });
    CHECK(taken > WORKERS && taken < 100);
    for (int i = 0; i < PATIENCE && count(&held) < WORKERS - 1; i++)
        usleep(5000);
    for (int i = 0; i < 20; i++) {
        CHECK(workers_push(w, QUEUE_COMMON, OTHER, (struct work_item){ others_run, NULL }));
        for (int j = 0; j < PATIENCE && count(&others_ran) <= i; j++)
            usleep(5000);
    }
    CHECK_I64(count(&others_ran), 20);
    CHECK_I64(count(&held), WORKERS - 1);
    __atomic_store_n(&may_end, true, __ATOMIC_SEQ_CST);
    workers_stop(w);
    CHECK_I64(count(&held), 0);
}

static int rounds;

static err round_run(struct task *t)
{
    int n = __atomic_add_fetch(&rounds, 1, __ATOMIC_SEQ_CST);
    return n == 1 ? FAIL(t, UNAVAILABLE, "the first round fails") : OK;
}

TEST(jobs_run_again_after_a_failure_and_when_woken)
{
    static const struct job list[] = { { "unit", HOURS(1), round_run, OWN_THREAD } };
    struct worker_config config = { .n = 1 };
    log_set_level(LOG_ERROR_LEVEL);
    struct jobs *j = jobs_start(list, 1, &config);
    for (int i = 0; i < PATIENCE && count(&rounds) < 1; i++)
        usleep(5000);
    CHECK_I64(count(&rounds), 1);
    jobs_wake(j, "other");
    usleep(30000);
    CHECK_I64(count(&rounds), 1);
    jobs_wake(j, "unit");
    for (int i = 0; i < PATIENCE && count(&rounds) < 2; i++)
        usleep(5000);
    CHECK_I64(count(&rounds), 2);
    jobs_stop(j);
}

static pthread_t threads[3];
static int rounds_of[3];

static err round_of(int i)
{
    threads[i] = pthread_self();
    __atomic_add_fetch(&rounds_of[i], 1, __ATOMIC_SEQ_CST);
    return OK;
}
static err sweep_run(struct task *t)
{
    (void)t;
    return round_of(0);
}
static err send_run(struct task *t)
{
    (void)t;
    return round_of(1);
}
static err fold_run(struct task *t)
{
    (void)t;
    return round_of(2);
}

TEST(jobs_that_keep_house_share_a_thread)
{
    static const struct job list[] = { { "sweep", MILLISECONDS(5), sweep_run, SHARED_THREAD },
                                       { "send", MILLISECONDS(5), send_run, OWN_THREAD },
                                       { "fold", HOURS(1), fold_run, SHARED_THREAD } };
    struct worker_config config = { .n = 1 };
    struct jobs *j = jobs_start(list, 3, &config);
    for (int i = 0; i < PATIENCE && (count(&rounds_of[0]) < 3 || count(&rounds_of[1]) < 3 || count(&rounds_of[2]) < 1);
         i++)
        usleep(5000);
    jobs_wake(j, "fold");
    for (int i = 0; i < PATIENCE && count(&rounds_of[2]) < 2; i++)
        usleep(5000);
    jobs_stop(j);
    CHECK(rounds_of[0] >= 3 && rounds_of[1] >= 3);
    CHECK_I64(rounds_of[2], 2);
    CHECK(pthread_equal(threads[0], threads[2]) && !pthread_equal(threads[0], threads[1]));
}

/* What the database would say, through a pipe. */
static int said[2];

static int pipe_listen(struct task *t, const char *channel, bool *heard)
{
    struct pollfd p = { .fd = said[0], .events = POLLIN };
    char word;
    (void)t;
    *heard = strcmp(channel, "hear") == 0 && poll(&p, 1, 0) > 0 && read(said[0], &word, 1) == 1;
    return said[0];
}

static int heard_rounds;

static err hear_run(struct task *t)
{
    (void)t;
    __atomic_add_fetch(&heard_rounds, 1, __ATOMIC_SEQ_CST);
    return OK;
}

static bool heard_reach(int n)
{
    for (int i = 0; i < PATIENCE && count(&heard_rounds) < n; i++)
        usleep(5000);
    return count(&heard_rounds) == n;
}

TEST(a_notified_job_runs_when_something_is_said_and_when_woken)
{
    static const struct job list[] = { { "hear", HOURS(1), hear_run, NOTIFIED } };
    struct worker_config config = { .n = 1, .listen = pipe_listen };
    CHECK_I64(pipe(said), 0);
    struct jobs *j = jobs_start(list, 1, &config);
    CHECK(heard_reach(1));
    CHECK_I64(write(said[1], "x", 1), 1);
    CHECK(heard_reach(2));
    jobs_wake(j, "hear");
    CHECK(heard_reach(3));
    jobs_stop(j);
    close(said[0]);
    close(said[1]);
}

enum { MANY = 100 };

static struct gate door;
static struct parking *waiting[MANY];
static int together;
static atomic_int ended;

/* The last one calls all who wait: if each held a thread, he would never come. */
static void meet(struct task *t, void *item)
{
    struct parking mine;
    (void)t, (void)item;
    parking_init(&mine);
    gate_enter(&door);
    int n = together++;
    waiting[n] = &mine;
    gate_leave(&door);
    for (int i = 0; n == MANY - 1 && i < MANY; i++)
        parking_call(waiting[i]);
    parking_wait(&mine);
    atomic_fetch_add(&ended, 1);
}

TEST(many_workers_share_few_threads)
{
    const struct worker_config config = { .n = MANY, .queue_limit = MANY, .carriers = 2 };
    gate_init(&door);
    struct worker_pool *w = workers_start(&config);
    for (int i = 0; i < MANY; i++)
        CHECK(workers_push(w, QUEUE_COMMON, PARTY_NONE, (struct work_item){ meet, NULL }));
    workers_stop(w);
    CHECK_I64(ended, MANY);
    gate_destroy(&door);
}
