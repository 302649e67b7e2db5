/* See canned.h. */
#include "tests/unit/shared/net/canned.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECEIVED_MAX 65536

struct canned {
    enum canned_kind kind;
    const char *answer;
    int listener;
    uint16_t port;
    atomic_int connections, requests;
    atomic_bool stopping;
    pthread_t thread;
    pthread_mutex_t lock;
    size_t n;
    char received[RECEIVED_MAX];
};

/* false: the peer is gone, or we are to stop. */
static bool wait_readable(struct canned *c, int fd)
{
    while (!c->stopping) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        if (poll(&p, 1, 20) > 0)
            return true;
    }
    return false;
}

static bool say(int fd, const char *text, size_t n)
{
    return send(fd, text, n, MSG_NOSIGNAL) == (ssize_t)n;
}

static size_t keep(struct canned *c, const char *p, size_t n)
{
    pthread_mutex_lock(&c->lock);
    if (n > RECEIVED_MAX - c->n)
        n = RECEIVED_MAX - c->n;
    memcpy(c->received + c->n, p, n);
    c->n += n;
    pthread_mutex_unlock(&c->lock);
    return n;
}

/* Reads head and body (Content-Length) of one request. */
static bool read_request(struct canned *c, int fd)
{
    char text[8192];
    size_t n = 0;
    for (;;) {
        if (!wait_readable(c, fd))
            return false;
        ssize_t got = recv(fd, text + n, sizeof text - 1 - n, 0);
        if (got <= 0)
            return false;
        keep(c, text + n, (size_t)got);
        n += (size_t)got;
        text[n] = '\0';
        const char *end = strstr(text, "\r\n\r\n");
        if (!end)
            continue;
        const char *length = strcasestr(text, "Content-Length: ");
        size_t body = length && length < end ? strtoul(length + 16, NULL, 10) : 0;
        if (n >= (size_t)(end - text) + 4 + body) {
            c->requests++;
            return true;
        }
    }
}

static void drip(struct canned *c, int fd)
{
    for (const char *p = c->answer; *p && !c->stopping; p++) {
        if (!say(fd, p, 1))
            return;
        poll(NULL, 0, 100);
    }
}

static void pour(struct canned *c, int fd)
{
    say(fd, c->answer, strlen(c->answer));
    while (!c->stopping && say(fd, "8\r\nxxxxxxxx\r\n", 13))
        ;
}

/* false: close the connection. */
static bool respond(struct canned *c, int fd, int nth)
{
    switch (c->kind) {
    case CANNED_ANSWER:
        return say(fd, c->answer, strlen(c->answer));
    case CANNED_SILENT:
        return wait_readable(c, fd) && false;
    case CANNED_DRIP:
        drip(c, fd);
        return false;
    case CANNED_ENDLESS:
        pour(c, fd);
        return false;
    case CANNED_SLAM:
    case CANNED_SMTP:
        return false;
    case CANNED_TIRED:
        return (c->connections > 1 || nth == 0) && say(fd, c->answer, strlen(c->answer));
    case CANNED_DIES:
        if (nth == 0)
            return say(fd, c->answer, strlen(c->answer));
        close(c->listener);
        c->stopping = true;
        return false;
    }
    return false;
}

static void serve_mail(struct canned *c, int fd)
{
    char text[4096];
    bool in_data = false;
    say(fd, "220 test\r\n", 10);
    while (wait_readable(c, fd)) {
        ssize_t got = recv(fd, text, sizeof text - 1, 0);
        if (got <= 0)
            return;
        keep(c, text, (size_t)got);
        text[got] = '\0';
        bool ends = in_data && c->n >= 5 && memcmp(c->received + c->n - 5, "\r\n.\r\n", 5) == 0;
        if (in_data && !ends)
            continue;
        bool begins = !in_data && strncmp(text, "DATA", 4) == 0;
        in_data = begins && strncmp(c->answer, "DATA", 4) != 0;
        c->requests += ends ? 1 : 0;
        const char *reply = begins ? "354 go on\r\n" : "250 ok\r\n";
        const char *refused = strchr(c->answer, ' ');
        if (refused && strncmp(ends ? "." : text, c->answer, (size_t)(refused - c->answer)) == 0)
            reply = refused + 1;
        say(fd, reply, strlen(reply));
    }
}

static void serve(struct canned *c, int fd)
{
    if (c->kind == CANNED_SMTP) {
        serve_mail(c, fd);
        return;
    }
    for (int nth = 0; read_request(c, fd); nth++) {
        if (!respond(c, fd, nth))
            return;
    }
}

static void *run(void *context)
{
    struct canned *c = context;
    while (wait_readable(c, c->listener)) {
        int fd = accept(c->listener, NULL, NULL);
        if (fd < 0)
            continue;
        c->connections++;
        serve(c, fd);
        close(fd);
    }
    return NULL;
}

struct canned *canned_start(enum canned_kind kind, const char *address, uint16_t port, const char *answer)
{
    struct canned *c = calloc(1, sizeof *c);
    CHECK(c);
    c->kind = kind;
    c->answer = answer;
    pthread_mutex_init(&c->lock, NULL);
    c->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };
    CHECK(inet_pton(AF_INET, address, &at.sin_addr) == 1);
    if (bind(c->listener, (const struct sockaddr *)&at, sizeof at) != 0) {
        CHECK(port != 0 && errno == EADDRINUSE);
        close(c->listener);
        pthread_mutex_destroy(&c->lock);
        free(c);
        return NULL;
    }
    CHECK(listen(c->listener, 8) == 0);
    socklen_t n = sizeof at;
    CHECK(getsockname(c->listener, (struct sockaddr *)&at, &n) == 0);
    c->port = ntohs(at.sin_port);
    CHECK(pthread_create(&c->thread, NULL, run, c) == 0);
    return c;
}

void canned_stop(struct canned *c)
{
    bool listens = !atomic_exchange(&c->stopping, true);
    pthread_join(c->thread, NULL);
    if (listens)
        close(c->listener);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

uint16_t canned_port(const struct canned *c)
{
    return c->port;
}

int canned_connections(const struct canned *c)
{
    return c->connections;
}

int canned_requests(const struct canned *c)
{
    return c->requests;
}

str canned_received(struct canned *c, struct arena *a)
{
    pthread_mutex_lock(&c->lock);
    str text = arena_str(a, (str){ c->received, c->n });
    pthread_mutex_unlock(&c->lock);
    return text;
}
