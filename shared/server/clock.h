/*
 * The clock of a server that serves: its deployment's (shared/ops/clock.h). It does not start while its machine and its
 * database disagree, nor when both are behind what this database has seen; later it is not ready until they agree.
 */
#pragma once

#include "shared/server/service.h"

/* Before anything is done in time. false: a message was printed. */
bool clock_begin(struct task *t);

/* Part of readiness. */
bool server_clock_usable(struct task *t);
/* A job: reads the clocks and steers by them. */
MUST_USE err clock_watch(struct task *t);

void clock_metrics_register(void);
