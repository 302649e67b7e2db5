/*
 * Start and end of the server. The order of the end is dictated by the library: no new connections, workers finish and
 * every suspended connection is resumed, only then the daemon stops.
 */
#include "shared/http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "shared/base/panic.h"
#include "shared/http/connection.h"
#include "shared/http/exchange.h"
#include "shared/ops/log.h"
#include "shared/ops/metrics.h"

#define DEFAULT_WORKERS 8
#define DEFAULT_QUEUE_LIMIT 512
#define DEFAULT_CONNECTIONS 4096
#define CONNECTION_MEMORY_BYTES 32768
#define INACTIVITY_LIMIT_S 65
#define BACKLOG 1024

static void library_log(void *cls, const char *format, va_list ap) __attribute__((format(printf, 2, 0)));
static void library_log(void *cls, const char *format, va_list ap)
{
    char text[256];
    (void)cls;
    int n = vsnprintf(text, sizeof text, format, ap);
    size_t length = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    while (length && text[length - 1] == '\n')
        length--;
    log_debug(NULL, "http.library", L_STR("says", ((str){ text, length })));
}

static unsigned cores(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (unsigned)n : 1;
}

static void defaults_set(struct http_server_config *c)
{
    if (!c->io_threads)
        c->io_threads = cores();
    if (!c->workers)
        c->workers = DEFAULT_WORKERS;
    if (!c->queue_limit)
        c->queue_limit = DEFAULT_QUEUE_LIMIT;
    if (!c->max_connections)
        c->max_connections = DEFAULT_CONNECTIONS;
}

size_t http_server_threads(const struct http_server_config *config)
{
    struct http_server_config c = *config;
    defaults_set(&c);
    return (size_t)c.io_threads + c.workers;
}

static int listen_on(const char *address, uint16_t port, uint16_t *actual)
{
    struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(port) };
    socklen_t length = sizeof in;
    if (inet_pton(AF_INET, address, &in.sin_addr) != 1)
        return -1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (const struct sockaddr *)&in, sizeof in) == 0 && listen(fd, BACKLOG) == 0 &&
        getsockname(fd, (struct sockaddr *)&in, &length) == 0) {
        *actual = ntohs(in.sin_port);
        return fd;
    }
    close(fd);
    return -1;
}

static bool routes_check(const struct router *r)
{
    const struct route *wrong;
    const char *fault = router_fault(r, &wrong);
    if (fault)
        log_error(NULL, "http.bad_route", L_STR("path", str_of(wrong->path ? wrong->path : "?")),
                  L_STR("why", str_of(fault)));
    return !fault;
}

static const char *label_make(const struct route *r)
{
    char *label;
    const char *path = r->path, *value = r->when.param ? (r->when.value ? r->when.value : "*") : NULL;
    int n = value ? asprintf(&label, "%s:%s", path, value) : asprintf(&label, "%s", path);
    if (n < 0)
        panic("out of memory");
    return label;
}

/* One row more than routes, for what matched none. */
static void labels_make(struct http_server *s)
{
    size_t n = s->router.n;
    s->labels = calloc(n + 1, sizeof *s->labels);
    s->method_names = calloc(n + 1, sizeof *s->method_names);
    if (!s->labels || !s->method_names)
        panic("out of memory");
    for (size_t i = 0; i < n; i++) {
        s->labels[i] = label_make(s->router.routes[i]);
        s->method_names[i] = method_name(s->router.routes[i]->method);
    }
    s->labels[n] = strdup("none");
    s->method_names[n] = "any";
    metrics_routes(n + 1, s->labels, s->method_names);
}

static void server_free(struct http_server *s)
{
    exchanges_free(s);
    metrics_routes(0, NULL, NULL);
    for (size_t i = 0; s->labels && i <= s->router.n; i++)
        free((void *)(uintptr_t)s->labels[i]);
    free(s->labels);
    free(s->method_names);
    free(s->io);
    pthread_mutex_destroy(&s->made_lock);
    free(s);
}

