/* See fiber.h. What a carrier waits for is one epoll descriptor. */
#include "shared/ops/fiber.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "shared/base/instant.h"
#include "shared/base/panic.h"
#include "shared/ops/context.h"

#define EVENTS 64
#define ROUND 8 /* so many fibers run between two looks at events: whoever comes first must be seen to be ready */
#define NEVER_US INT64_MAX
#define CALL_OF_CARRIER UINT64_MAX

enum { FREE, WAITING, CALLED };

struct fiber {
    struct context context;
    struct carrier *carrier;
    uint32_t n; /* of its carrier's */
    void (*run)(void *arg);
    void *arg;
    bool is_over;
    bool is_first;      /* written by itself, or by whoever calls it */
    struct fiber *next; /* in the one list where it is */
    struct pollfd *fds; /* what it waits for; NULL: for no descriptor */
    size_t n_fds;
    bool is_timed;
    int64_t until_us;
};

struct queue {
    struct fiber *first, **last;
};

struct carrier {
    pthread_t thread;
    struct context loop;
    int epoll, bell;
    struct fiber **fibers;
    uint32_t n_fibers, alive;
    struct queue first, ready;
    _Atomic(struct fiber *) called; /* by other threads, the last one first */
    atomic_bool sleeps;
    int64_t next_us; /* no moment that somebody waits for is before this */
    size_t n_polling;
    struct fiber *runs;
};

struct carriers {
    unsigned n_threads, n_fibers;
    struct carrier *threads;
    struct fiber *fibers;
};

static _Thread_local struct carrier *carrier_here;

static struct fiber *fiber_here(void)
{
    return carrier_here ? carrier_here->runs : NULL;
}

/* ---- switching ---- */

/* Back to the loop of its carrier. */
static void fiber_leave(struct fiber *f)
{
    context_switch(&f->context, &f->carrier->loop, f->is_over);
}

static void fiber_main(void *arg)
{
    struct fiber *f = arg;
    context_begin(&f->carrier->loop);
    f->run(f->arg);
    f->is_over = true;
    f->carrier->alive--;
    fiber_leave(f);
}

static void fiber_enter(struct carrier *c, struct fiber *f)
{
    c->runs = f;
    context_switch(&c->loop, &f->context, false);
    c->runs = NULL;
}

/* ---- who is ready ---- */

static void ready_add(struct carrier *c, struct fiber *f)
{
    struct queue *q = f->is_first ? &c->first : &c->ready;
    f->next = NULL;
    *q->last = f;
    q->last = &f->next;
}

static struct fiber *queue_take(struct queue *q)
{
    struct fiber *f = q->first;
    if (f && !(q->first = f->next))
        q->last = &q->first;
    return f;
}

static struct fiber *ready_take(struct carrier *c)
{
    struct fiber *f = queue_take(&c->first);
    return f ? f : queue_take(&c->ready);
}

static bool is_ready(const struct carrier *c)
{
    return c->first.first || c->ready.first;
}

static void bell_ring(struct carrier *c)
{
    const uint64_t one = 1;
    if (write(c->bell, &one, sizeof one) != sizeof one && errno != EAGAIN)
        panic("cannot wake a carrier");
}

static void fiber_call(struct fiber *f)
{
    struct carrier *c = f->carrier;
    if (c == carrier_here) {
        ready_add(c, f);
        return;
    }
    struct fiber *first = atomic_load_explicit(&c->called, memory_order_relaxed);
    do
        f->next = first;
    while (!atomic_compare_exchange_weak(&c->called, &first, f));
    if (atomic_exchange(&c->sleeps, false))
        bell_ring(c);
}

/* Whoever called first runs first. */
static void called_take(struct carrier *c)
{
    struct fiber *last = atomic_exchange(&c->called, NULL), *first = NULL;
    while (last) {
        struct fiber *before = last->next;
        last->next = first;
        first = last;
        last = before;
    }
    while (first) {
        struct fiber *next = first->next;
        ready_add(c, first);
        first = next;
    }
}

/* ---- descriptors and moments ---- */

static void fd_watch(struct carrier *c, const struct fiber *f, size_t i)
{
    const struct pollfd *p = &f->fds[i];
    struct epoll_event e = { .events = EPOLLONESHOT, .data.u64 = (uint64_t)f->n << 32 | (uint32_t)p->fd };
    if (p->events & POLLIN)
        e.events |= EPOLLIN;
    if (p->events & POLLOUT)
        e.events |= EPOLLOUT;
    if (epoll_ctl(c->epoll, EPOLL_CTL_MOD, p->fd, &e) == 0)
        return;
    if (errno != ENOENT || epoll_ctl(c->epoll, EPOLL_CTL_ADD, p->fd, &e) != 0)
        panic("cannot wait for a descriptor");
}

