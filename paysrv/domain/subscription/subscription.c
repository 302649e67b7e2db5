/* See subscription.h. */
#include "paysrv/domain/subscription/subscription.h"

#include "shared/base/civil.h"

#define STATUS_TEXT_ROW(name, text) [SUBSCRIPTION_##name] = text,
static const char *const status_text[SUBSCRIPTION_STATUS_COUNT] = { SUBSCRIPTION_STATUSES(STATUS_TEXT_ROW) };

bool subscription_status_parse(str name, enum subscription_status *ret)
{
    for (unsigned i = 0; i < SUBSCRIPTION_STATUS_COUNT; i++) {
        if (str_eq(name, str_of(status_text[i]))) {
            *ret = (enum subscription_status)i;
            return true;
        }
    }
    return false;
}

str subscription_status_name(enum subscription_status status)
{
    return str_of(status_text[status]);
}

/* Periods that a zone's calendar skipped have numbers too, and are none that was sold: at worst one fewer. */
static bool subscription_is_over(const struct subscription_end *end, const struct period *next)
{
    return end->at_period_end || (end->periods && next->n >= *end->periods) ||
           (end->at && !instant_before(next->start, *end->at)) ||
           (end->cut_at && !instant_before(next->start, *end->cut_at));
}

bool subscription_last_end(const struct recurrence *r, const struct subscription_end *end, instant period_end,
                           instant *ret)
{
    bool has_end = end->at_period_end || end->periods || end->at;
    *ret = period_end;
    if (end->at_period_end || !has_end)
        return has_end;
    instant by_time = end->at ? recurrence_period_of(r, (instant){ end->at->us - 1 }).end : period_end;
    instant by_number = end->periods ? recurrence_at(r, *end->periods) : by_time;
    *ret = end->at && instant_before(by_time, by_number) ? by_time : by_number;
    return true;
}

enum renewal subscription_renewal(const struct recurrence *r, const struct period *current,
                                  const struct subscription_end *end, instant now, struct period *next)
{
    if (instant_before(now, current->end))
        return RENEWAL_NOT_YET;
    struct period following = recurrence_period(r, current->n + 1);
    while (!instant_before(current->end, following.end))
        following = recurrence_period(r, following.n + 1);
    following.start = current->end;
    if (subscription_is_over(end, &following))
        return RENEWAL_END;
    *next = following;
    return RENEWAL_PERIOD;
}

static const int64_t retry_days[] = { 1, 3, 5, 7 };
#define RETRIES (sizeof retry_days / sizeof retry_days[0])

#define DAY_S 86400
#define RETRY_GAP HOURS(11)      /* at least between two: half a day, in a night in which clocks are set, too */
#define RETRY_HOUR_S (10 * 3600) /* people are awake, and banks have booked what came at night */

static bool is_pay_day(int64_t day)
{
    int date = civil_of_days(day).day;
    return date == 1 || date == 15;
}

/* The ten o'clock that is nearest to so many days later. */
static instant retry_at(const struct zone *zone, instant first_failed_at, int64_t days)
{
    int64_t local_s = zone_local(zone, instant_seconds(first_failed_at)) + days * DAY_S;
    int64_t day = civil_floor_div(local_s - RETRY_HOUR_S + DAY_S / 2, DAY_S);
    if (days < retry_days[RETRIES - 1] && is_pay_day(day + 1))
        day++;
    return instant_of_seconds(zone_utc(zone, day * DAY_S + RETRY_HOUR_S));
}

/*
 * The first time of the schedule that is still to come; one that has passed is not made up for, and after an attempt
 * that was late the next is not within hours. Not counted by attempts: who tries another card at once, and that is
 * declined, too, has the same days left.
 */
static enum dunning_step retry(const struct zone *zone, instant first_failed_at, instant now, instant *at)
{
    for (size_t i = 0; i < RETRIES; i++) {
        *at = retry_at(zone, first_failed_at, retry_days[i]);
        if (instant_before(instant_add(now, RETRY_GAP), *at))
            return DUNNING_RETRY;
    }
    return instant_before(now, *at) ? DUNNING_WAIT_FOR_BUYER : DUNNING_GIVE_UP;
}

instant dunning_last_retry(const struct zone *zone, instant first_failed_at)
{
    return retry_at(zone, first_failed_at, retry_days[RETRIES - 1]);
}

enum dunning_step dunning_judge(enum decline_class class_, int64_t attempts, const struct zone *zone,
                                instant first_failed_at, instant now, instant *at)
{
    instant end = instant_add(first_failed_at, DUNNING_GRACE);
    switch (class_) {
    case DECLINE_SOFT:
        if (attempts < DUNNING_ATTEMPTS_MAX)
            return retry(zone, first_failed_at, now, at);
        break;
    case DECLINE_HARD:
    case DECLINE_NEEDS_HOLDER:
        break;
    }
    *at = end;
    return instant_before(now, end) ? DUNNING_WAIT_FOR_BUYER : DUNNING_GIVE_UP;
}

enum price_turn price_turn_of(const struct price_step *step, instant period_start)
{
    if (!step || instant_before(period_start, step->from))
        return PRICE_STAYS;
    if (step->is_agreed)
        return PRICE_MOVES;
    return step->ends_without ? PRICE_ENDS : PRICE_LAPSES;
}

bool price_needs_consent(int64_t agreed_minor, int64_t amount_minor)
{
    return amount_minor > agreed_minor;
}
