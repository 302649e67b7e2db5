/* stoa_revocation_feed_age_seconds and stoa_revocations_lost_total. */
#pragma once

#include <stdint.h>

#include "shared/base/task.h"

void revocation_metrics_register(void);
void revocation_metrics_age(int64_t seconds);
void revocation_metrics_lost(const struct task *t, int64_t n);
