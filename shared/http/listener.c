/*
 * The sockets that are listened on, each with a daemon of the library and its pool of threads: the public one, and one
 * that asks for client certificates, so that a browser at the public one is never asked.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/abstract.h>
#include <stdio.h>
#include <unistd.h>

#include "shared/http/connection.h"
#include "shared/http/exchange.h"
#include "shared/ops/log.h"

#define CONNECTION_MEMORY_BYTES 24576 /* cleared as a whole between two requests */
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

/* Every connection is given credentials by tls_begin: one that were not would find none, and end. */
static int no_credentials(gnutls_session_t session, const gnutls_datum_t *ca, int n,
                          const gnutls_pk_algorithm_t *algorithms, int n_algorithms, gnutls_pcert_st **chain,
                          unsigned *length, gnutls_privkey_t *key)
{
    (void)session, (void)ca, (void)n, (void)algorithms, (void)n_algorithms;
    *chain = NULL;
    *length = 0;
    *key = NULL;
    return -1;
}

static struct MHD_Daemon *daemon_start(struct listener *l, int fd)
{
    struct http_server *s = l->server;
    bool is_tls = s->config.tls.certificate_file.n > 0;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | MHD_USE_TURBO;
    /* A pool needs at least two threads; one thread is the mode without a pool. */
    unsigned pool = s->config.io_threads > 1 ? s->config.io_threads : 0;
    struct MHD_OptionItem tls[] = {
        { is_tls ? MHD_OPTION_HTTPS_CERT_CALLBACK : MHD_OPTION_END, 0, (void *)(uintptr_t)no_credentials },
        { MHD_OPTION_END, 0, NULL },
    };
    return MHD_start_daemon(
        is_tls ? flags | MHD_USE_TLS : flags, 0, connection_admit, s, connection_request, s, MHD_OPTION_EXTERNAL_LOGGER,
        library_log, NULL, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, pool, MHD_OPTION_CONNECTION_LIMIT,
        s->config.max_connections, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)INACTIVITY_LIMIT_S,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_URI_LOG_CALLBACK, connection_target, s,
        MHD_OPTION_NOTIFY_COMPLETED, connection_completed, s, MHD_OPTION_NOTIFY_CONNECTION, connection_notify, l,
        MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}

static bool listener_start(struct listener *l, const char *address, uint16_t port)
{
    int fd = listen_on(address, port, &l->port);
    l->quiet_fd = -1;
    l->daemon = fd >= 0 ? daemon_start(l, fd) : NULL;
    if (l->daemon)
        return true;
    log_error(NULL, "http.not_started", L_STR("address", str_of(address)), L_I64("port", port),
              L_STR("why", str_of(strerror(errno))));
    if (fd >= 0)
        close(fd);
    return false;
}

bool listeners_start(struct http_server *s)
{
    const struct http_server_config *c = &s->config;
    bool shares = s->n_listeners == 1;
    s->listeners[0] = (struct listener){ .server = s, .asks_certificate = shares && c->mtls_port };
    s->listeners[1] = (struct listener){ .server = s, .asks_certificate = true };
    if (!listener_start(&s->listeners[0], c->address, c->port))
        return false;
    if (shares || listener_start(&s->listeners[1], c->address, c->mtls_port))
        return true;
    MHD_stop_daemon(s->listeners[0].daemon);
    return false;
}

/* The socket stays open as long as the library may look at it, but new connections are refused, which sends a proxy
 * elsewhere. */
void listeners_quiesce(struct http_server *s)
{
    for (size_t i = 0; i < s->n_listeners; i++) {
        s->listeners[i].quiet_fd = MHD_quiesce_daemon(s->listeners[i].daemon);
        shutdown(s->listeners[i].quiet_fd, SHUT_RDWR);
    }
}

bool listeners_have_connections(const struct http_server *s)
{
    unsigned n = 0;
    for (size_t i = 0; i < s->n_listeners; i++)
        n += MHD_get_daemon_info(s->listeners[i].daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS)->num_connections;
    return n > 0;
}

void listeners_stop(struct http_server *s)
{
    for (size_t i = 0; i < s->n_listeners; i++) {
        MHD_stop_daemon(s->listeners[i].daemon);
        if (s->listeners[i].quiet_fd >= 0)
            close(s->listeners[i].quiet_fd);
    }
}
