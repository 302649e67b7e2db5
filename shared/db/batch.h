/*
 * Many callers, one statement. A step that many requests take at the same time is written for many rows at once (its
 * parameters are arrays, its rows carry a key), and callers meet here: who arrives while a batch is being written
 * waits for the next one; the first of those who wait writes it for all. What was written is durable before a caller
 * goes on. A statement that fails for a batch is run again for each of its callers alone, so that nobody fails for a
 * neighbour; an UNAVAILABLE is everybody's, since what it left behind is not known.
 *
 *   struct step { str key; bool done; };                        one caller's question and answer, on his stack
 *   static err step_run(struct task *t, void *const *items, size_t n)
 *   {   columns of items to arrays; TRY(the_statement(t, arrays, &rows, &n_rows)); each row to the item with its key }
 *   b = db_batch_create(process, &config, 64, step_run);        at start
 *   TRY(db_batch_join(t, b, step_run, &step));                  in a worker
 */
#pragma once

#include "shared/db/db.h"

struct db_batch;

enum { DB_BATCH_MAX = 256 };

/*
 * How the connections of batches plan. Joins are written in the order of their keys, from the questions on, and taken
 * so: before its first statistics a table looks small, and a plan that begins elsewhere walks all of it when it has
 * grown. What a plan costs is how many rows it touches, since pages that are written all the time are in memory: above
 * all entries of an index, for what is updated can be joined from either side, and walking an index of 200 seemed
 * cheaper than finding ten in it.
 */
#define DB_BATCH_PLANS                                                                                                 \
    DB_PLANS " -c enable_hashjoin=off -c enable_mergejoin=off -c join_collapse_limit=1 -c random_page_cost=0"          \
             " -c seq_page_cost=0 -c cpu_index_tuple_cost=1"

/*
 * Runs the step's statement on t->db and puts each item's own result into it. Any of the callers may be the one whose
 * task this is, and t->arena is his: what an item is to keep beyond the call is copied into its own caller's arena,
 * which nobody else touches meanwhile. It may run twice for an item (see above), so it sets results in every case.
 */
typedef err (*db_batch_run)(struct task *t, void *const *items, size_t n);

/*
 * A batch with a connection of its own, which lives as long as the arena; plans on it know nested loops along indexes
 * only, so that a plan made while tables were small cannot become a scan. max 1: every caller alone.
 */
struct db_batch *db_batch_create(struct arena *process, const struct db_config *config, size_t max, db_batch_run run);
/*
 * The same with two connections, for a step of one statement that is never far from busy: the next batch is executed
 * while the last one's commit waits for the disk. Two are never executed at once, so that they do not wait for each
 * other in a circle: who still waits for his commit waits for nobody. Only what fails at its commit, and is run again
 * one by one, may meet the next batch.
 */
struct db_batch *db_batch_create_overlapped(struct arena *process, const struct db_config *config, size_t max,
                                            db_batch_run run);
/* The same for a statement that only reads: nobody waits for company, since there is no flush to share. */
struct db_batch *db_batch_create_reader(struct arena *process, const struct db_config *config, size_t max,
                                        db_batch_run run);
/*
 * Hands in one item and comes back with its result. Run at once on t->db where b is NULL (commands, tests), and inside
 * a transaction, of which it is a part then: what is rolled back with it was never done.
 */
MUST_USE err db_batch_join(struct task *t, struct db_batch *b, db_batch_run run, void *item);

/*
 * The same for a batch of a reader, whose caller may be a task that waits in turns: then item (size bytes, which hold
 * no pointer into the caller's stack) is kept in the task's arena, and the call fails with IN_TURN until the answer is
 * there.
 */
MUST_USE err db_batch_read(struct task *t, struct db_batch *b, db_batch_run run, void *item, size_t size);

/*
 * How an item begins whose answer is one row: that with its number in the batch, from 1 (SQL: "with ordinality"). NULL:
 * none. The caller sets the arena.
 */
struct db_batch_item {
    struct arena *arena;
    const void *row;
};
/* Hands out such rows, each copied into its item's arena. The number is the first column. */
void db_batch_deal(const struct db_statement *s, const void *rows, size_t n_rows, void *const *items, size_t n);
