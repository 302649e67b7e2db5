/*
 * Waiting without holding a thread. A fiber is a task with a stack of its own on one of a few threads, its carriers:
 * while it waits for somebody's call, for a descriptor or for a moment, its carrier runs others. Whoever is no fiber
 * waits as threads do, by the same functions, so nobody who calls them has to know which he is.
 *
 * A fiber never changes its carrier, and gives it up in these functions only. So between two of them it has the thread
 * to itself, thread-local state of libraries included; and a mutex must not be held across them: another fiber of the
 * same carrier could not be run to give it back. What has to be held is a gate (gate.h).
 */
#pragma once

#include <poll.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fiber;

/* Where one waits until it is called, once. */
struct parking {
    struct fiber *fiber; /* NULL: a thread */
    atomic_int state;
    sem_t called;
};
void parking_init(struct parking *p);
/* Until it is called, or at once if it was already. Then the parking is over, and may be initialised again. */
void parking_wait(struct parking *p);
/* From any thread, once. The parking may be gone when this returns. */
void parking_call(struct parking *p);

/*
 * Whom many wait for: while it is so, the caller's fiber runs before the others of its carrier that are ready.
 * parking_call_first calls one that it is so for from now on. A thread has no such place.
 */
void fiber_first(bool is_first);
void parking_call_first(struct parking *p);

/* poll(2) until a moment of the monotonic clock: how many are ready, 0: none until then. At most WAIT_FDS_MAX. */
enum { WAIT_FDS_MAX = 4 };
int wait_fds(struct pollfd *fds, size_t n, int64_t until_us);
void wait_until(int64_t until_us);

/* Threads that carry fibers. All are created at start, and each ends when its main function does. */
struct carriers;
struct carriers *carriers_start(unsigned n_threads, unsigned n_fibers, void (*run)(void *arg), void *args,
                                size_t arg_size);
/* Which of the threads carries the n-th. */
unsigned carrier_of(unsigned n_threads, unsigned n);
/* Waits until all fibers have ended, and releases everything. */
void carriers_join(struct carriers *c);
