/* Fibers: whoever is called goes on, once; descriptors and moments; and that nobody who waits holds a thread. */
#include "shared/ops/fiber.h"

#include <pthread.h>
#include <unistd.h>

#include "shared/base/instant.h"
#include "shared/ops/gate.h"
#include "tests/support/test.h"

#define FAR_US ((int64_t)600 * 1000000)
enum { FIBERS = 64, TIMES = 300 };

struct one {
    int n;
};
static struct one ones[FIBERS];

static void run_all(unsigned threads, unsigned fibers, void (*run)(void *arg))
{
    for (unsigned i = 0; i < fibers; i++)
        ones[i].n = (int)i;
    carriers_join(carriers_start(threads, fibers, run, ones, sizeof ones[0]));
}

/* ---- gates, and with them calls between threads ---- */

static struct gate gate;
static int inside, passed; /* under the gate: races would lose some */

static void pass(void *arg)
{
    const struct one *me = arg;
    for (int i = 0; i < TIMES; i++) {
        gate_enter(&gate);
        int before = inside++;
        if ((me->n + i) % 16 == 0)
            wait_until(monotonic_us() + 50);
        if (before == 0)
            passed++;
        inside--;
        gate_leave(&gate);
    }
}

TEST(one_at_a_time_is_behind_a_gate_also_while_he_waits)
{
    gate_init(&gate);
    run_all(3, FIBERS, pass);
    CHECK_I64(passed, FIBERS * TIMES);
    gate_destroy(&gate);
}

/* ---- parking ---- */

static int pipes[FIBERS][2];
static struct parking places[2];
static int trace[8];
static atomic_int traced;

static void note(int what)
{
    trace[atomic_fetch_add(&traced, 1)] = what;
}

static void call_each_other(void *arg)
{
    const struct one *me = arg;
    if (me->n == 0) {
        parking_init(&places[0]);
        note(1);
        parking_wait(&places[0]);
        note(3);
        return;
    }
    note(2);
    parking_call(&places[0]);
    parking_init(&places[1]);
    parking_call(&places[1]); /* before it is waited for */
    parking_wait(&places[1]);
    note(4);
}

TEST(who_waits_does_not_hold_the_thread_of_whoever_calls_him)
{
    atomic_store(&traced, 0);
    run_all(1, 2, call_each_other);
    CHECK_I64(traced, 4);
    CHECK(trace[0] == 1 && trace[1] == 2 && trace[2] + trace[3] == 7);
}

static void *called_from_a_thread(void *arg)
{
    parking_call(arg);
    return NULL;
}

TEST(a_thread_waits_as_a_fiber_does)
{
    pthread_t thread;
    struct parking p;
    parking_init(&p);
    CHECK(p.fiber == NULL);
    pthread_create(&thread, NULL, called_from_a_thread, &p);
    parking_wait(&p);
    pthread_join(thread, NULL);
    wait_until(monotonic_us() + 100);
}

/* ---- who runs first ---- */

/* 0 waits to be called as one that is first, and before all others are called 1 to 3 are; 4 calls. */
static struct parking seats[4];

static void wait_or_call(void *arg)
{
    const struct one *me = arg;
    if (me->n < 4) {
        parking_init(&seats[me->n]);
        parking_wait(&seats[me->n]);
        note(me->n);
        fiber_first(false);
        return;
    }
    for (int i = 3; i > 0; i--)
        parking_call(&seats[i]);
    parking_call_first(&seats[0]);
}

TEST(whom_many_wait_for_runs_before_those_who_were_called_earlier)
{
    atomic_store(&traced, 0);
    run_all(1, 5, wait_or_call);
    CHECK_I64(traced, 4);
    CHECK(trace[0] == 0 && trace[1] == 3 && trace[2] == 2 && trace[3] == 1);
}

/* The first one waits for a descriptor while the others run one after the other: he has not to wait for all of them. */
static atomic_int ran;

static void wait_among_many(void *arg)
{
    const struct one *me = arg;
    if (me->n == 0) {
        fiber_first(true);
        struct pollfd p = { .fd = pipes[0][0], .events = POLLIN };
        CHECK_I64(wait_fds(&p, 1, monotonic_us() + FAR_US), 1);
        note(atomic_load(&ran));
        fiber_first(false);
        return;
    }
    if (me->n == 1)
        CHECK(write(pipes[0][1], "x", 1) == 1);
    atomic_fetch_add(&ran, 1);
}

TEST(events_are_looked_at_while_many_are_ready)
{
    atomic_store(&traced, 0);
    atomic_store(&ran, 0);
    CHECK(pipe(pipes[0]) == 0);
    run_all(1, FIBERS, wait_among_many);
    CHECK_I64(traced, 1);
    CHECK(trace[0] < FIBERS / 2);
    close(pipes[0][0]), close(pipes[0][1]);
}

/* ---- descriptors ---- */

static atomic_int got, timed_out, hung_up;

static int wait_for(int fd, int64_t until_us)
{
    struct pollfd p = { .fd = fd, .events = POLLIN };
    int n = wait_fds(&p, 1, until_us);
    return n > 0 ? p.revents : n;
}

/* Even ones write to the odd one after them, and close. */
static void talk(void *arg)
{
    const struct one *me = arg;
    int *ends = pipes[me->n & ~1];
    if (me->n % 2 == 0) {
        for (int i = 0; i < TIMES; i++) {
            CHECK(write(ends[1], "x", 1) == 1);
            if (i % 8 == 0)
                wait_until(monotonic_us() + 20);
        }
        close(ends[1]);
        return;
    }
    if (wait_for(ends[0], monotonic_us() - 1) == 0)
        atomic_fetch_add(&timed_out, 1);
    char c;
    for (;;) {
        int events = wait_for(ends[0], monotonic_us() + FAR_US);
        ssize_t n = events & POLLIN ? read(ends[0], &c, 1) : 0;
        if (n > 0)
            atomic_fetch_add(&got, 1);
        else if (events & POLLHUP)
            break;
    }
    atomic_fetch_add(&hung_up, 1);
    close(ends[0]);
}

TEST(each_hears_of_his_own_descriptor_and_of_its_end)
{
    for (int round = 0; round < 2; round++) { /* the second one has the numbers of the first one's */
        atomic_store(&got, 0);
        atomic_store(&hung_up, 0);
        for (int i = 0; i < FIBERS; i += 2)
            CHECK(pipe(pipes[i]) == 0);
        run_all(2, FIBERS, talk);
        CHECK_I64(got, FIBERS / 2 * TIMES);
        CHECK_I64(hung_up, FIBERS / 2);
    }
}

static void wait_in_vain(void *arg)
{
    const struct one *me = arg;
    int *ends = pipes[me->n];
    CHECK_I64(wait_for(ends[0], monotonic_us() + 2000), 0);
    CHECK(write(ends[1], "x", 1) == 1);
    wait_until(monotonic_us() + 500); /* what the first wait left behind comes to nobody */
    CHECK(wait_for(ends[0], monotonic_us() + FAR_US) & POLLIN);
    CHECK(wait_for(ends[0], monotonic_us() + FAR_US) & POLLIN);
}

TEST(after_a_wait_in_vain_the_next_one_is_as_the_first)
{
    for (int i = 0; i < 8; i++)
        CHECK(pipe(pipes[i]) == 0);
    run_all(2, 8, wait_in_vain);
    for (int i = 0; i < 8; i++)
        close(pipes[i][0]), close(pipes[i][1]);
}
