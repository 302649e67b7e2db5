/*
 * A server does not start on a database that may lose what it has acknowledged (shared/db/durability.h), and is not
 * ready while one that it serves on may.
 */
#pragma once

#include "shared/server/service.h"

/* Before anything is acknowledged. false: a message was printed. */
bool durability_begin(struct task *t);

/* Part of readiness. */
bool server_durability_usable(struct task *t);
/* A job: somebody may set it otherwise meanwhile, or another host take over that has it otherwise. */
MUST_USE err durability_watch(struct task *t);