static struct MHD_Daemon *daemon_start(struct http_server *s, int fd)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | MHD_USE_TURBO;
    /* A pool needs at least two threads; one thread is the mode without a pool. */
    unsigned pool = s->config.io_threads > 1 ? s->config.io_threads : 0;
    return MHD_start_daemon(flags, 0, NULL, NULL, connection_request, s, MHD_OPTION_EXTERNAL_LOGGER, library_log, NULL,
                            MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, pool,
                            MHD_OPTION_CONNECTION_LIMIT, s->config.max_connections, MHD_OPTION_CONNECTION_TIMEOUT,
                            (unsigned)INACTIVITY_LIMIT_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                            (size_t)CONNECTION_MEMORY_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1,
                            MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_URI_LOG_CALLBACK, connection_target, s,
                            MHD_OPTION_NOTIFY_COMPLETED, connection_completed, s, MHD_OPTION_NOTIFY_CONNECTION,
                            connection_notify, s, MHD_OPTION_END);
}

static struct http_server *server_make(const struct http_server_config *config)
{
    struct http_server *s = calloc(1, sizeof *s);
    if (!s)
        panic("out of memory");
    s->config = *config;
    defaults_set(&s->config);
    s->router = (struct router){ config->routes, config->n_routes };
    s->io_threads = s->config.io_threads;
    s->io = calloc(s->io_threads, sizeof *s->io);
    if (!s->io)
        panic("out of memory");
    pthread_mutex_init(&s->made_lock, NULL);
    return s;
}

static void threads_start(struct http_server *s)
{
    struct worker_config workers = {
        .n = s->config.workers,
        .queue_limit = s->config.queue_limit,
        .app = s->config.app,
        .start = s->config.worker_start,
        .stop = s->config.worker_stop,
        .first_slot = s->config.first_slot + (int)s->io_threads,
    };
    s->workers = workers_start(&workers);
    keeper_start(s);
}

struct http_server *http_server_start(const struct http_server_config *config)
{
    struct http_server *s = server_make(config);
    int fd = -1;
    if (!routes_check(&s->router)) {
        server_free(s);
        return NULL;
    }
    labels_make(s);
    threads_start(s);
    fd = listen_on(config->address, config->port, &s->port);
    s->daemon = fd >= 0 ? daemon_start(s, fd) : NULL;
    if (s->daemon)
        return s;
    log_error(NULL, "http.not_started", L_STR("address", str_of(config->address)), L_I64("port", config->port),
              L_STR("why", str_of(strerror(errno))));
    if (fd >= 0)
        close(fd);
    workers_stop(s->workers);
    keeper_stop(s);
    server_free(s);
    return NULL;
}

uint16_t http_server_port(const struct http_server *s)
{
    return s->port;
}

static bool wait_until_idle(struct http_server *s, duration limit)
{
    int64_t until_us = monotonic_us() + limit.us;
    while (keeper_busy(&s->keeper)) {
        if (monotonic_us() > until_us)
            return false;
        nanosleep(&(struct timespec){ 0, 5000000 }, NULL);
    }
    return true;
}

void http_server_drain(struct http_server *s, duration limit)
{
    if (!s)
        return;
    MHD_socket fd = MHD_quiesce_daemon(s->daemon);
    __atomic_store_n(&s->draining, true, __ATOMIC_RELAXED);
    pthread_cond_signal(&s->keeper.changed);
    if (!wait_until_idle(s, limit)) {
        /* A handler is still at work and its connection suspended: the daemon must not be stopped under it. */
        log_warn(NULL, "http.drain_timed_out", L_I64("busy", (int64_t)keeper_busy(&s->keeper)));
        return;
    }
    /* I/O threads of kept-alive connections may still bring requests: they find the queue closed, not gone. */
    workers_finish(s->workers);
    keeper_stop(s);
    MHD_stop_daemon(s->daemon);
    workers_stop(s->workers);
    if (fd != MHD_INVALID_SOCKET)
        close(fd);
    pthread_mutex_destroy(&s->keeper.lock);
    pthread_cond_destroy(&s->keeper.changed);
    server_free(s);
}
