/* See gate.h. */
#include "shared/ops/gate.h"

#include "shared/ops/fiber.h"

struct gate_waiter {
    struct parking called;
    struct gate_waiter *next;
};

void gate_init(struct gate *g)
{
    *g = (struct gate){ .is_taken = false };
    g->last = &g->first;
    pthread_mutex_init(&g->lock, NULL);
}

void gate_enter(struct gate *g)
{
    struct gate_waiter me = { .next = NULL };
    pthread_mutex_lock(&g->lock);
    bool waits = g->is_taken;
    g->is_taken = true;
    if (waits) {
        parking_init(&me.called);
        *g->last = &me;
        g->last = &me.next;
    }
    pthread_mutex_unlock(&g->lock);
    if (waits)
        parking_wait(&me.called);
}

/* It is handed on: whoever is called has it already. */
void gate_leave(struct gate *g)
{
    pthread_mutex_lock(&g->lock);
    struct gate_waiter *next = g->first;
    if (next && !(g->first = next->next))
        g->last = &g->first;
    g->is_taken = next != NULL;
    pthread_mutex_unlock(&g->lock);
    if (next)
        parking_call(&next->called);
}

void gate_destroy(struct gate *g)
{
    pthread_mutex_destroy(&g->lock);
}
