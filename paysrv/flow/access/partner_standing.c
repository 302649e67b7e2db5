/* A table of fixed places; a partner that meets another one in its place replaces it. See partner_standing.h. */
#include "paysrv/flow/access/partner_standing.h"

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
    struct partner_standing standing;
    instant until;
};

struct partner_standings {
    pthread_mutex_t lock;
    struct place places[PLACES];
};

struct partner_standings *partner_standings_create(struct arena *process)
{
    struct partner_standings *s = arena_new(process, struct partner_standings);
    pthread_mutex_init(&s->lock, NULL);
    return s;
}

static struct place *place_of(struct partner_standings *s, str slug)
{
    size_t hash = 5381;
    for (size_t i = 0; i < slug.n; i++)
        hash = hash * 33 + (unsigned char)slug.p[i];
    return &s->places[hash % PLACES];
}

static bool find(const struct task *t, struct partner_standings *s, str slug, struct partner_standing *ret)
{
    const struct place *p = place_of(s, slug);
    pthread_mutex_lock(&s->lock);
    bool known =
        p->n == slug.n && slug.n > 0 && memcmp(p->slug, slug.p, slug.n) == 0 && instant_before(task_wall(t), p->until);
    if (known)
        *ret = p->standing;
    pthread_mutex_unlock(&s->lock);
    return known;
}

static void keep(const struct task *t, struct partner_standings *s, str slug, const struct partner_standing *standing)
{
    struct place *p = place_of(s, slug);
    if (slug.n > SLUG_MAX)
        return;
    pthread_mutex_lock(&s->lock);
    memcpy(p->slug, slug.p, slug.n);
    p->n = slug.n;
    p->standing = *standing;
    p->until = instant_add(task_wall(t), KEEP);
    pthread_mutex_unlock(&s->lock);
}

static err read_anew(struct task *t, partner_id partner, struct partner_standing *ret)
{
    const struct app *app = t->app;
    const struct partner_standing_row *row;
    *ret = (struct partner_standing){ .version = API_VERSION_NEWEST };
    TRY(partner_standing(t, partner, &row));
    if (row && !api_version_parse(row->api_version, &ret->version))
        ret->version = API_VERSION_NEWEST; /* of a server that is newer than this one */
    ret->is_suspended = row && row->is_suspended;
    ret->domains_required = row && row->domains_required;
    keep(t, app->standings, partner.v, ret);
    return OK;
}

err partner_standing_of(struct task *t, partner_id partner, struct partner_standing *ret)
{
    const struct app *app = t->app;
    return find(t, app->standings, partner.v, ret) ? OK : read_anew(t, partner, ret);
}

err partner_in_good_standing(struct task *t, partner_id partner)
{
    struct partner_standing standing;
    TRY(partner_standing_of(t, partner, &standing));
    return standing.is_suspended ? FAIL(t, PARTNER_SUSPENDED, "the partner is suspended") : OK;
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
    struct partner_standing now;
    int64_t n;
    TRY(api_version_read(t, "version", name, index));
    TRY(partner_version_set(t, name, partner, &n));
    if (n == 0)
        return FAIL(t, NOT_FOUND, "no such partner");
    TRY(read_anew(t, partner, &now));
    log_info(t, "partner.version_changed", L_STR("partner", partner.v), L_STR("version", name));
    return OK;
}

err partner_suspension_set(struct task *t, partner_id partner, str reason)
{
    struct partner_standing now;
    int64_t n;
    TRY(partner_suspend(t, reason, partner, &n));
    if (n == 0)
        return FAIL(t, NOT_FOUND, "no such partner");
    TRY(read_anew(t, partner, &now));
    log_info(t, str_given(reason) ? "partner.suspended" : "partner.resumed", L_STR("partner", partner.v),
             L_STR("reason", str_given(reason) ? reason : STR("")));
    return OK;
}
