/*
 * Group commit. Workers hand a statement (marked `grouped` in its .sql file: one self-contained decision that reports
 * expected outcomes in its row) to a committer thread, which runs many of them, pipelined, in one transaction,
 * commits once, and wakes each worker with its own row. A statement that raises an error makes the committer roll back
 * and run that batch again one by one, so that nobody fails for a neighbour.
 * With two committers one executes a batch while the other waits for the disk; two batches never execute at once.
 * Outcome of COMMIT not known (connection lost): every caller gets UNAVAILABLE; what they wrote is looked up by id.
 */
#pragma once

#include "shared/db/db.h"

struct db_group;

/*
 * How its connections plan. Grouped statements are point operations, and a plan that is kept must be none of those that
 * walk an index because a table was small when it was made: what counts is how many entries are touched.
 */
#define DB_GROUP_PLANS DB_PLANS " -c cpu_index_tuple_cost=1"

struct db_group_config {
    struct db_config db;
    unsigned committers; /* connections, 1 or 2 */
    unsigned max_batch;  /* 64; 1: every statement in a transaction of its own (payment-control) */
};

struct db_group *db_group_start(const struct db_group_config *config);
void db_group_stop(struct db_group *g); /* finishes what was handed in */
/* Generated functions of grouped statements find the group here; NULL: they run alone on t->db. */
void db_group_install(struct db_group *g);
