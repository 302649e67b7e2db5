/* See walk.h. */
#include "paysrv/flow/walk.h"

#include "paysrv/app.h"
#include "shared/ops/log.h"

#define STEP_MAX_BYTES ((size_t)16 << 20)

struct walk walk_begin(struct task *t, int64_t step_most, duration limit)
{
    return (struct walk){ .step_most = step_most, .limit = limit, .name = STR(""), .owner = STR(""), .kept = t->arena };
}

void walk_behind(struct walk *w, instant at, str name)
{
    w->at = at;
    w->name = arena_str(w->kept, name);
}

void walk_note(struct task *t, struct walk *w, err e)
{
    w->done += e == OK;
    w->failed += e != OK;
    if (e)
        log_failure(t, e);
}

static err run(struct task *t, struct walk *w, int64_t least, err (*step)(struct task *t, void *walk))
{
    const struct app *app = t->app;
    int64_t until_us = monotonic_us() + w->limit.us;
    do {
        TRY(task_aside(t, STEP_MAX_BYTES, step, w));
    } while ((int64_t)w->n >= least && monotonic_us() < until_us && !app->service.is_stopping);
    return OK;
}

err walk_run(struct task *t, struct walk *w, err (*step)(struct task *t, void *walk))
{
    return run(t, w, w->step_most, step);
}

err walk_run_out(struct task *t, struct walk *w, err (*step)(struct task *t, void *walk))
{
    return run(t, w, 1, step);
}
