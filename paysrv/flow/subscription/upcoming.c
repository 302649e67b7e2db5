/* See upcoming.h. */
#include "paysrv/flow/subscription/upcoming.h"

#include "paysrv/domain/money.h"
#include "paysrv/faults.h"
#include "paysrv/flow/subscription/invoice.h"
#include "paysrv/flow/zones.h"
#include "shared/base/num.h"

err subscription_recurrence(struct task *t, const struct subscription_find_row *s, struct recurrence *ret)
{
    *ret = (struct recurrence){ .count = s->unit_count,
                                .anchor_local_s = s->anchor_local,
                                .anchor_again = s->anchor_again };
    if (!recurrence_unit_parse(s->unit, &ret->unit))
        return FAIL(t, INTERNAL, "a price without a unit");
    return zone_load(t, s->zone, &ret->zone);
}

err subscription_amount(struct task *t, int64_t price_minor, int64_t quantity, int64_t *ret)
{
    if (num_mul(price_minor, quantity, ret) && *ret <= MONEY_MAX_MINOR)
        return OK;
    return FAIL_PARAM(t, INVALID_PARAMETER, STR("quantity"), STR("makes an invoice that is too large"));
}

struct subscription_end subscription_end_of(const struct subscription_find_row *s)
{
    return (struct subscription_end){ .at_period_end = s->cancel_at_period_end,
                                      .periods = s->periods_given ? &s->periods : NULL,
                                      .at = s->ends_at_given ? &s->ends_at : NULL,
                                      .cut_at = s->cancel_at_given ? &s->cancel_at : NULL };
}

/* Of a period that has begun, what is left; and one that ends at a moment, and is paid until then only, has no more of
 * its last period than that. */
static err part_find(struct task *t, const struct subscription_find_row *s, struct upcoming *ret)
{
    struct settlement sum;
    ret->whole = ret->period;
    ret->period.start = ret->at;
    if (s->cancel_at_given && s->cancel_refunds && instant_before(s->cancel_at, ret->period.end))
        ret->period.end = s->cancel_at;
    TRY(subscription_amount(t, ret->turn == PRICE_MOVES ? s->next_price_amount : s->price_amount, s->quantity,
                            &ret->price_minor));
    ret->amount_minor = proration_between(ret->price_minor, &ret->whole, ret->period.start, ret->period.end);
    TRY(invoice_settle(t, s, ret->amount_minor, &sum));
    ret->due_minor = sum.due_minor;
    return OK;
}

/* What follows the period `current`, from `at` on. */
static err following_find(struct task *t, const struct subscription_find_row *s, const struct period *current,
                          instant at, struct upcoming *ret)
{
    const struct subscription_end end = subscription_end_of(s);
    const struct price_step step = { s->next_price_at, s->next_price_agreed, str_eq(s->next_price_else, STR("end")) };
    struct recurrence r;
    TRY(subscription_recurrence(t, s, &r));
    *ret = (struct upcoming){ .at = at, .price = s->price_id };
    if (s->cancel_at_given && !instant_before(at, s->cancel_at)) {
        ret->at = s->cancel_at;
        ret->is_end = true;
        return OK;
    }
    ret->is_end = subscription_renewal(&r, current, &end, current->end, &ret->period) == RENEWAL_END;
    if (ret->is_end)
        return OK;
    ret->turn = price_turn_of(s->next_price_at_given ? &step : NULL, ret->period.start);
    ret->is_end = ret->turn == PRICE_ENDS;
    if (ret->turn == PRICE_MOVES)
        ret->price = (price_id){ s->next_price_id };
    return part_find(t, s, ret);
}

err upcoming_rejoin(struct task *t, const struct subscription_find_row *s, instant at, struct upcoming *ret)
{
    struct recurrence r;
    TRY(subscription_recurrence(t, s, &r));
    const struct period whole = recurrence_period_of(&r, at), before = { whole.n - 1, whole.start, whole.start };
    return following_find(t, s, &before, at, ret);
}

err upcoming_find(struct task *t, const struct subscription_find_row *s, struct upcoming *ret)
{
    const struct period current = { s->period_n, s->period_start, s->period_end };
    if (s->rejoins_at_given)
        return upcoming_rejoin(t, s, s->rejoins_at, ret);
    return following_find(t, s, &current, s->period_end, ret);
}

err subscription_day(struct task *t, str zone, instant at, str *ret)
{
    const struct zone *z;
    TRY(zone_load(t, zone, &z));
    *ret = instant_date(t->arena, instant_of_seconds(zone_local(z, instant_seconds(at))));
    return OK;
}
