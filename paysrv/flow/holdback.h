/*
 * What is held back of sellers' balances. A payment of a store with terms holds all of the seller's share when it is
 * booked; this job then writes its parts and their days, follows what goes back, and releases what is due. Each is one
 * statement that does nothing a second time, so it may be late by any time.
 */
#pragma once

#include "shared/base/task.h"

MUST_USE err holdbacks_run(struct task *t);
