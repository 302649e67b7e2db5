/* What a chargeback does besides money, to a subscription and to a saved card (domain/dispute_follow.h). */
#pragma once

#include "paysrv/domain/dispute/dispute.h"
#include "paysrv/store/dispute.rows.h"
#include "shared/base/task.h"

/* Once for each turn that it takes, whoever looks: the marks, the effects and what is told of them are one transaction.
 */
MUST_USE err dispute_follow_up(struct task *t, const struct dispute_find_row *row, const struct dispute_state *state);
