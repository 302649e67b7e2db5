/* A thread that accepts; a question is what one read brings, which it is on loopback. */
#include "tests/unit/shared/cache/fake_redis.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 60000 };

static void say(int fd, const char *words)
{
    if (words && send(fd, words, strlen(words), MSG_NOSIGNAL) < 0)
        return; /* who asked has gone, which is his right */
}

static void serve(struct fake_redis *f, int fd)
{
    char question[4096];
    const char *held = NULL;
    ssize_t n;
    while ((n = read(fd, question, sizeof question)) > 0) {
        bool is_select = memmem(question, (size_t)n, "SELECT", 6);
        const char *answer = is_select ? f->to_select : f->to_bucket;
        const char *said = f->is_late && !is_select ? held : answer;
        if (f->is_in_pieces && said && send(fd, said++, 1, MSG_NOSIGNAL) < 0)
            return;
        say(fd, said);
        held = is_select ? NULL : answer;
        if (f->closes && !is_select)
            return;
    }
}

static void *run(void *context)
{
    struct fake_redis *f = context;
    int fd;
    while ((fd = accept(f->listener, NULL, NULL)) >= 0) {
        f->connection = fd;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
        serve(f, fd);
        f->connection = -1;
        close(fd);
        f->ends++;
    }
    return NULL;
}

str fake_redis_start(struct fake_redis *f, struct arena *a)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t n = sizeof at;
    f->connection = -1;
    f->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(bind(f->listener, (const struct sockaddr *)&at, sizeof at) == 0);
    CHECK(listen(f->listener, f->never_accepts ? 0 : 8) == 0);
    CHECK(getsockname(f->listener, (struct sockaddr *)&at, &n) == 0);
    CHECK(f->never_accepts || pthread_create(&f->thread, NULL, run, f) == 0);
    f->port = at.sin_port;
    return arena_printf(a, "redis://127.0.0.1:%d/0", ntohs(f->port));
}

void fake_redis_stop(struct fake_redis *f)
{
    shutdown(f->listener, SHUT_RDWR);
    if (!f->never_accepts)
        pthread_join(f->thread, NULL);
    close(f->listener);
}

/* The other end of the connection is a descriptor of this process too. */
static void await_arrival(const struct fake_redis *f)
{
    for (int fd = 0; fd < 256; fd++) {
        struct sockaddr_in to;
        socklen_t n = sizeof to;
        struct pollfd p = { .fd = fd, .events = POLLIN };
        if (getpeername(fd, (struct sockaddr *)&to, &n) == 0 && to.sin_family == AF_INET && to.sin_port == f->port)
            CHECK(poll(&p, 1, PATIENCE_MS) == 1);
    }
}

void fake_redis_say(struct fake_redis *f, const char *words)
{
    say(f->connection, words);
    await_arrival(f);
}

void fake_redis_await_ends(struct fake_redis *f, int n)
{
    for (int ms = 0; f->ends < n; ms++) {
        CHECK(ms < PATIENCE_MS);
        usleep(1000);
    }
    await_arrival(f);
}
