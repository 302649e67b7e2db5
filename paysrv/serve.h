/* The server's life: from configuration to the drained stop. Exit codes as in main.c. */
#pragma once

#include "paysrv/config.h"
#include "shared/base/task.h"
#include "shared/db/db.h"

int serve(const struct config *config);
/* One task outside the server, for the operator's commands: database and outbound HTTP, no cache, no jobs. */
int command_run(const struct config *config, const char *name, int (*run)(struct task *t, int argc, char **argv),
                int argc, char **argv);

/* The pay schema with our limits. */
struct db_config database_of(const struct config *config);
