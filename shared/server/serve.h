/* The life of a server process, for program.c. */
#pragma once

#include "shared/ops/log.h"
#include "shared/server/server.h"

/* Reads and judges a configuration into `config` (config_bytes). false: every mistake was printed to stderr. */
bool server_configure(const struct server *server, struct arena *a, const char *path, void *config,
                      enum log_level *level);
/* Serves until a signal. path is read again at SIGHUP; NULL: no file. Returns the exit code. */
int server_serve(const struct server *server, const void *config, const char *path);
/* One task outside the server: database, cache and outbound HTTP, no jobs. */
int server_command(const struct server *server, const void *config, const char *name,
                   int (*run)(struct task *t, int argc, char **argv), int argc, char **argv);
