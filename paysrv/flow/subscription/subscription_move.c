/* See subscription_move.h. */
#include "paysrv/flow/subscription/subscription_move.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/subscription/subscription.h"
#include "paysrv/flow/subscription/subscription_hold.h"
#include "paysrv/flow/subscription/upcoming.h"
#include "paysrv/store/subscription.sql.h"
#include "shared/ops/log.h"

#define LEASE SECONDS(60)

static void wake(struct task *t)
{
    clock_wake(t, "subscriptions.run");
    clock_wake(t, "subscriptions.refund");
}

enum subscription_status subscription_status_of(const struct subscription_find_row *s)
{
    enum subscription_status status = SUBSCRIPTION_CANCELED;
    subscription_status_parse(s->status, &status);
    return status;
}

static bool is(const struct subscription_find_row *s, enum subscription_status status)
{
    return subscription_status_of(s) == status;
}

struct failure *subscription_refused(struct task *t, const struct subscription_find_row *s, const char *what)
{
    return FAIL_PARAM(t, SUBSCRIPTION_STATE, STR("subscription"),
                      arena_printf(t->arena, "it is %.*s%s, and cannot be %s", STR_ARG(s->status),
                                   s->has_open_invoice ? " with an open invoice" : "", what));
}

/* ---- moving ---- */

struct moving {
    enum subscription_status to;
    const char *type; /* of the event */
    bool at_period_end, refunds, cancel_refunds;
    const instant *cancel_at;
    instant canceled_at;
    str reason;                      /* of the status */
    const struct farewell *farewell; /* what its buyer is told of its end */
};

/* What is not said stays, and so does the reason of a status that stays. */
static struct moving moving_to(const struct task *t, const struct subscription_find_row *s, enum subscription_status to,
                               const char *type)
{
    return (struct moving){ .to = to,
                            .type = type,
                            .at_period_end = s->cancel_at_period_end,
                            .cancel_at = s->cancel_at_given ? &s->cancel_at : NULL,
                            .cancel_refunds = s->cancel_refunds,
                            .canceled_at = t->now,
                            .reason = is(s, to) ? s->status_reason : STR_NONE };
}

static struct subscription_find_row after_of(const struct subscription_find_row *s, const struct moving *m)
{
    struct subscription_find_row after = *s;
    after.status = subscription_status_name(m->to);
    after.status_reason = m->reason;
    after.cancel_at_period_end = m->at_period_end;
    after.cancel_at_given = m->cancel_at;
    if (m->cancel_at)
        after.cancel_at = *m->cancel_at;
    after.cancel_refunds = m->cancel_refunds;
    after.canceled_at_given = m->to == SUBSCRIPTION_CANCELED;
    after.canceled_at = m->canceled_at;
    return after;
}

static err move(struct task *t, const struct subscription_find_row *s, const struct moving *m, bool *applied)
{
    const struct subscription_move_row *row;
    struct subscription_find_row after = after_of(s, m);
    struct mail_draft mail = { .id = STR_NONE };
    if (m->farewell)
        TRY(subscription_farewell(t, s, m->farewell, &mail));
    const struct subscription_move_args args = {
        .to = after.status,
        .at_period_end = m->at_period_end,
        .reason = m->reason,
        .cancel_at = m->cancel_at,
        .cancel_refunds = m->cancel_refunds,
        .canceled_at = m->canceled_at,
        .refunds = m->refunds,
        .subscription = s->subscription_id,
        .from = s->status,
        .from_agreed = s->next_price_agreed_given ? &s->next_price_agreed : NULL,
        .from_at_end = s->cancel_at_period_end,
        .from_cancel_at = s->cancel_at_given ? &s->cancel_at : NULL,
        .from_held = s->held_from,
        .event = { ((const struct app *)t->app)->env->new_id(t->arena, "evt_") },
        .type = str_of(m->type),
        .data = subscription_document(t, &after),
        .mail = mail.id,
        .mail_kind = m->farewell ? farewell_mail_kind(m->farewell->kind) : STR_NONE,
        .recipient = mail.recipient,
        .content = mail.content,
    };
    TRY(subscription_move(t, &args, &row));
    *applied = row->applied;
    if (m->farewell)
        mail_wake(t);
    return OK;
}

/* ---- the end ---- */

/* At the moment that was asked for, whenever that is seen, and with what was asked for then. */
err subscription_has_ended(struct task *t, const struct subscription_find_row *s, const struct farewell *how,
                           bool *applied)
{
    struct moving m = moving_to(t, s, SUBSCRIPTION_CANCELED, "subscription.canceled");
    if (s->cancel_at_given && !instant_before(t->now, s->cancel_at)) {
        m.canceled_at = s->cancel_at;
        m.refunds = s->cancel_refunds;
    } else if (!s->cancel_at_period_end) {
        m.farewell = how;
    }
    return move(t, s, &m, applied);
}

