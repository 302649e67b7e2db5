/* A payout as the API and the webhooks show it. No code, no full account number. */
#pragma once

#include "paysrv/store/payout.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

/* Into an object that is already open. */
void payout_write(struct json *j, struct task *t, const struct payout_find_row *row);
/* The whole document. */
str payout_document(struct task *t, const struct payout_find_row *row);
