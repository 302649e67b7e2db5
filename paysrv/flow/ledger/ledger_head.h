/*
 * The head of the ledger's seals, published once a day, so that whoever keeps it elsewhere can prove later that the
 * books have not been made anew since (ledger_seal.h; paysrv ledger verify --head).
 */
#pragma once

#include "shared/base/task.h"

/* The job: yesterday's head, when it is not published yet. */
MUST_USE err ledger_publish(struct task *t);
