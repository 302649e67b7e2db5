/* See load.h. */
#include "tests/bench/load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { SAMPLES_MAX = 2000000 };

static struct load_connection connections[LOAD_CONNECTIONS_MAX];
static int32_t *samples_us;
static size_t samples_n;
static long failed, outstanding;
static const char *program;
static const struct load *running;
static struct load_connection *idle[LOAD_CONNECTIONS_MAX]; /* at an even pace: those without a request */
static int idle_n;
static int64_t next_us, turn_us; /* the next turn, and that of what begins now */

int64_t load_now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

_Noreturn void load_give_up(const char *why)
{
    fprintf(stderr, "%s: %s: %s\n", program ? program : "load", why, strerror(errno));
    exit(1);
}

void load_send(struct load_connection *c, const char *request, size_t n)
{
    while (n > 0) {
        ssize_t written = write(c->fd, request, n);
        if (written <= 0)
            load_give_up("cannot send");
        request += written;
        n -= (size_t)written;
    }
    c->n = 0;
    outstanding++;
}

int64_t load_begin_us(void)
{
    return running->per_second ? turn_us : load_now_us();
}

void load_next(struct load_connection *c)
{
    if (running->per_second)
        idle[idle_n++] = c;
    else
        running->begin(c);
}

/* Begins what is due; gives how many milliseconds nothing will be. */
static int turns_take(void)
{
    if (!running->per_second)
        return 100;
    for (int64_t now = load_now_us(); idle_n > 0 && next_us <= now; next_us += 1000000 / running->per_second) {
        turn_us = next_us;
        running->begin(idle[--idle_n]);
    }
    return idle_n > 0 ? 1 : 100;
}

void load_done(const struct load_connection *c)
{
    if (samples_n < SAMPLES_MAX)
        samples_us[samples_n++] = (int32_t)(load_now_us() - c->begun_us);
}

void load_failed(const struct load_connection *c)
{
    if (failed++ == 0)
        fprintf(stderr, "%s: failed: %.600s\n", program, c->text);
}

/* The answer is whole when its body has the length that its head says. */
static bool is_whole(const struct load_connection *c)
{
    const char *head_end = strstr(c->text, "\r\n\r\n"), *length = strcasestr(c->text, "content-length:");
    if (!head_end || !length)
        return false;
    return c->n >= (size_t)(head_end + 4 - c->text) + strtoul(length + 15, NULL, 10);
}

static void readable(const struct load *l, struct load_connection *c)
{
    ssize_t n = read(c->fd, c->text + c->n, LOAD_TEXT_MAX - 1 - c->n);
    if (n <= 0)
        load_give_up("the server closed a connection");
    c->n += (size_t)n;
    c->text[c->n] = '\0';
    if (!is_whole(c))
        return;
    outstanding--;
    l->answered(c);
}

static int by_size(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

static int connect_all(const struct load *l)
{
    const struct sockaddr_in to = { .sin_family = AF_INET,
                                    .sin_port = htons((uint16_t)l->port),
                                    .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int poller = epoll_create1(0), yes = 1;
    for (int i = 0; i < l->connections; i++) {
        struct epoll_event event = { .events = EPOLLIN, .data.ptr = &connections[i] };
        connections[i].index = i;
        connections[i].fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(connections[i].fd, (const struct sockaddr *)&to, sizeof to) != 0)
            load_give_up("cannot connect");
        setsockopt(connections[i].fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        epoll_ctl(poller, EPOLL_CTL_ADD, connections[i].fd, &event);
        load_next(&connections[i]);
    }
    return poller;
}

static double processor_ms(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

static void tell(const struct load *l, double taken_s)
{
    qsort(samples_us, samples_n, sizeof *samples_us, by_size);
    printf("%s %.1f %d %d %ld %zu %.0f\n", l->what, (double)samples_n / taken_s,
           samples_n ? samples_us[samples_n / 2] : 0, samples_n ? samples_us[samples_n * 99 / 100] : 0, failed,
           samples_n, processor_ms());
}

int load_run(const struct load *l)
{
    program = l->what;
    running = l;
    if (l->connections < 1 || l->connections > LOAD_CONNECTIONS_MAX ||
        !(samples_us = calloc(SAMPLES_MAX, sizeof *samples_us)))
        load_give_up("connections");
    int64_t begun_us = next_us = load_now_us(), end_us = begun_us + (int64_t)l->seconds * 1000000;
    int poller = connect_all(l);
    while (load_now_us() < end_us && (outstanding > 0 || idle_n > 0)) {
        struct epoll_event events[64];
        int ready = epoll_wait(poller, events, 64, turns_take());
        for (int i = 0; i < ready; i++)
            readable(l, events[i].data.ptr);
    }
    tell(l, (double)(load_now_us() - begun_us) / 1e6);
    free(samples_us);
    return failed ? 1 : 0;
}
