/* See book_period.h. */
#include "paysrv/flow/ledger/book_period.h"

#include "paysrv/faults.h"
#include "paysrv/flow/ledger/ledger_cut.h"
#include "paysrv/flow/zones.h"
#include "shared/base/civil.h"
#include "shared/base/num.h"

#define DAY_S 86400

/* "2026-11-01": the moment in which this day begins in the zone. */
static bool day_parse(str text, const struct zone *zone, instant *ret)
{
    int64_t year, month, day;
    if (text.n != 10 || text.p[4] != '-' || text.p[7] != '-' || !num_digits(text, 0, 4, &year) ||
        !num_digits(text, 5, 2, &month) || !num_digits(text, 8, 2, &day) || year < 1970 || month < 1 || month > 12 ||
        day < 1 || day > civil_month_days(year, (int)month))
        return false;
    int64_t local_s = civil_days((struct civil_date){ year, (int)month, (int)day }) * DAY_S;
    *ret = instant_of_seconds(zone ? zone_utc(zone, local_s) : local_s);
    return true;
}

static instant month_begin(instant now, const struct zone *zone)
{
    int64_t local_s = zone ? zone_local(zone, instant_seconds(now)) : instant_seconds(now);
    struct civil_date date = civil_of_days(local_s / DAY_S);
    date.day = 1;
    local_s = civil_days(date) * DAY_S;
    return instant_of_seconds(zone ? zone_utc(zone, local_s) : local_s);
}

err book_period_read(struct task *t, str from, str to, str zone, struct book_period *ret)
{
    struct book_period p = { .zone = NULL };
    if (str_given(zone))
        TRY(zone_load(t, zone, &p.zone));
    p.from = month_begin(t->now, p.zone);
    p.to = t->now;
    if (str_given(from) && !day_parse(from, p.zone, &p.from))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("from"), STR("must be a day such as 2026-11-01"));
    if (str_given(to) && !day_parse(to, p.zone, &p.to))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("to"), STR("must be a day such as 2026-12-01"));
    if (!instant_before(p.from, p.to))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("to"), STR("must be after from; the day itself is not in it"));
    *ret = p;
    return OK;
}

err book_period_places(struct task *t, struct book_period *p)
{
    bool is_final;
    TRY(ledger_cut_at(t, p->from, &p->from_entry, &is_final));
    TRY(ledger_cut_at(t, p->to, &p->to_entry, &p->is_closed));
    if (p->to_entry < p->from_entry)
        p->to_entry = p->from_entry;
    return OK;
}

str book_period_day(struct arena *a, const struct book_period *p, instant at)
{
    int64_t at_s = instant_seconds(at);
    return instant_date(a, instant_of_seconds(p->zone ? zone_local(p->zone, at_s) : at_s));
}