err subscription_end_now(struct task *t, const struct subscription_find_row *s, str reason)
{
    struct moving m = moving_to(t, s, SUBSCRIPTION_CANCELED, "subscription.canceled");
    bool applied;
    m.reason = reason;
    m.at_period_end = false;
    TRY(move(t, s, &m, &applied));
    return applied ? OK : subscription_refused(t, s, "ended: it has changed meanwhile");
}

/* After a time without a server the periods before that moment are charged first. */
static bool is_behind(const struct subscription_find_row *s)
{
    return (is(s, SUBSCRIPTION_ACTIVE) || is(s, SUBSCRIPTION_TRIALING)) &&
           (s->has_open_invoice || instant_before(s->period_end, s->cancel_at));
}

static err end_one(struct task *t, subscription_id id)
{
    const struct subscription_find_row *s;
    bool applied;
    TRY(subscription_any(t, id, &s));
    if (!s || is(s, SUBSCRIPTION_CANCELED) || !s->cancel_at_given || instant_before(t->now, s->cancel_at) ||
        is_behind(s))
        return OK;
    TRY(subscription_has_ended(t, s, NULL, &applied));
    if (applied)
        log_info(t, "subscription.ended", L_STR("subscription", id.v));
    return OK;
}

err subscriptions_end(struct task *t)
{
    const struct subscriptions_ending_row *rows;
    size_t n;
    TRY(subscriptions_ending(t, instant_add(t->now, LEASE), &rows, &n));
    for (size_t i = 0; i < n; i++) {
        err e = end_one(t, rows[i].subscription_id);
        if (e)
            log_failure(t, e); /* one subscription must not keep the others waiting */
    }
    return OK;
}

struct standing {
    bool has_time;   /* left of the period that it is in, which was begun, and is not one that nobody owes any more */
    bool is_behind;  /* with an invoice that was declined */
    bool is_charged; /* at this moment */
};

static err standing_of(struct task *t, const struct subscription_find_row *s, struct standing *ret)
{
    const struct subscription_period_owed_row *owed;
    TRY(subscription_period_owed(t, s->subscription_id, &owed));
    ret->has_time = !owed->is_void && instant_before(t->now, s->period_end);
    ret->is_behind = owed->is_behind;
    ret->is_charged = owed->is_charged;
    return OK;
}

err subscription_is_cut(struct task *t, const struct subscription_find_row *s, bool *ret)
{
    struct recurrence r;
    TRY(subscription_recurrence(t, s, &r));
    *ret = s->period_n >= 0 && instant_before(s->period_end, recurrence_period(&r, s->period_n).end);
    return OK;
}

static err cancel_at_period_end(struct task *t, const struct subscription_find_row *s, bool *applied)
{
    enum subscription_status status = subscription_status_of(s);
    struct moving m =
        moving_to(t, s, status == SUBSCRIPTION_PAUSED ? SUBSCRIPTION_ACTIVE : status, "subscription.updated");
    const struct farewell farewell = { FAREWELL_WITH_PERIOD, s->period_end, false };
    m.at_period_end = true;
    m.cancel_at = NULL;
    if (!s->cancel_at_period_end) /* who asks again is not told again */
        m.farewell = &farewell;
    return move(t, s, &m, applied);
}

/*
 * A paused one that is to end with its period has no other to wait for: it goes on until then, if it is paid for. Who
 * wanted the end of what he has paid, and is charged at the moment at which it ends, gets back what comes of that.
 */
err subscription_cancel(struct task *t, const struct subscription_find_row *s, bool at_period_end, bool refunds)
{
    struct moving now = moving_to(t, s, SUBSCRIPTION_CANCELED, "subscription.canceled");
    struct farewell farewell = { FAREWELL_NOW, t->now, refunds };
    struct standing standing;
    bool applied = is(s, SUBSCRIPTION_CANCELED); /* canceled twice is canceled */
    bool waits = at_period_end && (is(s, SUBSCRIPTION_ACTIVE) || is(s, SUBSCRIPTION_TRIALING));
    if (at_period_end && !waits && !applied) {
        TRY(standing_of(t, s, &standing));
        waits = is(s, SUBSCRIPTION_PAUSED) && standing.has_time && !s->has_open_invoice;
        farewell.refunds = refunds || standing.is_charged;
    }
    now.at_period_end = false;
    now.cancel_at = NULL;
    now.refunds = farewell.refunds;
    now.farewell = &farewell;
    if (waits)
        TRY(cancel_at_period_end(t, s, &applied));
    else if (!applied)
        TRY(move(t, s, &now, &applied));
    wake(t);
    return applied ? OK : subscription_refused(t, s, "canceled: it has changed meanwhile");
}

