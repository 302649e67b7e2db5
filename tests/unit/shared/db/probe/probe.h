/* What every test of shared/db begins with: the migrated probe schema and a task on a connection of its own. */
#pragma once

#include "tests/support/postgres.h"
#include "tests/support/test.h"

/* Migrates on the first call, empties the tables on every other. */
struct db_config probe_begin(struct arena *arena);
/* A task with a new arena and connection. */
struct task probe_task(const struct db_config *config);
void probe_end(struct task *t);
