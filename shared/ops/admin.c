/*
 * The admin listener: GET /healthz, /readyz and /metrics for the operator's own network. One thread, one request per
 * connection, HTTP/1.0; it shares nothing with the public listener, so it answers while that one is overloaded.
 */
#include "shared/ops/process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "shared/base/panic.h"
#include "shared/ops/log.h"
#include "shared/ops/metrics.h"

#define HEAD_MAX_BYTES 4096
#define ANSWER_MAX_BYTES ((size_t)4 << 20)

struct admin_server {
    int fd;
    int stop[2];
    pthread_t thread;
    const struct readiness *parts;
    size_t n;
    struct worker_config config;
};

static int listen_on(const char *address, uint16_t port)
{
    struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(port) };
    if (inet_pton(AF_INET, address, &in.sin_addr) != 1)
        return -1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (const struct sockaddr *)&in, sizeof in) == 0 && listen(fd, 16) == 0)
        return fd;
    close(fd);
    return -1;
}

/* Reads until the blank line, at most two seconds per piece. false: not worth an answer. */
static bool head_read(int fd, char *head, size_t *n)
{
    *n = 0;
    while (*n < HEAD_MAX_BYTES) {
        ssize_t got = recv(fd, head + *n, HEAD_MAX_BYTES - *n, 0);
        if (got <= 0)
            return false;
        *n += (size_t)got;
        if (*n >= 4 && memmem(head, *n, "\r\n\r\n", 4))
            return true;
    }
    return false;
}

static int readiness_write(struct admin_server *s, struct task *t, struct buf *out)
{
    size_t failing = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (s->parts[i].usable(t))
            continue;
        buf_add(out, failing++ ? STR(",") : STR("{\"status\":\"unavailable\",\"failing\":["));
        buf_printf(out, "\"%s\"", s->parts[i].part);
    }
    buf_add(out, failing ? STR("]}\n") : STR("{\"status\":\"ready\"}\n"));
    return failing ? 503 : 200;
}

static int answer_write(struct admin_server *s, struct task *t, str head, struct buf *out, const char **type)
{
    *type = "application/json";
    if (str_starts(head, STR("GET /healthz "))) {
        buf_add(out, STR("{\"status\":\"ok\"}\n"));
        return 200;
    }
    if (str_starts(head, STR("GET /readyz ")))
        return readiness_write(s, t, out);
    *type = "text/plain; version=0.0.4; charset=utf-8";
    if (str_starts(head, STR("GET /metrics "))) {
        metrics_write(out);
        return 200;
    }
    buf_add(out, STR("not found\n"));
    return 404;
}

static bool send_all(int fd, str s)
{
    while (s.n) {
        ssize_t sent = send(fd, s.p, s.n, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        s = (str){ s.p + sent, s.n - (size_t)sent };
    }
    return true;
}

static void connection_serve(struct admin_server *s, struct task *t, int fd)
{
    struct timeval limit = { .tv_sec = 2 };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    char head[HEAD_MAX_BYTES];
    size_t n;
    if (!head_read(fd, head, &n))
        return;
    struct buf body;
    const char *type;
    buf_init(&body, t->arena, ANSWER_MAX_BYTES);
    int status = answer_write(s, t, (str){ head, n }, &body, &type);
    const char *reason = status == 200 ? "OK" : status == 404 ? "Not Found" : "Service Unavailable";
    str lines = arena_printf(t->arena,
                             "HTTP/1.0 %d %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nCache-Control: no-store\r\n"
                             "X-Content-Type-Options: nosniff\r\n%sConnection: close\r\n\r\n",
                             status, reason, type, body.n, status == 503 ? "Retry-After: 1\r\n" : "");
    if (send_all(fd, lines))
        send_all(fd, buf_str(&body));
    shutdown(fd, SHUT_WR);
}

static void *admin_main(void *arg)
{
    struct admin_server *s = arg;
    struct task t = { .arena = arena_create(16384, (size_t)16 << 20), .app = s->config.app, .what = "admin" };
    t.slot = s->config.first_slot;
    t.now = wall_clock_now();
    if (s->config.start)
        s->config.start(&t);
    struct pollfd wait[2] = { { .fd = s->fd, .events = POLLIN }, { .fd = s->stop[0], .events = POLLIN } };
    for (;;) {
        if (poll(wait, 2, -1) < 0)
            continue;
        if (wait[1].revents)
            break;
        int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0)
            continue;
        t.now = wall_clock_now();
        connection_serve(s, &t, fd);
        close(fd);
        arena_reset(t.arena);
    }
    if (s->config.stop)
        s->config.stop(&t);
    arena_destroy(t.arena);
    return NULL;
}

struct admin_server *admin_start(const char *address, uint16_t port, const struct readiness *parts, size_t n,
                                 const struct worker_config *config)
{
    struct admin_server *s = calloc(1, sizeof *s);
    if (!s)
        panic("out of memory");
    *s = (struct admin_server){ .parts = parts, .n = n, .config = *config };
    s->fd = listen_on(address, port);
    if (s->fd < 0 || pipe2(s->stop, O_CLOEXEC) != 0) {
        log_error(NULL, "admin.not_started", L_STR("address", str_of(address)), L_I64("port", port));
        if (s->fd >= 0)
            close(s->fd);
        free(s);
        return NULL;
    }
    if (pthread_create(&s->thread, NULL, admin_main, s) != 0)
        panic("cannot create the admin thread");
    return s;
}

void admin_stop(struct admin_server *s)
{
    if (!s)
        return;
    close(s->stop[1]);
    pthread_join(s->thread, NULL);
    close(s->stop[0]);
    close(s->fd);
    free(s);
}
