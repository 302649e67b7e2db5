/* See clock.h. */
#include "shared/ops/clock.h"

static int64_t between_us(instant a, instant b)
{
    return a.us > b.us ? a.us - b.us : b.us - a.us;
}

bool clocks_are_apart(instant machine, instant database)
{
    return between_us(machine, database) > CLOCK_APART_MOST.us;
}

struct clock_verdict clock_judge(const struct clock_reading *r)
{
    struct clock_verdict v = { .are_apart = clocks_are_apart(r->machine, r->database) };
    if (v.are_apart)
        return v;
    const instant most = instant_add(r->database, r->took);
    if (instant_before(most, r->ours))
        v.ahead.us = r->ours.us - most.us;
    if (instant_before(r->ours, r->database))
        v.forward.us = r->database.us - r->ours.us;
    v.has_stepped = v.forward.us > CLOCK_STEP_MOST.us || v.ahead.us - r->was_ahead.us > CLOCK_STEP_MOST.us;
    return v;
}

void clock_override_judge(struct clock_override *o, const struct clock_reading *r, instant latest)
{
    const bool is_far_ahead = instant_before(instant_add(r->database, CLOCK_APART_MOST), r->ours);
    o->is = is_far_ahead && (o->is || instant_before(latest, o->known));
    if (!o->is)
        o->known = instant_before(latest, r->ours) ? latest : r->ours;
}
