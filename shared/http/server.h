/* The HTTP server: libmicrohttpd's epoll pool in front, a bounded queue and workers behind (docs/ARCHITECTURE.md, "One
 * request"). */
#pragma once

#include "shared/http/endpoint.h"

struct http_server;

struct http_server_config {
    const char *address; /* "127.0.0.1" */
    uint16_t port;
    unsigned io_threads; /* 0: number of cores */
    unsigned workers;
    unsigned queue_limit; /* waiting requests; beyond: 503 + Retry-After at once */
    unsigned max_connections;
    const struct route *const *routes;
    size_t n_routes;
    void *app;
    /* Called once on each worker thread before its first task and at its end: fills t->db, t->cache, t->fetcher. */
    void (*worker_start)(struct task *t);
    void (*worker_stop)(struct task *t);
    /* ERRORS_PAGE: renders the failure as HTML. */
    void (*error_page)(struct task *t, const struct failure *f, struct buf *out);
    int first_slot; /* metric slots from here: io_threads, then workers */
    /* Rate limit per peer and route; false: over the limit. NULL: no limits. */
    bool (*allow)(struct task *t, const struct request *rq, int per_minute, int *retry_after_s);
    str trusted_proxy; /* address whose X-Forwarded-For (last hop) is believed; absent: none */
};

/* Checks the routes (every one has guard, body, run, errors), starts listening. NULL: could not, the reason was logged.
 */
struct http_server *http_server_start(const struct http_server_config *config);
/* The port it listens on (config port 0: chosen by the system). */
uint16_t http_server_port(const struct http_server *s);
/* The number of threads that count metrics: io_threads + workers after defaults were applied. */
size_t http_server_threads(const struct http_server_config *config);
/* No new connections, requests in flight finish within limit, everything is released. */
void http_server_drain(struct http_server *s, duration limit);
