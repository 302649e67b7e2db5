/*
 * What waits for workers, and whose it is: nobody's burst is waited for by others, and nobody whose calls hang holds
 * all workers (MONEY 6.E 32). Pure: the lock and the workers are the caller's.
 *
 * Parties share LINES by the hash of what they are called (stochastic fair queueing, RFC 8290 section 1.2): two that
 * meet in one share what one has. Next is who has the fewest at work, of equals the one after who was taken last.
 * The shares follow what is left (dynamic thresholds, Choudhury and Hahne 1998): a party has no more places than SHARE
 * times those that are free, and no more workers than SHARE times those that are idle. Alone it has 15 of 16, two
 * greedy ones 15 of 31 each, and there is always something left for who comes next.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Two queues of as many places each: who may go ahead waits for those of his kind only. */
enum queue { QUEUE_COMMON, QUEUE_AHEAD, N_QUEUES };

/* Whose it is: any number that tells parties apart. */
typedef uint64_t queue_party;
#define PARTY_NONE 0 /* nobody's: has no share to keep to */

/* What is to be done. run NULL: nothing. */
struct task;
struct work_item {
    void (*run)(struct task *t, void *item);
    void *item;
};

struct fair_queue;

/* n_workers: of fewer than 16 nobody is kept from having all. */
struct fair_queue *fair_queue_new(size_t places, unsigned n_workers);
void fair_queue_free(struct fair_queue *q);

enum fair_verdict { FAIR_TAKEN, FAIR_FULL, FAIR_SHARE_USED };
enum fair_verdict fair_queue_put(struct fair_queue *q, enum queue queue, queue_party whose, struct work_item work);
/* The next for one of `idle` workers, who is busy with it until fair_queue_done of its line; nothing: none waits that
 * may have him. */
struct work_item fair_queue_take(struct fair_queue *q, unsigned idle, unsigned *line);
void fair_queue_done(struct fair_queue *q, unsigned line);
/* The end: all that waits is taken, whoever else may need the workers. */
void fair_queue_open(struct fair_queue *q);
size_t fair_queue_waiting(const struct fair_queue *q);
