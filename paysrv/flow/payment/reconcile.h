/*
 * Operations without an outcome: asks the acquirer for each by its key and books what it says (SECURITY 5.1 item 6).
 * Not found means wait until nothing of ours can still be on its way, then send the same key again; never "declined".
 */
#pragma once

#include "paysrv/domain/payment/payment.h"
#include "paysrv/store/charge.rows.h"
#include "shared/base/task.h"

/* The job: one round over what is due. */
MUST_USE err reconcile_run(struct task *t);
/* Nothing of ours asks for it or sends it any more, nor could have decided to a moment ago: it is a person's. */
bool reconcile_gave_up(struct task *t, const struct call_find_row *call);
