/* See durability.h. */
#include "shared/server/durability.h"

#include <stdatomic.h>
#include <stdio.h>

#include "shared/db/durability.h"
#include "shared/ops/log.h"
#include "shared/server/server.h"

static _Atomic bool has_gap;

bool durability_begin(struct task *t)
{
    const struct service *s = t->app;
    const char *name = s->server->name;
    struct durability d;
    struct durability_gap gap;
    err e = durability_read(t, &d);
    if (e) {
        fprintf(stderr, "%s: %.*s\n", name, STR_ARG(e->detail));
        return false;
    }
    if (!durability_gap_find(&d, &gap))
        return true;
    fprintf(stderr, "%s: %s is %.*s in its database, and has to be %s: %s\n", name, gap.setting, STR_ARG(gap.is),
            gap.allowed, gap.why);
    return false;
}

bool server_durability_usable(struct task *t)
{
    (void)t;
    return !atomic_load(&has_gap);
}

err durability_watch(struct task *t)
{
    struct durability d;
    struct durability_gap gap;
    TRY(durability_read(t, &d));
    bool is = durability_gap_find(&d, &gap);
    if (atomic_exchange(&has_gap, is) == is)
        return OK;
    if (is)
        log_error(t, "durability.lost", L_STR("setting", str_of(gap.setting)), L_STR("is", gap.is),
                  L_STR("allowed", str_of(gap.allowed)), L_STR("why", str_of(gap.why)));
    else
        log_warn(t, "durability.restored");
    return OK;
}
