/* A schedule of payouts as JSON and in words. */
#pragma once

#include "paysrv/store/payout_schedule.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

/* runs NULL: without them. */
str schedule_document(struct task *t, const struct payout_schedule_find_row *row,
                      const struct payout_schedule_runs_row *runs, size_t n);
void schedule_write(struct json *j, struct task *t, const struct payout_schedule_find_row *row);
/* "every week on day 5 at 17:00, Europe/Berlin" */
str schedule_words(struct task *t, const struct payout_schedule_find_row *row);