static short poll_events(uint32_t events)
{
    short ret = 0;
    if (events & EPOLLIN)
        ret |= POLLIN;
    if (events & EPOLLOUT)
        ret |= POLLOUT;
    if (events & EPOLLERR)
        ret |= POLLERR;
    if (events & EPOLLHUP)
        ret |= POLLHUP;
    return ret;
}

static void fiber_ready(struct carrier *c, struct fiber *f)
{
    c->n_polling -= f->n_fds > 0;
    f->fds = NULL;
    f->n_fds = 0;
    f->is_timed = false;
    ready_add(c, f);
}

/* An event of a descriptor that nobody waits for any more finds nobody. */
static void event_take(struct carrier *c, const struct epoll_event *e)
{
    if (e->data.u64 == CALL_OF_CARRIER) {
        uint64_t n;
        (void)!read(c->bell, &n, sizeof n);
        return;
    }
    struct fiber *f = c->fibers[e->data.u64 >> 32];
    for (size_t i = 0; i < f->n_fds; i++)
        if (f->fds[i].fd == (int)(uint32_t)e->data.u64) {
            f->fds[i].revents = poll_events(e->events);
            fiber_ready(c, f);
            return;
        }
}

/* Also says when the next moment comes. */
static void moments_take(struct carrier *c)
{
    int64_t now_us = monotonic_us();
    if (now_us < c->next_us)
        return;
    c->next_us = NEVER_US;
    for (uint32_t i = 0; i < c->n_fibers; i++) {
        struct fiber *f = c->fibers[i];
        if (!f->is_timed)
            continue;
        if (f->until_us <= now_us)
            fiber_ready(c, f);
        else if (f->until_us < c->next_us)
            c->next_us = f->until_us;
    }
}

static void events_await(struct carrier *c, bool may_sleep)
{
    struct epoll_event events[EVENTS];
    struct timespec limit = { 0, 0 };
    int64_t left_us = c->next_us == NEVER_US ? 3600LL * 1000000 : c->next_us - monotonic_us();
    if (may_sleep && left_us > 0)
        limit = (struct timespec){ left_us / 1000000, left_us % 1000000 * 1000 };
    int n = epoll_pwait2(c->epoll, events, EVENTS, &limit, NULL);
    for (int i = 0; i < n; i++)
        event_take(c, &events[i]);
}

static void fiber_wait(struct fiber *f, struct pollfd *fds, size_t n, int64_t until_us)
{
    struct carrier *c = f->carrier;
    f->fds = fds;
    f->n_fds = n;
    f->is_timed = true;
    f->until_us = until_us;
    c->next_us = until_us < c->next_us ? until_us : c->next_us;
    c->n_polling += n > 0;
    for (size_t i = 0; i < n; i++)
        fd_watch(c, f, i);
    fiber_leave(f);
}

int wait_fds(struct pollfd *fds, size_t n, int64_t until_us)
{
    struct fiber *f = fiber_here();
    int64_t left_us = until_us - monotonic_us();
    for (size_t i = 0; i < n; i++)
        fds[i].revents = 0;
    if (!f || n > WAIT_FDS_MAX) {
        int ready = poll(fds, n, left_us > 0 ? (int)(left_us / 1000) + 1 : 0);
        return ready < 0 && errno == EINTR ? 0 : ready;
    }
    fiber_wait(f, fds, n, until_us);
    int ready = 0;
    for (size_t i = 0; i < n; i++)
        ready += fds[i].revents != 0;
    return ready;
}

void wait_until(int64_t until_us)
{
    struct fiber *f = fiber_here();
    if (f) {
        fiber_wait(f, NULL, 0, until_us);
        return;
    }
    const struct timespec moment = { until_us / 1000000, until_us % 1000000 * 1000 };
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, NULL) == EINTR)
        continue;
}

/* ---- parking ---- */

void parking_init(struct parking *p)
{
    p->fiber = fiber_here();
    atomic_init(&p->state, FREE);
    if (!p->fiber)
        sem_init(&p->called, 0, 0);
}

