/* The HTTP server: libmicrohttpd's epoll pool in front, a bounded queue and workers behind (docs/ARCHITECTURE.md, "One
 * request"). */
#pragma once

#include <sys/socket.h>

#include "shared/base/bytes.h"
#include "shared/http/endpoint.h"
#include "shared/ops/fair_queue.h"

struct http_server;

/* TLS in the server itself. */
struct http_tls {
    str certificate_file; /* PEM, the server's own certificate first; empty or absent: plain HTTP */
    secret key;           /* PEM */
    str client_ca_file;   /* PEM; what chains to it is a trusted client certificate; empty or absent: nothing is */
};

/* A proxy that speaks for its clients. */
struct http_proxy {
    bool (*is_trusted)(const void *app, const struct sockaddr *peer); /* NULL: none is */
    bool speaks_forwarded;          /* Forwarded (RFC 7239) is read; else X-Forwarded-For and -Proto; never both */
    const char *certificate_header; /* lower case: the client's certificate (RFC 9440 or percent-encoded PEM) */
};

/* What came of a request. */
struct served {
    int status;
    int64_t elapsed_us;
    const char *content_type; /* NULL: no body */
    str body;
};

/* How often a minute something may ask a route. */
struct rate_limit {
    const char *by; /* "address", "link" */
    str who;        /* which one: the place on the network, or the link */
    int per_minute;
};

struct http_server_config {
    const char *address; /* "127.0.0.1" */
    uint16_t port;
    uint16_t mtls_port; /* a second listener, which asks for client certificates; the same as port: the first asks */
    struct http_tls tls;
    struct http_proxy proxy;
    const str *hosts; /* what Host may say: others are answered 421 */
    size_t n_hosts;   /* 0: anything */
    /* Whose name any other host is, as the application knows it: its own struct, valid as long as the task. NULL: not
     * one that is served, or no such names at all. */
    const struct site *(*site_find)(struct task *t, str host);
    unsigned io_threads; /* 0: number of cores */
    unsigned workers;
    unsigned queue_limit; /* waiting requests; beyond, or beyond a party's share: 503 + Retry-After at once */
    /* The same for routes with RUN_COSTLY: threads of low priority, 0: all cores but one. They exist if a route wants
     * them.
     */
    unsigned costly_workers, costly_queue_limit;
    unsigned max_connections;
    unsigned max_per_place; /* of one address, or /64 of IPv6, that is no trusted proxy; 0: no such limit */
    const struct route *const *routes;
    size_t n_routes;
    void *app;
    /* Called once by each worker, thread or fiber, before its first task and at its end: fills t->db, t->cache,
     * t->fetcher. */
    void (*worker_start)(struct task *t);
    void (*worker_stop)(struct task *t);
    /* ERRORS_PAGE: before the handler of a page, or before the page of a failure; chooses the language. NULL: nothing.
     */
    void (*page_begin)(struct task *t, const struct request *rq);
    /* ERRORS_PAGE: answers with the failure as HTML. */
    void (*error_page)(struct task *t, const struct request *rq, const struct failure *f, struct response *rs);
    /* May change an answer that is made: other headers, another body (reply_raw). NULL: nothing does. */
    void (*render)(struct task *t, const struct request *rq, struct response *rs);
    /* Told of each request when its answer is made, on whatever thread made it: must not wait. NULL: nobody is. */
    void (*served)(struct task *t, const struct request *rq, const struct served *served);
    int first_slot; /* metric slots from here: io_threads, then workers, then costly workers */
    /* Whose a request is that has to wait, asked on its I/O thread before the guard: must not wait. NULL: nobody's. */
    queue_party (*whose)(struct task *t, struct request *rq);
    /* And how many more may follow at once; false: over the limit. NULL: no limits. */
    bool (*allow)(struct task *t, const struct request *rq, const struct rate_limit *limit, int *left,
                  int *retry_after_s);
};

/* Checks the routes (every one has guard, body, run, errors), starts listening. NULL: could not, the reason was logged.
 */
struct http_server *http_server_start(const struct http_server_config *config);
/* The port it listens on (config port 0: chosen by the system). */
uint16_t http_server_port(const struct http_server *s);
/* The number of threads that count metrics: io_threads + workers + costly workers after defaults were applied. */
size_t http_server_threads(const struct http_server_config *config);
/* NULL when these files can be used; else what is wrong, in the arena. */
const char *http_tls_fault(struct arena *a, const struct http_tls *tls);
/* New connections get what the files hold now, those that stand go on. false: it was logged, nothing has changed. */
bool http_server_reload(struct http_server *s, const struct http_tls *tls);
/* When the certificate ends; 0: plain HTTP. */
instant http_server_certificate_end(struct http_server *s);
/* No new connections, requests in flight finish within limit, everything is released. false: some did not, and go on
 * with all that they use; nothing is released, and nothing of theirs may be. It may be asked again. */
MUST_USE bool http_server_drain(struct http_server *s, duration limit);
