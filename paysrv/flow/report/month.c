/* See month.h. */
#include "paysrv/flow/report/month.h"

#include "paysrv/app.h"
#include "paysrv/flow/zones.h"
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

err month_zone(struct task *t, const struct agreement_find_row *agreement, const struct zone **ret)
{
    *ret = NULL;
    return agreement ? zone_load(t, agreement->zone, ret) : OK;
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
