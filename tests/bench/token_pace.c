/*
 * token-pace PORT FILE EVERY_MS: sends the request that stands in FILE to 127.0.0.1:PORT at an even pace until its
 * standard input ends, and prints how long the answers took: "P50_US P99_US COUNT". A process of its own with a short
 * slice, so that its share of the machine is not what is measured; each wait begins when its turn came, whether or not
 * the answer before it was there.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "shared/ops/priority.h"

enum { TEXT_MAX = 16384, WAITS_MAX = 1 << 20 };

static int64_t waits[WAITS_MAX];
static size_t n_waits;

static _Noreturn void give_up(const char *why)
{
    fprintf(stderr, "token-pace: %s\n", why);
    exit(1);
}

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int connected(int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    if (fd < 0 || connect(fd, (const struct sockaddr *)&to, sizeof to) != 0)
        give_up("no connection");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

/* A whole answer: its head and as many bytes as that says. */
static void answer_read(int fd)
{
    char text[TEXT_MAX];
    size_t n = 0;
    for (;;) {
        ssize_t got = read(fd, text + n, sizeof text - 1 - n);
        if (got <= 0)
            give_up("the connection ended");
        n += (size_t)got;
        text[n] = '\0';
        const char *body = strstr(text, "\r\n\r\n"), *length = strcasestr(text, "\r\ncontent-length:");
        if (!body || !length)
            continue;
        if (strncmp(text, "HTTP/1.1 200 ", 13) != 0)
            give_up(text);
        if (n - (size_t)(body + 4 - text) >= strtoul(length + 17, NULL, 10))
            return;
    }
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Whoever started it has closed our standard input, or has something to say. */
static bool is_over(int wait_ms)
{
    struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
    return poll(&in, 1, wait_ms) > 0;
}

int main(int argc, char **argv)
{
    static char request[TEXT_MAX];
    FILE *file = argc == 4 ? fopen(argv[2], "re") : NULL;
    if (!file)
        give_up("usage: token-pace PORT FILE EVERY_MS");
    size_t n = fread(request, 1, sizeof request, file);
    fclose(file);
    thread_answer_soon();
    int fd = connected((int)strtol(argv[1], NULL, 10));
    int64_t every_us = strtol(argv[3], NULL, 10) * 1000, turn_us = now_us();
    while (n_waits < WAITS_MAX) {
        int64_t ahead_us = turn_us - now_us();
        if (is_over(ahead_us > 0 ? (int)((ahead_us + 999) / 1000) : 0))
            break;
        int64_t begun_us = turn_us > now_us() ? turn_us : now_us();
        if (write(fd, request, n) != (ssize_t)n)
            give_up("the connection ended");
        answer_read(fd);
        waits[n_waits++] = now_us() - (begun_us - turn_us < every_us ? begun_us : turn_us);
        turn_us += every_us;
    }
    qsort(waits, n_waits, sizeof *waits, by_size);
    if (n_waits == 0)
        give_up("there was no time for a request");
    printf("%lld %lld %zu\n", (long long)waits[n_waits / 2], (long long)waits[n_waits * 99 / 100], n_waits);
    return 0;
}
