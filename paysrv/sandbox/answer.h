/* How a call is answered when a fault or a test card spoils it. */
#pragma once

#include "paysrv/sandbox/faults.h"
#include "shared/http/endpoint.h"

/* The body is already written into rs; bends the answer as the fate says. slow_ms: for CALL_SLOW. */
void answer_bend(struct task *t, struct response *rs, enum call_fate fate, int64_t slow_ms);
