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
