/*
 * A few connections for many tasks: each has one for the time of a statement or a transaction, and whoever waits for
 * one holds no thread (fiber.h). Who came first is served first. PostgreSQL keeps plans and a process for each
 * connection, and serializable transactions meet each other the more of them run at once: few connections do more.
 */
#pragma once

#include "shared/db/db.h"

struct db_pool;

/* Up to max connections, which are opened when they are needed and live as long as the arena. */
struct db_pool *db_pool_create(struct arena *process, const struct db_config *config, unsigned max);
/* What a task has as its database, as from db_open; closed by db_close, before the pool. It cannot listen. */
struct db *db_pool_join(struct db_pool *pool);
