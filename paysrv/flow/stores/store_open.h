/*
 * A store whose owner has to agree to its opening (flow/confirmation/confirmation.h): it waits, and begins as its
 * partner's stores do when the code is typed; without a code it is closed.
 */
#pragma once

#include "paysrv/flow/confirmation/confirmation.h"
#include "paysrv/store/store.sql.h"
#include "shared/base/task.h"

/* Its row, in the transaction that opens it. UNAVAILABLE: its owner or its split profile has gone since it was read. */
MUST_USE err store_make(struct task *t, const struct store_insert_args *args);

MUST_USE err store_lines(struct task *t, const struct confirmation_of *of, struct confirmation_lines *ret);
MUST_USE err store_confirmed(struct task *t, const struct confirmation_of *of);
MUST_USE err store_dropped(struct task *t, const struct confirmation_of *of, str why);
