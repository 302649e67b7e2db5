/*
 * One thread that looks after time: it ends connections whose peer is too slow (the library's own time-out is one of
 * inactivity, which a byte per second defeats) and sends the answers that were held back.
 */
#include "shared/http/exchange.h"

#include <errno.h>
#include <microhttpd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

#include "shared/base/panic.h"
#include "shared/ops/log.h"

#define SWEEP_US 1000000

void keeper_watch(struct keeper *k, struct connection *c)
{
    pthread_mutex_lock(&k->lock);
    c->next = k->connections;
    if (c->next)
        c->next->previous = c;
    k->connections = c;
    pthread_mutex_unlock(&k->lock);
}

void keeper_forget(struct keeper *k, struct connection *c)
{
    pthread_mutex_lock(&k->lock);
    if (c->next)
        c->next->previous = c->previous;
    if (c->previous)
        c->previous->next = c->next;
    else
        k->connections = c->next;
    pthread_mutex_unlock(&k->lock);
}

void keeper_hold(struct keeper *k, struct exchange *x)
{
    x->due_us = x->started_us + x->rs.hold_us;
    pthread_mutex_lock(&k->lock);
    x->next = k->held;
    k->held = x;
    pthread_mutex_unlock(&k->lock);
    pthread_cond_signal(&k->changed);
}

/* A request has come that its I/O thread has not looked at yet: closed now, its sender would not know what became of
 * it. */
static bool is_asked(const struct connection *c)
{
    int unread = 0;
    return ioctl(c->fd, FIONREAD, &unread) == 0 && unread > 0;
}

size_t keeper_busy(struct keeper *k)
{
    size_t n = 0;
    pthread_mutex_lock(&k->lock);
    for (const struct connection *c = k->connections; c; c = c->next)
        n += __atomic_load_n(&c->busy, __ATOMIC_RELAXED) || is_asked(c);
    pthread_mutex_unlock(&k->lock);
    return n;
}

size_t keeper_from(struct keeper *k, uint64_t place)
{
    size_t n = 0;
    pthread_mutex_lock(&k->lock);
    for (const struct connection *c = k->connections; c; c = c->next)
        n += c->place == place;
    pthread_mutex_unlock(&k->lock);
    return n;
}

/* The descriptor is still the connection's: it leaves the list, under the same lock, before it is closed. */
static void slow_end(struct keeper *k, int64_t now_us)
{
    for (const struct connection *c = k->connections; c; c = c->next) {
        int64_t deadline_us = __atomic_load_n(&c->deadline_us, __ATOMIC_RELAXED);
        if (deadline_us && now_us > deadline_us && c->fd >= 0)
            shutdown(c->fd, SHUT_RDWR);
    }
}

/* Resumes what is due and says when the next one is. */
static int64_t held_send(struct keeper *k, int64_t now_us, bool all)
{
    int64_t next_us = now_us + SWEEP_US;
    struct exchange **at = &k->held;
    while (*at) {
        struct exchange *x = *at;
        if (!all && x->due_us > now_us) {
            next_us = x->due_us < next_us ? x->due_us : next_us;
            at = &x->next;
            continue;
        }
        *at = x->next;
        MHD_resume_connection(x->mhd);
    }
    return next_us;
}

static void *keeper_main(void *arg)
{
    struct http_server *s = arg;
    struct keeper *k = &s->keeper;
    int64_t sweep_us = monotonic_us() + SWEEP_US;
    bool is_late = false;
    pthread_mutex_lock(&k->lock);
    while (!k->stopping) {
        int64_t now_us = monotonic_us();
        if (now_us >= sweep_us) {
            /* One that comes late finds a machine that stood still: whoever was about to speak has till the next. */
            is_late = !is_late && now_us - sweep_us > SWEEP_US;
            if (!is_late)
                slow_end(k, now_us);
            sweep_us = now_us + SWEEP_US;
        }
        int64_t wake_us = held_send(k, now_us, __atomic_load_n(&s->draining, __ATOMIC_RELAXED));
        wake_us = wake_us < sweep_us ? wake_us : sweep_us;
        struct timespec until = { wake_us / 1000000, wake_us % 1000000 * 1000 };
        pthread_cond_timedwait(&k->changed, &k->lock, &until);
    }
    held_send(k, monotonic_us(), true);
    pthread_mutex_unlock(&k->lock);
    return NULL;
}

void keeper_start(struct http_server *s)
{
    struct keeper *k = &s->keeper;
    pthread_mutex_init(&k->lock, NULL);
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&k->changed, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(&k->thread, NULL, keeper_main, s) != 0)
        panic("cannot create the keeper thread");
}

void keeper_stop(struct http_server *s)
{
    struct keeper *k = &s->keeper;
    pthread_mutex_lock(&k->lock);
    k->stopping = true;
    pthread_mutex_unlock(&k->lock);
    pthread_cond_signal(&k->changed);
    pthread_join(k->thread, NULL);
}
