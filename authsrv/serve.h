/* The server's life: from configuration to the drained stop. Exit codes as in main.c. */
#pragma once

#include <stdio.h>

#include "authsrv/config.h"
#include "shared/base/task.h"
#include "shared/db/db.h"

/* path: read again at SIGHUP; NULL: no file. */
int serve(const struct config *config, const char *path);
/* Reads and judges a configuration. false: every mistake was printed to stderr. */
bool config_read(struct arena *a, const char *path, struct config *ret);
void config_help_print(FILE *out);
/* One task outside the server, for the operator's commands: database and outbound HTTP, no jobs. */
int command_run(const struct config *config, const char *name, int (*run)(struct task *t, int argc, char **argv),
                int argc, char **argv);

/* The auth schema with our limits. */
struct db_config database_of(const struct config *config);
