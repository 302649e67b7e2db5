/*
 * libmicrohttpd calls in here, on its I/O threads: a connection begins, a request line is seen, the head is complete,
 * pieces of body come, a suspended connection is resumed, an answer is through. Nothing here blocks.
 */
#include "shared/http/connection.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "shared/base/panic.h"
#include "shared/http/exchange.h"
#include "shared/http/origin.h"
#include "shared/http/tls.h"
#include "shared/text/network.h"

#define HEAD_LIMIT_US 10000000
#define BODY_LIMIT_US 20000000
#define ANSWER_LIMIT_US 30000000
#define IDLE_LIMIT_US 60000000
#define QUEUE_LIMIT_US 8000000
#define DISCARD_MAX_BYTES ((size_t)256 << 10)

/* ---- connections ---- */

static void peer_write(struct connection *c, const struct sockaddr *address)
{
    const void *in = NULL;
    if (address && address->sa_family == AF_INET)
        in = &((const struct sockaddr_in *)(const void *)address)->sin_addr;
    else if (address && address->sa_family == AF_INET6)
        in = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
    if (in && inet_ntop(address->sa_family, in, c->peer, sizeof c->peer))
        c->peer_n = strlen(c->peer);
}

static bool is_trusted(const struct http_server_config *config, const struct sockaddr *peer)
{
    return config->proxy.is_trusted && peer && config->proxy.is_trusted(config->app, peer);
}

enum MHD_Result connection_admit(void *server, const struct sockaddr *peer, socklen_t n)
{
    struct http_server *s = server;
    unsigned most = s->config.max_per_place;
    (void)n;
    return most == 0 || is_trusted(&s->config, peer) || keeper_from(&s->keeper, network_place(peer)) < most ? MHD_YES
                                                                                                            : MHD_NO;
}

static struct connection *connection_make(const struct listener *l, struct MHD_Connection *mhd)
{
    const struct http_server_config *config = &l->server->config;
    struct connection *c = calloc(1, sizeof *c);
    if (!c)
        panic("out of memory");
    const union MHD_ConnectionInfo *fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *peer = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    c->fd = fd ? fd->connect_fd : -1;
    peer_write(c, peer ? peer->client_addr : NULL);
    c->trusted = is_trusted(config, peer ? peer->client_addr : NULL);
    c->place = c->trusted || !peer ? 0 : network_place(peer->client_addr);
    if (config->tls.certificate_file.n > 0) {
        c->tls = server_tls(l->server);
        tls_begin(c->tls, mhd, l->asks_certificate);
    }
    connection_deadline(c, monotonic_us() + HEAD_LIMIT_US);
    return c;
}

void connection_notify(void *listener, struct MHD_Connection *mhd, void **context,
                       enum MHD_ConnectionNotificationCode code)
{
    const struct listener *l = listener;
    struct connection *c = *context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = c = connection_make(l, mhd);
        keeper_watch(&l->server->keeper, c);
        return;
    }
    keeper_forget(&l->server->keeper, c);
    tls_release(c->tls);
    free(c);
    *context = NULL;
}

/* ---- head ---- */

void *connection_target(void *server, const char *target, struct MHD_Connection *mhd)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct exchange *x = exchange_take(server, info->socket_context, mhd);
    x->started_us = monotonic_us();
    x->target = arena_str(x->arena, str_of(target));
    __atomic_store_n(&x->connection->busy, true, __ATOMIC_RELAXED);
    connection_deadline(x->connection, x->started_us + HEAD_LIMIT_US);
    return x;
}

/*
 * The library takes a line that ends with LF alone, folds lines into the name of the header before, and cuts a value at
 * a NUL, and does not tell. It parses in place, though, with NUL over CR and LF: only where the lines are sound does
 * each name begin two bytes after the end of the line before.
 */
static void line_follow(struct exchange *x, const char *begin, const char *end)
{
    x->is_crooked |= begin - x->line_end != 2;
    x->line_end = end;
}

/* The empty line that ends the head is CR LF as well: a line that begins with a colon looks the same to the library. */
static bool is_ended(const char *line_end)
{
    return line_end[0] == '\0' && line_end[1] == '\0' && line_end[2] == '\0' && line_end[3] == '\0';
}

