/*
 * Exchanges are reused by the I/O thread that made them, arena and all, so a steady load allocates nothing. Their
 * number is bounded by the number of connections.
 */
#include "shared/http/exchange.h"

#include <stdlib.h>
#include <sys/random.h>

#include "shared/base/panic.h"
#include "shared/ops/priority.h"

#define FIRST_BLOCK_BYTES ((size_t)16 << 10)
#define ARENA_MAX_BYTES ((size_t)32 << 20)

static _Thread_local struct io_thread *this_thread;

static struct io_thread *io_thread_of(struct http_server *s)
{
    if (!this_thread) {
        unsigned i = __atomic_fetch_add(&s->io_known, 1, __ATOMIC_RELAXED);
        this_thread = &s->io[i % s->io_threads];
        this_thread->slot = s->config.first_slot + (int)(i % s->io_threads);
        thread_answer_soon();
        if (getrandom(&this_thread->ids, sizeof this_thread->ids, 0) != (ssize_t)sizeof this_thread->ids)
            panic("no randomness");
    }
    return this_thread;
}

/* splitmix64: request ids must differ, not be secret. */
static uint64_t random_next(struct io_thread *io)
{
    uint64_t z = io->ids += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

static char *hex_write(char *p, uint64_t v, int digits)
{
    static const char hex[] = "0123456789abcdef";
    for (int i = digits - 1; i >= 0; i--)
        *p++ = hex[v >> (4 * i) & 15];
    return p;
}

/* The milliseconds come first: what is logged together lies together in the log's index. */
static void id_write(struct exchange *x)
{
    memcpy(x->id, "req_", 4);
    char *p = hex_write(x->id + 4, (uint64_t)wall_clock_now().us / 1000, 11);
    hex_write(p, random_next(x->io), 9);
}

/* Ids of nothing but zeros are none. */
void exchange_trace(struct exchange *x, str traceparent)
{
    struct trace *trace = &x->trace;
    hex_write(trace->span, random_next(x->io) | 1, TRACE_SPAN_N);
    if (trace_read(traceparent, trace))
        return;
    char *p = hex_write(trace->id, random_next(x->io) | 1, TRACE_ID_N / 2);
    hex_write(p, random_next(x->io), TRACE_ID_N / 2);
    trace->parent[0] = '\0';
    memcpy(trace->flags, "01", sizeof trace->flags);
}

static struct exchange *exchange_make(struct http_server *s)
{
    struct exchange *x = calloc(1, sizeof *x);
    if (!x)
        panic("out of memory");
    x->server = s;
    x->arena = arena_create(FIRST_BLOCK_BYTES, ARENA_MAX_BYTES);
    x->turn = (struct turn){ .owner = x, .again = exchange_again, .call_worker = exchange_call_worker };
    pthread_mutex_init(&x->stream.lock, NULL);
    pthread_mutex_lock(&s->made_lock);
    x->made_before = s->made;
    s->made = x;
    pthread_mutex_unlock(&s->made_lock);
    return x;
}

struct exchange *exchange_take(struct http_server *s, struct connection *c, struct MHD_Connection *mhd)
{
    struct io_thread *io = io_thread_of(s);
    if (!io->spare)
        io->spare = atomic_exchange(&io->returned, NULL);
    struct exchange *x = io->spare;
    if (x) {
        io->spare = x->next;
    } else {
        x = exchange_make(s);
    }
    x->next = NULL;
    x->io = io;
    x->connection = c;
    x->mhd = mhd;
    x->phase = PHASE_HEAD;
    x->close = x->decoded = x->refused = x->is_crooked = x->body_expected = x->body_too_large = false;
    x->body = NULL;
    x->site = NULL;
    x->body_n = x->body_cap = x->body_announced = 0;
    x->queued_us = x->due_us = 0;
    x->route_index = (size_t)-1;
    x->path_params.n = 0;
    x->stream.is_begun = x->stream.is_broken = x->stream.is_over = x->stream.is_left = x->stream.is_suspended = false;
    x->stream.bytes = 0;
    x->turn.asked = NULL;
    x->turn.findings = NULL;
    x->turn.is_admitted = false;
    x->rq = (struct request){ .headers = x->headers, .path_params = x->path_params.items };
    response_init(&x->rs, x->arena, NULL);
    id_write(x);
    return x;
}

/* Arenas that once grew keep their first block only, so many spares cost little; they stay with the thread. */
void exchange_give(struct exchange *x)
{
    arena_reset(x->arena);
    x->next = x->io->spare;
    x->io->spare = x;
}

void exchange_return(struct exchange *x)
{
    struct io_thread *io = x->io;
    arena_reset(x->arena);
    x->next = atomic_load(&io->returned);
    while (!atomic_compare_exchange_weak(&io->returned, &x->next, x))
        continue;
}

void exchanges_free(struct http_server *s)
{
    while (s->made) {
        struct exchange *x = s->made;
        s->made = x->made_before;
        arena_destroy(x->arena);
        pthread_mutex_destroy(&x->stream.lock);
        free(x);
    }
}

void exchange_task(struct exchange *x, struct task *ret)
{
    const struct route *route = x->rs.route;
    *ret = (struct task){ .arena = x->arena, .app = x->server->config.app, .now = x->rq.now, .site = x->site };
    ret->request_id = (str){ x->id, sizeof x->id };
    ret->trace = &x->trace;
    ret->what = route ? x->server->labels[x->route_index] : "http";
    ret->slot = x->io->slot;
}
