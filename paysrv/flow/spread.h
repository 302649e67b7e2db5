/*
 * The pieces of a job's round, many at a time by a crew (shared/server/service.h): as many as whom they call answers
 * well (domain/pace.h). Each is done in a task of its own, by the clock of the job's. Under test clocks they are done
 * one after the other, so that what is due at one instant keeps its order; so they are where there is no crew.
 */
#pragma once

#include "paysrv/domain/pace.h"
#include "shared/base/task.h"

/* What became of a piece; its failure was logged, and keeps no other from being done. */
enum spread_outcome {
    SPREAD_UNASKED,   /* it called nobody: that says nothing of who would have been */
    SPREAD_DONE,      /* whom it called answered */
    SPREAD_UNANSWERED /* and here did not say what became of it */
};

struct spread_work {
    size_t crew;
    struct pace *pace; /* kept between rounds; of one job */
    /* Takes up to `most` of what is due, so that nobody else takes it; an absent id is one that is put off. */
    err (*claim)(struct task *t, int64_t most, str **ids, size_t *n);
    enum spread_outcome (*run)(struct task *t, str id);
};

/*
 * What is due, until nothing is, or for a while. Whoever is called and does not answer, twice in a row, is called with
 * one piece a round, however many there are before it that call nobody. *n: how many were taken; 0 when he does not
 * answer: what is left waits for the job's next round.
 */
MUST_USE err spread(struct task *t, const struct spread_work *work, size_t *n);
