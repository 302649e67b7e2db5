/* Process life: signals, the admin listener (health, readiness, metrics), crash points of test builds. */
#pragma once

#include "shared/base/buf.h"
#include <stdint.h>

#include "shared/base/task.h"
#include "shared/ops/worker.h"

/* SIGPIPE ignored, SIGTERM/SIGINT/SIGHUP blocked for wait_for_signal; core dumps off; umask 077; TZ UTC. Call before
 * any thread. */
void process_init(void);
/* Returns the signal that came: SIGTERM, SIGINT or SIGHUP. */
int wait_for_signal(void);
/* sd_notify READY=1 when NOTIFY_SOCKET is set. */
void notify_ready(void);

struct readiness {
    const char *part; /* "database" */
    bool (*usable)(struct task *t);
};

/* Listens on 127.0.0.1:port (or another admin address) for GET /healthz, /readyz, /metrics. */
struct admin_server;
struct admin_server *admin_start(const char *address, uint16_t port, const struct readiness *parts, size_t n,
                                 const struct worker_config *config);
void admin_stop(struct admin_server *s);

/* Kills the process (SIGKILL) here, once, when the file that STOA_CRASH_FILE names says this name. Compiled in only
 * with STOA_CRASH_POINTS (dev and test builds). */
#ifdef STOA_CRASH_POINTS
void crash_point(const char *name);
#define CRASH_POINT(name) crash_point(name)
#else
#define CRASH_POINT(name) ((void)0)
#endif
