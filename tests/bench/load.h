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
/* When what begins now began: at an even pace, when its turn came, whether or not a connection was free. */
int64_t load_begin_us(void);
/* This connection has nothing to do: begins the next, at once or when its turn comes. */
void load_next(struct load_connection *c);
/* What began at begun_us is complete, or failed. */
void load_done(const struct load_connection *c);
void load_failed(const struct load_connection *c);
int64_t load_now_us(void);

struct load {
    const char *what;
    int port, connections, seconds;
    int per_second;                              /* at an even pace; 0: as fast as the server answers */
    void (*begin)(struct load_connection *c);    /* sends the first request */
    void (*answered)(struct load_connection *c); /* a whole answer; sends the next request, or none */
};
/* Prints "WHAT RATE P50_US P99_US FAILED COUNT PROCESSOR_MS". Returns the exit code. */
int load_run(const struct load *l);
