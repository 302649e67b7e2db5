/*
 * A round of a job that asks acquirers about one thing after the other. It ends after so many, after two in a row that
 * took as long as they do when an acquirer does not answer, and when the server stops.
 */
#pragma once

#include "shared/base/task.h"

struct acquirer_round {
    int begun, slow; /* slow: in a row */
    instant begun_at;
};

/* Whether one more is begun, at the time of now: before it is taken. */
MUST_USE bool acquirer_round_goes_on(struct task *t, struct acquirer_round *round);
/* Each with memory of its own; first takes what is due first, and says whether there was anything: a bool. */
MUST_USE err acquirer_round_run(struct task *t, err (*first)(struct task *t, void *found));
