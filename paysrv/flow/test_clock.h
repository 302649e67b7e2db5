/*
 * The test clock of a sandbox partner: how it stands, and setting it forward. The job moves it from one instant at
 * which something is due to the next, and does all that is due before it moves on, until it has come to where it was
 * set; killed on the way it goes on where it stood. docs/decisions/0051-test-clocks.md.
 */
#pragma once

#include "paysrv/flow/once.h"
#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"

struct clock_wish {
    str to, by; /* one of both: an instant, or a duration of ISO 8601 */
};

/* LIVE_PARTNER */
MUST_USE err test_clock_read(struct task *t, partner_id partner, str *document);
/* LIVE_PARTNER, INVALID_PARAMETER (to, by), TEST_CLOCK_ADVANCING. once NULL: an operator's command. */
MUST_USE err test_clock_set_out(struct task *t, partner_id partner, const struct clock_wish *wish,
                                const struct once *once, struct answer *ret);
/* The object as it is at an instant; target NULL: it is ready. */
str test_clock_document(struct task *t, partner_id partner, instant now, const instant *target);

/* Job clocks.run. */
MUST_USE err clocks_run(struct task *t);
