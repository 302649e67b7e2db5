/* Counters of the money path. Labels are outcomes, a closed set. */
#pragma once

#include "paysrv/domain/payment.h"
#include "shared/base/task.h"

enum pay_counter { COUNT_PAYMENT = 1, COUNT_REFUND, COUNT_RECONCILED, COUNT_NOTIFICATION };

void pay_metrics_register(void);
void pay_metrics_count(const struct task *t, enum pay_counter counter, enum outcome outcome);