/* A moment after the present, and before what ends it anyway; not beyond a last period that is charged until then. */
static err moment_judge(struct task *t, const struct subscription_find_row *s, instant at)
{
    struct subscription_end end = subscription_end_of(s);
    struct recurrence r;
    instant last;
    bool cut;
    end.at_period_end = false;
    TRY(subscription_recurrence(t, s, &r));
    TRY(subscription_is_cut(t, s, &cut));
    if (!instant_before(t->now, at))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("cancel_at"), STR("must be in the future"));
    if (instant_before(instant_add(t->now, SUBSCRIPTION_CANCEL_MAX), at))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("cancel_at"), STR("must be within ten years"));
    if (subscription_last_end(&r, &end, s->period_end, &last) && !instant_before(at, last))
        return FAIL_PARAM(
            t, INVALID_PARAMETER, STR("cancel_at"),
            arena_printf(t->arena, "must be before it ends by itself, at %.*s", STR_ARG(instant_iso(t->arena, last))));
    if (cut && instant_before(s->period_end, at))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("cancel_at"),
                          arena_printf(t->arena, "its last period has begun, and is charged until %.*s",
                                       STR_ARG(instant_iso(t->arena, s->period_end))));
    return OK;
}

err subscription_cancel_at(struct task *t, const struct subscription_find_row *s, instant at, bool refunds)
{
    struct moving m = moving_to(t, s, subscription_status_of(s), "subscription.updated");
    const struct farewell farewell = { FAREWELL_AT_MOMENT, at, refunds };
    bool is_news = !s->cancel_at_given || s->cancel_at.us != at.us || s->cancel_refunds != refunds;
    bool applied = false;
    m.farewell = is_news ? &farewell : NULL;
    m.at_period_end = false;
    m.cancel_at = &at;
    m.cancel_refunds = refunds;
    if (is(s, SUBSCRIPTION_CANCELED))
        return subscription_refused(t, s, "canceled at a moment");
    TRY(moment_judge(t, s, at));
    TRY(move(t, s, &m, &applied));
    wake(t);
    return applied ? OK : subscription_refused(t, s, "canceled: it has changed meanwhile");
}

/* ---- a pause ---- */

err subscription_pause(struct task *t, const struct subscription_find_row *s)
{
    const struct moving m = moving_to(t, s, SUBSCRIPTION_PAUSED, "subscription.paused");
    bool applied = false;
    if (s->cancel_at_period_end && is(s, SUBSCRIPTION_ACTIVE))
        return subscription_refused(t, s, "paused: it ends with its period");
    if (is(s, SUBSCRIPTION_ACTIVE))
        TRY(move(t, s, &m, &applied));
    return applied ? OK : subscription_refused(t, s, "paused");
}

bool subscription_waits_to_resume(const struct subscription_find_row *s)
{
    return is(s, SUBSCRIPTION_PAUSED) || (is(s, SUBSCRIPTION_UNPAID) && !s->has_open_invoice);
}

static err end_take_back(struct task *t, const struct subscription_find_row *s)
{
    struct moving m = moving_to(t, s, subscription_status_of(s), "subscription.updated");
    bool applied, cut;
    m.at_period_end = false;
    m.cancel_at = NULL;
    m.cancel_refunds = false;
    TRY(subscription_is_cut(t, s, &cut));
    if (cut)
        return subscription_refused(t, s, "kept: its last period has begun, and is charged until its end only");
    TRY(move(t, s, &m, &applied));
    return applied ? OK : subscription_refused(t, s, "resumed");
}

err subscription_resume(struct task *t, const struct subscription_find_row *s)
{
    struct standing standing;
    bool applied = false;
    bool was_to_end = (s->cancel_at_period_end || s->cancel_at_given) && !is(s, SUBSCRIPTION_CANCELED);
    if (was_to_end && !subscription_waits_to_resume(s))
        return end_take_back(t, s);
    if (!subscription_waits_to_resume(s))
        return subscription_refused(t, s, "resumed");
    wake(t);
    if (str_given(s->held_from) && !str_eq(s->held_from, s->status))
        return subscription_goes_on(t, s);
    TRY(standing_of(t, s, &standing));
    const enum subscription_status to = standing.is_behind ? SUBSCRIPTION_PAST_DUE : SUBSCRIPTION_ACTIVE;
    const struct moving m = moving_to(t, s, to, "subscription.resumed");
    if (standing.has_time || s->has_open_invoice) /* what is open is paid first */
        TRY(move(t, s, &m, &applied));
    else
        TRY(subscription_rejoin(t, s, t->now, &applied));
    return applied ? OK : subscription_refused(t, s, "resumed");
}
