/* A fresh schema of paysrv with these rows, written without foreign keys and triggers, and a task that is connected to
 * it. */
#pragma once

#include "shared/base/task.h"
#include "shared/db/db.h"

void paysrv_rows_begin(struct arena *arena, struct task *t, struct db_config *config, const char *rows);
