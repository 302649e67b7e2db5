/* The life of a server process, for program.c. */
#pragma once

#include "shared/ops/log.h"
#include "shared/server/server.h"

/* Reads and judges a configuration into `config` (config_bytes). false: every mistake was printed to stderr. */
bool server_configure(const struct server *server, struct arena *a, const char *path, void *config,
                      enum log_level *level);
/* Serves until a signal. path is read again at SIGHUP; NULL: no file. Returns the exit code. */
int server_serve(const struct server *server, const void *config, const char *path);

/* Operator's commands of one process, one after another: each is a task of its own; the connections are kept. */
struct session;
struct session *session_open(const struct server *server, const void *config);
/* database, cache and outbound HTTP, no jobs. Returns the exit code. */
int session_run(struct session *s, const struct verb *verb, int argc, char **argv);
/* Makes the secrets that a migrated database does not keep yet. Returns the exit code. */
int session_provide(struct session *s);
void session_close(struct session *s);
