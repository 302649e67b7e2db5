/*
 * A round of a job that makes refunds, one after the other. It ends after so many, after two in a row that the acquirer
 * did not answer, each of which takes as long as an answer is waited for, and when the server stops.
 */
#pragma once

#include "shared/base/task.h"

struct refund_round {
    int begun, unanswered; /* unanswered: in a row */
};

/* Whether one more is begun, at the time of now: before it is taken. */
MUST_USE bool refund_round_goes_on(struct task *t, struct refund_round *round);
/* What came of one. */
void refund_round_heard(struct refund_round *round, bool is_unanswered);
