/*
 * Lines of registries are taken up, some hundred at a time, each once. When all of a registry are, what matched is
 * booked; what did not is a break, and heals by itself when our side comes to what the line says.
 */
#pragma once

#include "shared/base/task.h"

/* All that is open: lines, bookings, breaks that have healed, transfers that came before their registry. */
MUST_USE err settlements_work(struct task *t);
