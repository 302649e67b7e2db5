/* See task.h. */
#include "shared/base/task.h"

#include "shared/base/arena.h"

struct turn_finding {
    const void *key;
    void *value;
    struct turn_finding *next;
};

void turn_keep(struct task *t, const void *key, void *finding)
{
    if (!t->turn)
        return;
    struct turn_finding *f = arena_new(t->arena, struct turn_finding);
    *f = (struct turn_finding){ key, finding, t->turn->findings };
    t->turn->findings = f;
}

void *turn_kept(const struct task *t, const void *key)
{
    for (const struct turn_finding *f = t->turn ? t->turn->findings : NULL; f; f = f->next)
        if (f->key == key)
            return f->value;
    return NULL;
}

#define ASIDE_FIRST_BLOCK_BYTES ((size_t)16 << 10)

err task_aside(struct task *t, size_t max_bytes, err (*run)(struct task *t, void *context), void *context)
{
    struct arena *before = t->arena;
    struct turn *turn = t->turn;
    struct arena *own = arena_create(ASIDE_FIRST_BLOCK_BYTES, max_bytes);
    t->arena = own;
    t->turn = NULL;
    err e = run(t, context);
    t->arena = before;
    t->turn = turn;
    e = failure_copy(t, e);
    arena_destroy(own);
    return e;
}

err task_aside_all(struct task *t, size_t max_bytes, size_t most, err (*some)(struct task *t, void *n))
{
    size_t n, done = 0;
    do {
        n = 0;
        TRY(task_aside(t, max_bytes, some, &n));
        done += n;
    } while (n > 0 && done < most);
    return OK;
}
