/*
 * Start and end of the server. The order of the end is dictated by the library: no new connections, workers finish and
 * every suspended connection is resumed, only then the daemon stops.
 */
#include "shared/http/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "shared/base/panic.h"
#include "shared/http/exchange.h"
#include "shared/http/tls.h"
#include "shared/ops/log.h"
#include "shared/ops/metrics.h"

#define DEFAULT_WORKERS 8
#define DEFAULT_QUEUE_LIMIT 512
#define DEFAULT_CONNECTIONS 4096
#define LINGER MILLISECONDS(500)

static unsigned cores(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (unsigned)n : 1;
}

static bool wants_costly(const struct http_server_config *c)
{
    for (size_t i = 0; i < c->n_routes; i++)
        if (c->routes[i]->run == RUN_COSTLY)
            return true;
    return false;
}

static unsigned listeners_wanted(const struct http_server_config *c)
{
    return c->mtls_port && c->mtls_port != c->port ? 2 : 1;
}

/*
 * At most half of the files that the process may open, so that the database and calls have theirs whoever comes:
 * threads of the library that find no file for who waits try again without a pause (SECURITY F-H3).
 */
static unsigned connections_most(const struct http_server_config *c)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return c->max_connections;
    rlim_t most = files.rlim_cur / 2 / listeners_wanted(c);
    return most < c->max_connections ? (unsigned)most : c->max_connections;
}

static void defaults_set(struct http_server_config *c)
{
    if (!c->io_threads)
        c->io_threads = cores();
    if (!c->workers)
        c->workers = DEFAULT_WORKERS;
    if (!c->queue_limit)
        c->queue_limit = DEFAULT_QUEUE_LIMIT;
    if (!c->costly_workers)
        c->costly_workers = cores() > 1 ? cores() - 1 : 1; /* one core stays free for what is short */
    if (!wants_costly(c))
        c->costly_workers = 0;
    if (!c->costly_queue_limit)
        c->costly_queue_limit = DEFAULT_QUEUE_LIMIT;
    if (!c->max_connections)
        c->max_connections = DEFAULT_CONNECTIONS;
    c->max_connections = connections_most(c);
}

size_t http_server_threads(const struct http_server_config *config)
{
    struct http_server_config c = *config;
    defaults_set(&c);
    return (size_t)c.io_threads * listeners_wanted(&c) + c.workers + c.costly_workers;
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
    pthread_mutex_destroy(&s->tls_lock);
    tls_release(s->tls);
    free(s);
}

static struct http_server *server_make(const struct http_server_config *config)
{
    struct http_server *s = calloc(1, sizeof *s);
    if (!s)
        panic("out of memory");
    s->config = *config;
    defaults_set(&s->config);
    s->router = (struct router){ config->routes, config->n_routes };
    s->n_listeners = listeners_wanted(config);
    s->io_threads = s->config.io_threads * (unsigned)s->n_listeners;
    s->io = calloc(s->io_threads, sizeof *s->io);
    if (!s->io)
        panic("out of memory");
    pthread_mutex_init(&s->made_lock, NULL);
    pthread_mutex_init(&s->tls_lock, NULL);
    return s;
}

static void threads_start(struct http_server *s)
{
    struct worker_config workers = {
        .n = s->config.workers,
        .queue_limit = s->config.queue_limit,
        .carriers = cores(),
        .app = s->config.app,
        .start = s->config.worker_start,
        .stop = s->config.worker_stop,
        .first_slot = s->config.first_slot + (int)s->io_threads,
        .serves = true,
    };
    s->workers = workers_start(&workers);
    if (s->config.costly_workers) {
        workers.first_slot += (int)workers.n;
        workers.n = s->config.costly_workers;
        workers.queue_limit = s->config.costly_queue_limit;
        workers.low_priority = true;
        workers.carriers = 0;
        s->costly = workers_start(&workers);
    }
    keeper_start(s);
}

/* ---- TLS ---- */

const char *http_tls_fault(struct arena *a, const struct http_tls *tls)
{
    str why;
    struct tls *loaded = tls_load(a, tls, &why);
    if (!loaded)
        return arena_cstr(a, why);
    tls_release(loaded);
    return NULL;
}

struct tls *server_tls(struct http_server *s)
{
    pthread_mutex_lock(&s->tls_lock);
    struct tls *tls = tls_share(s->tls);
    pthread_mutex_unlock(&s->tls_lock);
    return tls;
}

bool http_server_reload(struct http_server *s, const struct http_tls *tls)
{
    struct arena *arena = arena_create(4096, 1 << 20);
    str why;
    struct tls *fresh = tls_load(arena, tls, &why), *former = fresh;
    if (fresh) {
        pthread_mutex_lock(&s->tls_lock);
        former = s->tls;
        s->tls = fresh;
        pthread_mutex_unlock(&s->tls_lock);
        tls_release(former);
    } else {
        log_error(NULL, "tls.not_loaded", L_STR("why", why));
    }
    arena_destroy(arena);
    return fresh != NULL;
}

instant http_server_certificate_end(struct http_server *s)
{
    struct tls *tls = server_tls(s);
    instant end = tls_expiry(tls);
    tls_release(tls);
    return end;
}

/* ---- start and end ---- */

struct http_server *http_server_start(const struct http_server_config *config)
{
    struct http_server *s = server_make(config);
    if (!routes_check(&s->router) || !http_server_reload(s, &config->tls)) {
        server_free(s);
        return NULL;
    }
    labels_make(s);
    threads_start(s);
    if (listeners_start(s))
        return s;
    workers_stop(s->workers);
    workers_stop(s->costly);
    keeper_stop(s);
    server_free(s);
    return NULL;
}

uint16_t http_server_port(const struct http_server *s)
{
    return s->listeners[0].port;
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

/*
 * Each answer ends its connection from now on. One that a proxy keeps open may be used for a request at the moment at
 * which it would be closed, so those that are in use have the time to end that way.
 */
static void linger(struct http_server *s)
{
    int64_t until_us = monotonic_us() + LINGER.us;
    while (listeners_have_connections(s) && monotonic_us() < until_us)
        nanosleep(&(struct timespec){ 0, 5000000 }, NULL);
}

bool http_server_drain(struct http_server *s, duration limit)
{
    if (!s)
        return true;
    if (!__atomic_load_n(&s->draining, __ATOMIC_RELAXED))
        listeners_quiesce(s);
    __atomic_store_n(&s->draining, true, __ATOMIC_RELAXED);
    pthread_cond_signal(&s->keeper.changed);
    linger(s);
    if (!wait_until_idle(s, limit)) {
        /* A handler is still at work and its connection suspended: the daemon must not be stopped under it. */
        log_warn(NULL, "http.drain_timed_out", L_I64("busy", (int64_t)keeper_busy(&s->keeper)));
        return false;
    }
    /* I/O threads of kept-alive connections may still bring requests: they find the queue closed, not gone. */
    workers_finish(s->workers);
    if (s->costly)
        workers_finish(s->costly);
    keeper_stop(s);
    listeners_stop(s);
    workers_stop(s->workers);
    workers_stop(s->costly);
    pthread_mutex_destroy(&s->keeper.lock);
    pthread_cond_destroy(&s->keeper.changed);
    server_free(s);
    return true;
}
