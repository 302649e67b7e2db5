/* A table of fixed places; a partner that meets another one in its place replaces it. See clock.h. */
#include "paysrv/flow/clock.h"

#include <pthread.h>
#include <string.h>

#include "paysrv/app.h"
#include "paysrv/flow/env.h"
#include "paysrv/store/test_clock.sql.h"
#include "shared/ops/worker.h"

enum { PLACES = 1024, LOCKS = 16, SLUG_MAX = 63 };

struct place {
    char slug[SLUG_MAX];
    size_t n; /* 0: nobody */
};

struct live_partners {
    pthread_mutex_t locks[LOCKS];
    struct place places[PLACES];
};

struct live_partners *live_partners_create(struct arena *process)
{
    struct live_partners *l = arena_new(process, struct live_partners);
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_init(&l->locks[i], NULL);
    return l;
}

/* FNV-1a */
static size_t place_of(str slug)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < slug.n; i++)
        hash = (hash ^ (unsigned char)slug.p[i]) * 16777619u;
    return hash % PLACES;
}

static bool is_known(struct live_partners *l, str slug)
{
    size_t at = place_of(slug);
    pthread_mutex_lock(&l->locks[at % LOCKS]);
    const struct place *p = &l->places[at];
    bool known = slug.n > 0 && p->n == slug.n && memcmp(p->slug, slug.p, slug.n) == 0;
    pthread_mutex_unlock(&l->locks[at % LOCKS]);
    return known;
}

static void keep(struct live_partners *l, str slug)
{
    size_t at = place_of(slug);
    if (slug.n > SLUG_MAX)
        return;
    pthread_mutex_lock(&l->locks[at % LOCKS]);
    struct place *p = &l->places[at];
    memcpy(p->slug, slug.p, slug.n);
    p->n = slug.n;
    pthread_mutex_unlock(&l->locks[at % LOCKS]);
}

void clock_leave(struct task *t)
{
    const struct principal *actor = t->actor; /* whose work it is does not change with the clock */
    task_begin(t, task_wall(t));
    t->actor = actor;
}

void clock_back(struct task *t, const struct task *kept)
{
    t->ahead = kept->ahead;
    t->now = kept->now;
    t->clock = kept->clock;
}

void clock_set(struct task *t, partner_id partner, instant stands_at)
{
    t->ahead = (duration){ stands_at.us - task_wall(t).us };
    t->now = stands_at;
    t->clock = partner.v;
}

err clock_enter(struct task *t, partner_id partner)
{
    const struct app *app = t->app;
    const struct partner_clock_row *row;
    clock_leave(t);
    if (is_known(app->live, partner.v))
        return OK;
    TRY(partner_clock(t, partner, &row));
    if (row && row->is_sandbox)
        clock_set(t, partner, row->stands_at_given ? row->stands_at : instant_add(t->now, (duration){ row->ahead_us }));
    else if (row)
        keep(app->live, partner.v);
    return OK;
}

void clock_catch_up(struct task *t)
{
    const struct app *app = t->app;
    if (clock_is_live(t))
        t->now = app->env->now();
}

void clock_wake(struct task *t, const char *job)
{
    const struct app *app = t->app;
    if (app->service.jobs)
        jobs_wake(app->service.jobs, clock_is_live(t) ? job : "clocks.run");
}
