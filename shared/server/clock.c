/* See clock.h. */
#include "shared/server/clock.h"

#include <stdatomic.h>
#include <stdio.h>

#include "shared/db/clock_seen.h"
#include "shared/ops/clock.h"
#include "shared/ops/log.h"
#include "shared/ops/metrics.h"
#include "shared/server/server.h"

#define QUICK_US (SECONDS(1).us) /* a reading that took longer says too little */

static _Atomic bool are_apart, is_overridden;
/* of the start, and then of the job */
static struct clock_override override;
static duration ahead; /* of the last verdict */
static struct metric difference = { .name = "stoa_clock_difference_seconds",
                                    .help = "How far this machine's clock is ahead of its database's; below 0: behind",
                                    .is_gauge = true };
static struct metric steps = { .name = "stoa_clock_steps_total",
                               .help = "How often both clocks said another time than was to come, by more than 5 s" };

void clock_metrics_register(void)
{
    metric_register(&difference);
    metric_register(&steps);
}

/* Of the same moment, or false: the database was asked for too long. */
static err clocks_read(struct task *t, struct clock_reading *ret, instant *latest, bool *good)
{
    struct clock_seen seen;
    const int64_t asked_us = monotonic_us();
    TRY(clock_seen_read(t, &seen));
    const int64_t took_us = monotonic_us() - asked_us;
    *ret = (struct clock_reading){
        .ours = wall_clock_now(), .machine = machine_clock_now(), .database = seen.database, .took = { took_us }
    };
    *latest = seen.latest;
    *good = took_us < QUICK_US;
    return OK;
}

/* ---- the start ---- */

static bool refuse_apart(struct arena *a, const char *name, const struct clock_reading *r)
{
    fprintf(stderr, "%s: it is %.*s on this machine and %.*s in its database: set the clock that is wrong\n", name,
            STR_ARG(instant_iso(a, r->machine)), STR_ARG(instant_iso(a, r->database)));
    return false;
}

static bool refuse_behind(struct arena *a, const char *name, const struct clock_reading *r, instant latest)
{
    fprintf(
        stderr,
        "%s: it is %.*s, and was %.*s before in this database: what has expired would be good again. Set the clock, "
        "or, if it is right now and was wrong then, `%s clock accept`\n",
        name, STR_ARG(instant_iso(a, r->database)), STR_ARG(instant_iso(a, latest)), name);
    return false;
}

bool clock_begin(struct task *t)
{
    const struct service *s = t->app;
    const char *name = s->server->name;
    struct clock_reading r;
    instant latest;
    bool good = false;
    while (!good) {
        err e = clocks_read(t, &r, &latest, &good);
        if (e) {
            fprintf(stderr, "%s: %.*s\n", name, STR_ARG(e->detail));
            return false;
        }
    }
    if (clocks_are_apart(r.machine, r.database))
        return refuse_apart(t->arena, name, &r);
    if (r.database.us < latest.us - CLOCK_APART_MOST.us)
        return refuse_behind(t->arena, name, &r, latest);
    if (instant_before(r.database, latest))
        ahead.us = latest.us - r.database.us;
    wall_clock_begin(instant_add(r.database, ahead));
    return true;
}

/* ---- while it serves ---- */

bool server_clock_usable(struct task *t)
{
    (void)t;
    return !atomic_load(&are_apart) && !atomic_load(&is_overridden);
}

static void tell_apart(const struct task *t, const struct clock_reading *r, bool is)
{
    if (atomic_exchange(&are_apart, is) == is)
        return;
    if (is)
        log_error(t, "clock.apart", L_STR("machine", instant_iso(t->arena, r->machine)),
                  L_STR("database", instant_iso(t->arena, r->database)));
    else
        log_warn(t, "clock.together", L_STR("machine", instant_iso(t->arena, r->machine)));
}

static void tell_overridden(const struct task *t, const struct clock_reading *r, bool is)
{
    if (atomic_exchange(&is_overridden, is) == is)
        return;
    if (is)
        log_error(t, "clock.overridden", L_STR("ours", instant_iso(t->arena, r->ours)),
                  L_STR("accepted", instant_iso(t->arena, r->database)), L_STR("do", STR("restart this server")));
    else
        log_warn(t, "clock.caught_up", L_STR("ours", instant_iso(t->arena, r->ours)));
}

static void tell_step(const struct task *t, const struct clock_reading *r)
{
    metric_add(&steps, t->slot, 0, 1);
    log_error(t, "clock.stepped", L_STR("ours", instant_iso(t->arena, r->ours)),
              L_STR("database", instant_iso(t->arena, r->database)));
}

err clock_watch(struct task *t)
{
    struct clock_reading r;
    instant latest;
    bool good;
    TRY(clocks_read(t, &r, &latest, &good));
    if (!good)
        return OK;
    r.was_ahead = ahead;
    const struct clock_verdict v = clock_judge(&r);
    metric_set(&difference, 0, (r.machine.us - r.database.us) / SECONDS(1).us);
    tell_apart(t, &r, v.are_apart);
    if (v.has_stepped)
        tell_step(t, &r);
    if (!v.are_apart) {
        wall_clock_correct(v.forward, v.ahead);
        ahead = v.ahead;
    }
    clock_override_judge(&override, &r, latest);
    tell_overridden(t, &r, override.is);
    return override.is ? OK : clock_seen_note(t, wall_clock_now(), latest);
}
