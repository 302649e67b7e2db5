/* The steps of a dispute in the ledger, each one statement (docs/decisions/0043). */
#pragma once

#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

/*
 * Takes all steps that its state asks for. *done false: not yet, because its payment is not booked, or a refund or
 * capture of it has no outcome.
 */
MUST_USE err dispute_book_all(struct task *t, dispute_id id, bool *done);
