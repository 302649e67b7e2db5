/* Small background work of the money core, and the issuer's keys. */
#pragma once

#include "shared/base/task.h"

/* Adds what was posted to the accounts that no payment updates by itself to their balances. */
MUST_USE err ledger_fold(struct task *t);
/* Removes answered idempotency keys that are older than 30 days, a few at a time. */
MUST_USE err idempotency_sweep(struct task *t);
MUST_USE err issuer_keys_refresh(struct task *t);
