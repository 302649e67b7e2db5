/*
 * One request with its answer, and the connection it came on. An exchange belongs to one thread at a time: its I/O
 * thread, or the worker that runs it while the connection is suspended. Private to shared/http.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "shared/base/trace.h"
#include "shared/http/response.h"
#include "shared/http/router.h"
#include "shared/http/server.h"
#include "shared/ops/worker.h"

#define MAX_HEADERS 64
#define MAX_HEAD_BYTES 16384
#define MAX_TARGET_BYTES 8192
#define DEFAULT_BODY_BYTES 65536
#define PEER_BYTES 46

struct MHD_Connection;
struct MHD_Daemon;
struct http_server;

/* A connection as the deadline keeper sees it. */
struct connection {
    struct connection *next, *previous;
    int fd;
    int64_t deadline_us; /* monotonic; 0: none. Written by the I/O thread, read by the keeper: atomic */
    bool busy;           /* between the first line of a request and the end of its answer: atomic */
    bool trusted;        /* comes from a trusted proxy */
    uint64_t place;      /* on the network: the whole address of IPv4, the /64 of IPv6; 0: of a trusted proxy */
    struct tls *tls;     /* what it began with; NULL: plain HTTP */
    size_t peer_n;
    char peer[PEER_BYTES];
};

enum phase {
    PHASE_HEAD = 1, /* the request line was seen */
    PHASE_BODY,
    PHASE_WAITING, /* the connection is suspended: queue, worker or held answer */
    PHASE_SENT,
};

struct io_thread {
    int slot;
    uint64_t ids; /* state of the generator of request ids */
    struct exchange *spare;
    _Atomic(struct exchange *) returned; /* by workers that outlasted the connection */
};

/*
 * A file that is sent while the worker writes it (reply_file_begin): then the exchange belongs to both, to the I/O
 * thread until the connection is done with it and to the worker until its handler has ended. The last one gives it
 * back.
 */
struct stream {
    pthread_mutex_t lock;
    bool is_begun, is_broken; /* the worker's */
    int64_t bytes;            /* so many may be sent. This and what follows: under the lock */
    bool is_over;             /* the worker has ended */
    bool is_left;             /* the connection is done with it */
    bool is_suspended;        /* the connection waits for more */
};

struct exchange {
    struct exchange *next;        /* spare list, or list of held answers */
    struct exchange *made_before; /* all exchanges of the server, for their release */
    struct http_server *server;
    struct io_thread *io;
    struct MHD_Connection *mhd;
    struct connection *connection;
    struct arena *arena;
    enum phase phase;
    bool close;           /* the connection ends with this answer */
    bool decoded;         /* rq.form and rq.json are set */
    bool refused;         /* answered before a handler ran */
    bool takes_chunks;    /* the peer speaks HTTP/1.1 */
    bool is_crooked;      /* a line of the head is folded, or does not end with CR LF */
    const char *line_end; /* of the head, in the library's buffer, while it is read */
    size_t route_index;
    str target;
    int64_t started_us, queued_us, due_us;
    char id[24];
    struct trace trace;
    char *body;
    size_t body_n, body_cap, body_announced;
    bool body_expected, body_too_large;
    str host; /* what the client called, as Host or a trusted proxy says */
    const struct site *site;
    struct path_params path_params;
    struct http_header headers[MAX_HEADERS];
    struct request rq;
    struct response rs;
    struct stream stream;
    struct turn turn;
};

/* Threads of the server beside the I/O threads and workers: one that ends slow connections and sends held answers. */
struct keeper {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct connection *connections;
    struct exchange *held;
    bool stopping;
};

#define LISTENERS_MAX 2

struct listener {
    struct http_server *server;
    struct MHD_Daemon *daemon;
    uint16_t port;
    bool asks_certificate;
    int quiet_fd; /* the socket of a daemon that listens no more */
};

struct http_server {
    struct http_server_config config;
    struct router router;
    struct listener listeners[LISTENERS_MAX];
    size_t n_listeners;
    struct tls *tls; /* of new connections; a reload replaces it */
    pthread_mutex_t tls_lock;
    struct worker_pool *workers;
    struct worker_pool *costly; /* NULL: no route wants it */
    struct keeper keeper;
    struct io_thread *io;
    unsigned io_threads; /* of all listeners */
    unsigned io_known;   /* atomic: I/O threads that have shown up */
    struct exchange *made;
    pthread_mutex_t made_lock;
    const char **labels, **method_names; /* of the routes, for metrics */
    bool draining;                       /* atomic */
};

