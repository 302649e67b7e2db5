/* See notice.h. */
#include "paysrv/domain/subscription/notice.h"

#include "shared/base/civil.h"

#define DAY_S 86400

#define KIND_TEXT_ROW(name, text) [NOTICE_##name] = text,
static const char *const kind_text[NOTICE_KIND_COUNT] = { NOTICE_KINDS(KIND_TEXT_ROW) };

str notice_kind_name(enum notice_kind kind)
{
    return str_of(kind_text[kind]);
}

bool card_outlives(int exp_year, int exp_month, instant at)
{
    const struct civil_date month = { exp_year, exp_month, 1 };
    return instant_before(at, instant_of_seconds(civil_days(civil_months_later(month, 1)) * DAY_S));
}

static bool is_long(const struct notice_facts *f)
{
    return f->unit == RECURRENCE_YEAR || (f->unit == RECURRENCE_MONTH && f->count >= 6) ||
           (f->unit == RECURRENCE_WEEK && f->count >= 26) || (f->unit == RECURRENCE_DAY && f->count >= 182);
}

/* So many days before; 0: he is not told. */
static int64_t days_before(const struct notice_facts *f)
{
    int64_t days = f->days ? *f->days : f->is_trial ? NOTICE_TRIAL_DAYS : is_long(f) ? NOTICE_DAYS : 0;
    bool is_much = f->above && f->due_minor > *f->above;
    return days == 0 && is_much ? NOTICE_DAYS : days;
}

static instant before(instant at, int64_t days)
{
    return (instant){ at.us - DAYS(days).us };
}

size_t notices_of(const struct notice_facts *f, struct notice ret[2])
{
    int64_t days = days_before(f);
    size_t n = 0;
    if (days > 0 && f->due_minor > 0)
        ret[n++] = (struct notice){ f->is_trial ? NOTICE_TRIAL_END : NOTICE_RENEWAL, before(f->charge_at, days) };
    if (f->due_minor > 0 && !card_outlives(f->exp_year, f->exp_month, f->charge_at))
        ret[n++] = (struct notice){ NOTICE_CARD_EXPIRING, before(f->charge_at, NOTICE_CARD_DAYS) };
    return n;
}

bool notice_is_due(const struct notice *n, instant charge_at, instant now)
{
    return !instant_before(now, n->at) && instant_before(now, charge_at);
}
