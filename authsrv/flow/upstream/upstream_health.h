/*
 * The circuit breaker of a partner's service: after some failures in a row nobody waits for it until it has rested;
 * then one log-in tries, and the others follow when that went well. The facts are in PostgreSQL, for all processes.
 */
#pragma once

#include "authsrv/flow/upstream/upstream_load.h"

/* PARTNER_FAILED while the partner rests. */
MUST_USE err upstream_may_ask(struct task *t, const struct upstream *up);
/* Whether nobody is to wait for it now; unlike upstream_may_ask, asking is no try. */
MUST_USE err upstream_rests(struct task *t, const struct upstream *up, bool *ret);
/* Records that the partner's service did not answer as it should; always PARTNER_FAILED, or worse. */
MUST_USE err upstream_trouble(struct task *t, const struct upstream *up, str why);
/* It answered. */
MUST_USE err upstream_is_well(struct task *t, const struct upstream *up);
