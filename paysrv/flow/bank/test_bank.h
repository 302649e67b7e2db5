/*
 * The bank of sandbox partners: takes their confirmed payouts as orders of a channel of its own, which leads to no
 * bank, and answers by their test clock (domain/test_bank.h). Everything else about a payout is as it is in life.
 */
#pragma once

#include "shared/base/task.h"

/* Under a test clock: what is due. */
MUST_USE err test_bank_run(struct task *t);
