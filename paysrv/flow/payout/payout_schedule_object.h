/* A schedule of payouts as JSON. */
#pragma once

#include "paysrv/store/payout_schedule.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

/* runs NULL: without them. */
str schedule_document(struct task *t, const struct payout_schedule_find_row *row,
                      const struct payout_schedule_runs_row *runs, size_t n);
void schedule_write(struct json *j, struct task *t, const struct payout_schedule_find_row *row);
