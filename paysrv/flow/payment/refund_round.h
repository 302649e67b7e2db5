/*
 * A round of a job that makes refunds, one after the other. It ends after so many, after two in a row that took as long
 * as they do when an acquirer does not answer, and when the server stops.
 */
#pragma once

#include "shared/base/task.h"

struct refund_round {
    int begun, slow; /* slow: in a row */
    instant begun_at;
};

/* Whether one more is begun, at the time of now: before it is taken. */
MUST_USE bool refund_round_goes_on(struct task *t, struct refund_round *round);
