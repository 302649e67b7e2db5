/* See month.h. */
#include "paysrv/flow/report/month.h"

#include "paysrv/app.h"
#include "paysrv/flow/ledger/ledger_cut.h"
#include "paysrv/flow/zones.h"
#include "paysrv/store/report.sql.h"
#include "shared/base/num.h"

#define DAY_S 86400

bool month_parse(str text, struct civil_date *ret)
{
    int64_t month;
    *ret = (struct civil_date){ .day = 1 };
    if (text.n != 7 || text.p[4] != '-' || !num_digits(text, 0, 4, &ret->year) || !num_digits(text, 5, 2, &month) ||
        ret->year < 1970 || month < 1 || month > 12)
        return false;
    ret->month = (int)month;
    return true;
}

str month_name(struct arena *a, struct civil_date first)
{
    return arena_printf(a, "%04lld-%02d", (long long)first.year, first.month);
}

instant month_begin(struct civil_date first, const struct zone *zone)
{
    int64_t begin_s = civil_days(first) * DAY_S;
    return instant_of_seconds(zone ? zone_utc(zone, begin_s) : begin_s);
}

/* The month in which a partner was made, by UTC, begins then at the latest: where it begins later in the zone, what was
 * sold in the hours between would be of a month from before there were invoices for fees (fee_month). */
static instant begin_by(const struct partner_find_row *partner, struct civil_date first, const struct zone *zone)
{
    instant there = month_begin(first, zone), utc = month_begin(first, NULL);
    bool is_made_between = !instant_before(partner->created_at, utc) && instant_before(partner->created_at, there);
    return is_made_between ? utc : there;
}

static str zone_agreed(const struct agreement_find_row *agreement)
{
    return agreement ? agreement->zone : STR("UTC");
}

err partner_month_read(struct task *t, const struct partner_find_row *partner,
                       const struct agreement_find_row *agreement, struct civil_date first, struct partner_month *ret)
{
    const struct partner_month_find_row *kept;
    const struct zone *agreed;
    struct civil_date next = civil_months_later(first, 1);
    struct partner_month m = { partner, month_name(t->arena, first), month_name(t->arena, next) };
    TRY(partner_month_find(t, partner->partner_id, m.name, m.next, &kept));
    TRY(zone_load(t, zone_agreed(agreement), &agreed));
    m.from = kept->begins_at_given ? kept->begins_at : begin_by(partner, first, agreed);
    m.to = kept->ends_at_given ? kept->ends_at : begin_by(partner, next, agreed);
    m.zone_name = str_given(kept->zone) ? kept->zone : zone_agreed(agreement);
    TRY(zone_load(t, m.zone_name, &m.zone));
    *ret = m;
    return OK;
}

err partner_month_settle(struct task *t, const struct agreement_find_row *agreement, struct civil_date first,
                         struct partner_month *m)
{
    int64_t affected;
    if (instant_before(t->now, instant_add(m->to, LEDGER_SETTLES_AFTER)))
        return OK;
    TRY(partner_month_keep(t, m->partner->partner_id, m->name, m->from, zone_agreed(agreement), m->next, m->to,
                           &affected));
    return partner_month_read(t, m->partner, agreement, first, m);
}

str platform_name(const struct task *t)
{
    const struct app *app = t->app;
    const struct config *c = &app->config;
    return c->platform_name.n ? c->platform_name : c->debtor_name.n ? c->debtor_name : c->public_url;
}

str platform_address(const struct task *t)
{
    const struct app *app = t->app;
    return app->config.platform_address.n ? app->config.platform_address : STR_NONE;
}