static enum MHD_Result header_take(void *cls, enum MHD_ValueKind kind, const char *name, size_t name_n,
                                   const char *value, size_t value_n)
{
    struct exchange *x = cls;
    (void)kind;
    line_follow(x, name, value ? value + value_n : name + name_n);
    if (x->rq.n_headers < MAX_HEADERS)
        x->headers[x->rq.n_headers] =
            (struct http_header){ { name, name_n }, value ? (str){ value, value_n } : STR("") };
    x->rq.n_headers++;
    return x->rq.n_headers <= MAX_HEADERS ? MHD_YES : MHD_NO;
}

static enum MHD_Result answer(struct exchange *x)
{
    if (x->rs.dropped)
        return MHD_NO;
    x->phase = PHASE_SENT;
    connection_deadline(x->connection, monotonic_us() + ANSWER_LIMIT_US);
    return exchange_send(x) ? MHD_YES : MHD_NO;
}

/* ---- running ---- */

static void exchange_resume(struct exchange *x)
{
    if (x->rs.hold_us > 0 && !__atomic_load_n(&x->server->draining, __ATOMIC_RELAXED))
        keeper_hold(&x->server->keeper, x);
    else
        MHD_resume_connection(x->mhd);
}

static void worker_run(struct task *t, void *item)
{
    struct exchange *x = item;
    if (monotonic_us() - x->queued_us > QUEUE_LIMIT_US)
        dispatch_overloaded(x, "waited too long in the queue");
    else
        dispatch_on_worker(t, x);
    if (x->stream.is_begun)
        stream_end(x);
    else
        exchange_resume(x);
}

static void suspend(struct exchange *x)
{
    x->phase = PHASE_WAITING;
    connection_deadline(x->connection, 0);
    MHD_suspend_connection(x->mhd);
}

static void worker_call(struct exchange *x)
{
    bool is_costly = x->rq.route->run == RUN_COSTLY;
    enum queue queue = dispatch_goes_ahead(x) ? QUEUE_AHEAD : QUEUE_COMMON;
    x->queued_us = monotonic_us();
    if (workers_push(is_costly ? x->server->costly : x->server->workers, queue, dispatch_party(x),
                     (struct work_item){ worker_run, x }))
        return;
    dispatch_overloaded(x, "the queue has no place for it");
    MHD_resume_connection(x->mhd);
}

/* The connection is suspended. Whoever gets the exchange next may be at work on it before this returns. */
static void go_on(struct task *t, struct exchange *x, enum dispatch_verdict v)
{
    switch (v) {
    case DISPATCH_DONE:
        exchange_resume(x);
        return;
    case DISPATCH_WORKER:
        worker_call(x);
        return;
    case DISPATCH_TURN:
        x->turn.wait(t, &x->turn);
        return;
    }
}

void exchange_again(struct task *t, void *exchange)
{
    go_on(t, exchange, dispatch_again(t, exchange));
}

bool exchange_call_worker(void *exchange, void (*run)(struct task *t, void *item), void *item)
{
    struct exchange *x = exchange;
    return workers_push(x->server->workers, QUEUE_COMMON, dispatch_party(x), (struct work_item){ run, item });
}

static enum MHD_Result start(struct exchange *x)
{
    struct task t;
    if (x->body_n || x->body_expected)
        x->rq.body = (str){ x->body ? x->body : "", x->body_n };
    enum dispatch_verdict v = dispatch_inline(x);
    if (v == DISPATCH_DONE && x->rs.hold_us == 0)
        return answer(x);
    exchange_task(x, &t);
    suspend(x);
    go_on(&t, x, v);
    return MHD_YES;
}

/* A worker may outlast the connection (reply_file_begin), and with it what the library keeps of the head. */
static bool outlasts(const struct exchange *x)
{
    return x->rq.route && x->rq.route->run == RUN_COSTLY;
}