void parking_wait(struct parking *p)
{
    if (p->fiber) {
        if (atomic_exchange(&p->state, WAITING) != CALLED)
            fiber_leave(p->fiber);
        return;
    }
    while (sem_wait(&p->called) != 0 && errno == EINTR)
        continue;
    sem_destroy(&p->called);
}

void parking_call(struct parking *p)
{
    struct fiber *f = p->fiber;
    if (!f)
        sem_post(&p->called);
    else if (atomic_exchange(&p->state, CALLED) == WAITING)
        fiber_call(f);
}

void fiber_first(bool is_first)
{
    struct fiber *f = fiber_here();
    if (f)
        f->is_first = is_first;
}

void parking_call_first(struct parking *p)
{
    if (p->fiber)
        p->fiber->is_first = true;
    parking_call(p);
}

/* ---- carriers ---- */

/* A few, those whom others wait for first; then it is looked whom events and calls have made ready meanwhile. */
static void round_run(struct carrier *c)
{
    struct fiber *f;
    for (int n = 0; n < ROUND && (f = ready_take(c)); n++)
        fiber_enter(c, f);
}

static void *carrier_main(void *arg)
{
    struct carrier *c = carrier_here = arg;
    context_of_thread(&c->loop);
    for (uint32_t i = 0; i < c->n_fibers; i++)
        ready_add(c, c->fibers[i]);
    while (c->alive) {
        round_run(c);
        called_take(c);
        bool may_sleep = !is_ready(c);
        atomic_store(&c->sleeps, may_sleep);
        if (may_sleep && atomic_load(&c->called)) {
            atomic_store(&c->sleeps, false);
            continue;
        }
        if (c->alive && (may_sleep || c->n_polling))
            events_await(c, may_sleep);
        atomic_store(&c->sleeps, false);
        moments_take(c);
    }
    return NULL;
}

static void fiber_make(struct fiber *f, struct carrier *c)
{
    f->carrier = c;
    f->n = c->n_fibers++;
    c->fibers[f->n] = f;
    c->alive++;
    context_make(&f->context, fiber_main, f);
}

static void carrier_make(struct carrier *c, unsigned n_fibers)
{
    struct epoll_event e = { .events = EPOLLIN, .data.u64 = CALL_OF_CARRIER };
    c->fibers = calloc(n_fibers, sizeof(struct fiber *));
    c->epoll = epoll_create1(EPOLL_CLOEXEC);
    c->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    c->first.last = &c->first.first;
    c->ready.last = &c->ready.first;
    c->next_us = NEVER_US;
    if (!c->fibers || c->epoll < 0 || c->bell < 0 || epoll_ctl(c->epoll, EPOLL_CTL_ADD, c->bell, &e) != 0)
        panic("cannot make a carrier");
}

struct carriers *carriers_start(unsigned n_threads, unsigned n_fibers, void (*run)(void *arg), void *args,
                                size_t arg_size)
{
    struct carriers *c = calloc(1, sizeof *c);
    if (!c || !(c->threads = calloc(n_threads, sizeof *c->threads)) ||
        !(c->fibers = calloc(n_fibers, sizeof *c->fibers)))
        panic("out of memory");
    c->n_threads = n_threads;
    c->n_fibers = n_fibers;
    for (unsigned i = 0; i < n_threads; i++)
        carrier_make(&c->threads[i], n_fibers);
    for (unsigned i = 0; i < n_fibers; i++) {
        struct fiber *f = &c->fibers[i];
        f->run = run;
        f->arg = (char *)args + i * arg_size;
        fiber_make(f, &c->threads[carrier_of(n_threads, i)]);
    }
    for (unsigned i = 0; i < n_threads; i++)
        if (pthread_create(&c->threads[i].thread, NULL, carrier_main, &c->threads[i]) != 0)
            panic("cannot create a worker thread");
    return c;
}

unsigned carrier_of(unsigned n_threads, unsigned n)
{
    return n % n_threads;
}

void carriers_join(struct carriers *c)
{
    for (unsigned i = 0; i < c->n_threads; i++)
        pthread_join(c->threads[i].thread, NULL);
    for (unsigned i = 0; i < c->n_fibers; i++)
        context_free(&c->fibers[i].context);
    for (unsigned i = 0; i < c->n_threads; i++) {
        close(c->threads[i].epoll);
        close(c->threads[i].bell);
        free(c->threads[i].fibers);
    }
    free(c->threads);
    free(c->fibers);
    free(c);
}
