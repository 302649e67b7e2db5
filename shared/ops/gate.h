/*
 * A mutex that may be held across waiting (fiber.h): whoever finds it taken parks. The first who came is the first to
 * get it.
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>

struct gate {
    pthread_mutex_t lock;
    bool is_taken;
    struct gate_waiter *first, **last;
};
void gate_init(struct gate *g);
void gate_enter(struct gate *g);
void gate_leave(struct gate *g);
void gate_destroy(struct gate *g);