static void head_keep(struct exchange *x)
{
    for (size_t i = 0; i < x->rq.n_headers && i < MAX_HEADERS; i++)
        x->headers[i] =
            (struct http_header){ arena_str(x->arena, x->headers[i].name), arena_str(x->arena, x->headers[i].value) };
    x->host = arena_str(x->arena, x->host);
    x->rq.peer = arena_str(x->arena, x->rq.peer);
}

static void certificate_keep(struct exchange *x)
{
    bytes *der = &x->rq.client_certificate;
    if (der->p)
        *der = bytes_of(arena_str(x->arena, (str){ (const char *)der->p, der->n }));
}

static enum MHD_Result head_complete(struct exchange *x, const char *method)
{
    MHD_get_connection_values_n(x->mhd, MHD_HEADER_KIND, header_take, x);
    x->is_crooked |= !is_ended(x->line_end);
    x->rq.now = wall_clock_now();
    origin_settle(x);
    /* An answer at this point makes the library close the connection, so others wait for the call after it. */
    bool admitted = dispatch_route(x, str_of(method));
    if (outlasts(x))
        head_keep(x);
    admitted = admitted && dispatch_admit(x);
    if (outlasts(x))
        certificate_keep(x);
    if (x->close)
        return answer(x);
    x->phase = PHASE_BODY;
    if (!admitted)
        return MHD_YES;
    x->body_cap = x->rq.route->max_body_bytes ? x->rq.route->max_body_bytes : DEFAULT_BODY_BYTES;
    if (x->body_announced)
        x->body = arena_alloc(x->arena, x->body_announced);
    connection_deadline(x->connection, x->started_us + BODY_LIMIT_US);
    return MHD_YES;
}

/* ---- body ---- */

/* A chunked body has no announced length: its room doubles up to the cap of the route. */
static void body_grow(struct exchange *x, size_t more)
{
    size_t room = x->body_n * 2 > x->body_n + more ? x->body_n * 2 : x->body_n + more;
    if (room > x->body_cap)
        room = x->body_cap;
    char *bigger = arena_alloc(x->arena, room);
    if (x->body_n)
        memcpy(bigger, x->body, x->body_n);
    x->body = bigger;
    x->body_announced = room;
}

static enum MHD_Result body_take(struct exchange *x, const char *piece, size_t n)
{
    if (x->body_n + n > x->body_cap) {
        x->body_too_large = true;
        x->body_n += n;
        return x->body_n > x->body_cap + DISCARD_MAX_BYTES ? MHD_NO : MHD_YES;
    }
    if (x->body_n + n > x->body_announced)
        body_grow(x, n);
    memcpy(x->body + x->body_n, piece, n);
    x->body_n += n;
    return MHD_YES;
}

static enum MHD_Result body_complete(struct exchange *x)
{
    if (x->body_too_large)
        dispatch_too_large(x);
    return x->refused ? answer(x) : start(x);
}

/* NOLINTNEXTLINE(readability-function-size): the library decides the parameters. */
enum MHD_Result connection_request(void *server, struct MHD_Connection *mhd, const char *url, const char *method,
                                   const char *version, const char *upload, size_t *upload_n, void **context)
{
    struct exchange *x = *context;
    (void)server;
    (void)mhd;
    (void)url;
    switch (x->phase) {
    case PHASE_HEAD:
        x->line_end = version + strlen(version);
        x->takes_chunks = strcmp(version, "HTTP/1.1") == 0;
        return head_complete(x, method);
    case PHASE_BODY:
        if (*upload_n == 0)
            return body_complete(x);
        if (body_take(x, upload, *upload_n) == MHD_NO)
            return MHD_NO;
        *upload_n = 0;
        return MHD_YES;
    case PHASE_WAITING:
        return answer(x);
    case PHASE_SENT:
        break;
    }
    return MHD_NO;
}

void connection_completed(void *server, struct MHD_Connection *mhd, void **context,
                          enum MHD_RequestTerminationCode code)
{
    struct exchange *x = *context;
    (void)server;
    (void)mhd;
    (void)code;
    if (!x)
        return;
    *context = NULL;
    __atomic_store_n(&x->connection->busy, false, __ATOMIC_RELAXED);
    connection_deadline(x->connection, monotonic_us() + IDLE_LIMIT_US);
    if (stream_leave(x))
        exchange_give(x);
}