/* listener.c */
bool listeners_start(struct http_server *s);
/* No new connections; those that stand are served on. */
void listeners_quiesce(struct http_server *s);
bool listeners_have_connections(const struct http_server *s);
/* No connection may be suspended. */
void listeners_stop(struct http_server *s);

/* server.c: the caller releases it. */
struct tls *server_tls(struct http_server *s);

/* exchange.c */
struct exchange *exchange_take(struct http_server *s, struct connection *c, struct MHD_Connection *mhd);
void exchange_give(struct exchange *x);
/* The same from another thread than its own. */
void exchange_return(struct exchange *x);
void exchanges_free(struct http_server *s);
void exchange_task(struct exchange *x, struct task *ret);
/* It is part of the trace that a proxy names by `traceparent`; else of one that begins here. */
void exchange_trace(struct exchange *x, str traceparent);

/* head.c: what can be seen to be wrong with the head; announced: a body follows. */
MUST_USE err head_check(struct task *t, struct exchange *x);

/* dispatch.c */
/* DISPATCH_TURN: once the connection is suspended, x->turn.wait. */
enum dispatch_verdict { DISPATCH_DONE = 1, DISPATCH_WORKER, DISPATCH_TURN };
/* Chooses the route from method and path; on failure the answer is written and false comes back. */
bool dispatch_route(struct exchange *x, str method);
/* Head checks; false: the answer is written. */
bool dispatch_admit(struct exchange *x);
/* Whether workers take it before the others (route.ahead); what cannot be read waits like everybody. */
bool dispatch_goes_ahead(struct exchange *x);
/* Whose it is, for the queue that it waits in. */
queue_party dispatch_party(struct exchange *x);
/* Runs the request on this thread when its route allows that. */
enum dispatch_verdict dispatch_inline(struct exchange *x);
/* The same once more, on the thread of task t, when what the request waited for is there. */
enum dispatch_verdict dispatch_again(struct task *t, struct exchange *x);
/* Runs the request on a worker; t is the worker's own task. */
void dispatch_on_worker(struct task *t, struct exchange *x);
/* 503 with Retry-After. */
void dispatch_overloaded(struct exchange *x, const char *why);
void dispatch_too_large(struct exchange *x);

/* connection.c */
/* What the turn of each exchange calls. */
void exchange_again(struct task *t, void *exchange);
bool exchange_call_worker(void *exchange, void (*run)(struct task *t, void *item), void *item);

/* keeper.c */
void keeper_start(struct http_server *s);
void keeper_stop(struct http_server *s);
void keeper_watch(struct keeper *k, struct connection *c);
void keeper_forget(struct keeper *k, struct connection *c);
void keeper_hold(struct keeper *k, struct exchange *x);
size_t keeper_busy(struct keeper *k);
/* How many connections there are from that place. */
size_t keeper_from(struct keeper *k, uint64_t place);
static inline void connection_deadline(struct connection *c, int64_t at_us)
{
    __atomic_store_n(&c->deadline_us, at_us, __ATOMIC_RELAXED);
}

/*
 * send.c: until when the peer may go on taking a file of which n bytes more leave; deadline_us 0: he was waiting for
 * them. 16 KiB a second suffice, so a large one may take an hour, and whoever stands still has two minutes, since what
 * the kernel holds for him is much.
 */
int64_t answer_deadline(int64_t deadline_us, int64_t now_us, size_t n);
/* Hands the answer to the library. */
bool exchange_send(struct exchange *x);

/* stream.c */
/* The I/O thread's part: what there is, or the connection is suspended until there is more. As the library wants it. */
ssize_t stream_read(struct exchange *x, uint64_t at, char *buffer, size_t max);
/* The connection is done with x. False: the worker is not, and gives it back. */
bool stream_leave(struct exchange *x);
/* Whether the peer has gone before the end. */
bool stream_is_left(struct exchange *x);
/* The worker's last word: all is there, or it stays broken. x is nobody's afterwards. */
void stream_end(struct exchange *x);
