/*
 * What the load generators share: kept connections to a server on 127.0.0.1, one request after the other on each, and
 * what they found. One thread, so that what it costs can be told: a generator that needs most of a core is the limit.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { LOAD_TEXT_MAX = 16384, LOAD_CONNECTIONS_MAX = 512 };

struct load_connection {
    int fd, index;
    int64_t begun_us;
    size_t n;
    char text[LOAD_TEXT_MAX]; /* the answer, terminated */
};

_Noreturn void load_give_up(const char *why);
void load_send(struct load_connection *c, const char *request, size_t n);
/* What began at begun_us is complete, or failed. */
void load_done(const struct load_connection *c);
void load_failed(const struct load_connection *c);
int64_t load_now_us(void);

struct load {
    const char *what;
    int port, connections, seconds;
    void (*begin)(struct load_connection *c);    /* sends the first request */
    void (*answered)(struct load_connection *c); /* a whole answer; sends the next request, or none */
};
/* Prints "WHAT RATE P50_US P99_US FAILED COUNT PROCESSOR_MS". Returns the exit code. */
int load_run(const struct load *l);
