/*
 * A job's round over what is due, a few at a time until a step finds less than it may or time is over; the rest is for
 * the next round. With a place each is seen once in a round, so what fails keeps nobody behind it waiting.
 */
#pragma once

#include "shared/base/task.h"

#define WALK_STEP 200
#define WALK_LIMIT SECONDS(20)

struct walk {
    int64_t step_most;
    duration limit;
    str of;     /* of this one alone; absent: of all */
    instant at; /* the place: behind this one; */
    int64_t id;
    str name, owner;
    size_t n; /* what the last step has found */
    int64_t done, failed;
    struct arena *kept;
};

/* From the beginning. */
struct walk walk_begin(struct task *t, int64_t step_most, duration limit);
/* The place is behind this one: it is kept longer than the step's memory. */
void walk_behind(struct walk *w, instant at, str name);
/* What became of one: a failure is logged and counted. */
void walk_note(struct task *t, struct walk *w, err e);
/* Each step has memory of its own (task_aside), and one that fails ends the round. */
MUST_USE err walk_run(struct task *t, struct walk *w, err (*step)(struct task *t, void *walk));
/* The same for steps that find fewer than they took: until one finds none. */
MUST_USE err walk_run_out(struct task *t, struct walk *w, err (*step)(struct task *t, void *walk));
