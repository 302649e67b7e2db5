/*
 * Many callers, one statement. Who arrives while a batch is being written waits for the next one; the first of those
 * who wait writes it for all, on a connection that belongs to the step. A statement that fails for a batch is run
 * again for each of its callers alone, so that nobody fails for a neighbour. max 1: every caller alone
 * (payment-control). What was written is durable before a caller goes on.
 */
#pragma once

#include "shared/base/task.h"

struct batch;

enum { BATCH_MAX = 256 };

/*
 * Runs the step's statement on t->db for n items and puts each item's own result into it, copied into the arena of the
 * item's task: its owner waits meanwhile.
 */
typedef err (*batch_run)(struct task *t, void *const *items, size_t n);

struct batch *batch_create(struct arena *process, struct db *db, size_t max, batch_run run);
/* Hands in one item. b NULL: it is run at once on t->db. */
MUST_USE err batch_join(struct task *t, struct batch *b, batch_run run, void *item);
