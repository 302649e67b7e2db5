/* A schema of paysrv with these rows and no others, written without foreign keys and triggers, and a task that is
 * connected to it. */
#pragma once

#include "shared/base/task.h"
#include "shared/db/db.h"

struct db_config paysrv_rows_schema(struct arena *arena); /* without any */
void paysrv_rows_begin(struct arena *arena, struct task *t, struct db_config *config, const char *rows);
