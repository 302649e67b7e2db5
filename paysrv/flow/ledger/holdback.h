/*
 * What is held back of sellers' balances. A payment of a store with terms holds all of the seller's share when it is
 * booked; this job then writes its parts and their days, follows what goes back, and releases what is due. Each is one
 * statement that does nothing a second time, so it may be late by any time.
 */
#pragma once

#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

/* What is held of this payment, at once: as the job does. */
MUST_USE err holdbacks_follow(struct task *t, payment_id payment);
MUST_USE err holdbacks_run(struct task *t);
/* Now and then, under all clocks at once: walks what waits to be paid, for what is over and what nobody knows to be
 * due. */
MUST_USE err holdbacks_sweep(struct task *t);
