/* The server's life: from configuration to the drained stop. Exit codes as in main.c. */
#pragma once

#include "authsrv/config.h"
#include "shared/base/task.h"
#include "shared/db/db.h"

/* What the declared limits cannot say: issuer, secrets, log level. false: every mistake was printed to stderr. */
bool config_check(const struct config *config);
int serve(const struct config *config);
/* One task outside the server, for the operator's commands: database and outbound HTTP, no jobs. */
int command_run(const struct config *config, const char *name, int (*run)(struct task *t, int argc, char **argv),
                int argc, char **argv);

/* The auth schema with our limits. */
struct db_config database_of(const struct config *config);
