/* A table of fixed places; a partner that meets another one in its place replaces it. See partner_version.h. */
#include "paysrv/flow/partner_version.h"

#include <pthread.h>

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/store/partner.sql.h"
#include "shared/ops/log.h"

#define KEEP SECONDS(5)

enum { PLACES = 1024, SLUG_MAX = 63 };

struct place {
    char slug[SLUG_MAX];
    size_t n; /* 0: nobody */
    int index;
    instant until;
};

struct partner_versions {
    pthread_mutex_t lock;
    struct place places[PLACES];
};

struct partner_versions *partner_versions_create(struct arena *process)
{
    struct partner_versions *v = arena_new(process, struct partner_versions);
    pthread_mutex_init(&v->lock, NULL);
    return v;
}

static struct place *place_of(struct partner_versions *v, str slug)
{
    size_t hash = 5381;
    for (size_t i = 0; i < slug.n; i++)
        hash = hash * 33 + (unsigned char)slug.p[i];
    return &v->places[hash % PLACES];
}

static bool find(const struct task *t, struct partner_versions *v, str slug, int *index)
{
    const struct place *p = place_of(v, slug);
    pthread_mutex_lock(&v->lock);
    bool known =
        p->n == slug.n && slug.n > 0 && memcmp(p->slug, slug.p, slug.n) == 0 && instant_before(task_wall(t), p->until);
    if (known)
        *index = p->index;
    pthread_mutex_unlock(&v->lock);
    return known;
}

static void keep(const struct task *t, struct partner_versions *v, str slug, int index)
{
    struct place *p = place_of(v, slug);
    if (slug.n > SLUG_MAX)
        return;
    pthread_mutex_lock(&v->lock);
    memcpy(p->slug, slug.p, slug.n);
    p->n = slug.n;
    p->index = index;
    p->until = instant_add(task_wall(t), KEEP);
    pthread_mutex_unlock(&v->lock);
}

err partner_version_of(struct task *t, partner_id partner, int *index)
{
    const struct app *app = t->app;
    const struct partner_version_row *row;
    *index = API_VERSION_NEWEST;
    if (find(t, app->versions, partner.v, index))
        return OK;
    TRY(partner_version(t, partner, &row));
    if (row && !api_version_parse(row->api_version, index))
        *index = API_VERSION_NEWEST; /* of a server that is newer than this one */
    keep(t, app->versions, partner.v, *index);
    return OK;
}

err api_version_read(struct task *t, const char *field, str name, int *index)
{
    if (api_version_parse(name, index))
        return OK;
    return FAIL_PARAM(t, API_VERSION_UNKNOWN, str_of(field),
                      arena_printf(t->arena, "must be one of %.*s", STR_ARG(api_version_list(t->arena))));
}

err partner_version_change(struct task *t, partner_id partner, str name, int *index)
{
    const struct app *app = t->app;
    int64_t n;
    TRY(api_version_read(t, "version", name, index));
    TRY(partner_version_set(t, name, partner, &n));
    if (n == 0)
        return FAIL(t, NOT_FOUND, "no such partner");
    keep(t, app->versions, partner.v, *index);
    log_info(t, "partner.version_changed", L_STR("partner", partner.v), L_STR("version", name));
    return OK;
}
