/* What /readyz answers when it is asked, as a metric for the alarm: stoa_part_usable{part}. */
#pragma once

#include "shared/server/server.h"

void readiness_metrics_register(const struct server *server);
/* The job. */
MUST_USE err parts_measure(struct task *t);
