/* What a chargeback does besides money, to a subscription and to a saved card (domain/dispute_follow.h). */
#pragma once

#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

/*
 * Once for each turn that it takes, whoever looks: how it stands, the marks, the effects and what is told of them are
 * one transaction.
 */
MUST_USE err dispute_follow_up(struct task *t, dispute_id dispute);
