/* What only looks like Redis: says what it was told to, whatever it is asked, one connection after the other. */
#pragma once

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

#include "tests/support/test.h"

struct fake_redis {
    const char *to_select, *to_bucket; /* NULL: silence */
    bool is_late;                      /* answers a question when the next one comes */
    bool is_in_pieces;                 /* the first byte of an answer comes by itself */
    bool closes;                       /* after it answered about a bucket */
    bool never_accepts;
    int listener;
    in_port_t port;
    pthread_t thread;
    atomic_int ends, connection; /* how many connections have ended; the one that is open, or -1 */
};

/* With what stands in it. The URL is in the arena. */
str fake_redis_start(struct fake_redis *f, struct arena *a);
/* Those who are connected have gone before. */
void fake_redis_stop(struct fake_redis *f);
/* Something that nobody asked for, to whoever of this process is connected, and has it when this returns. */
void fake_redis_say(struct fake_redis *f, const char *words);
/* Until so many connections have ended, and who is connected can know it. */
void fake_redis_await_ends(struct fake_redis *f, int n);
