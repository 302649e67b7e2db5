/*
 * The job of payout schedules (payout_schedule.h). Each time is taken in one serializable transaction with the payout
 * that it makes, by its row and the primary key of its runs; the next time is counted from now, so that times which
 * passed while no server ran are one payout of what is available, and not several.
 */
#include "paysrv/app.h"
#include "paysrv/domain/party/requisite.h"
#include "paysrv/domain/payout/payout.h"
#include "paysrv/domain/payout/payout_schedule.h"
#include "paysrv/faults.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/outgoing.h"
#include "paysrv/flow/payout/limits.h"
#include "paysrv/flow/payout/payout_booking.h"
#include "paysrv/flow/payout/payout_order.h"
#include "paysrv/flow/payout/payout_schedule.h"
#include "paysrv/flow/payout/payout_schedule_object.h"
#include "paysrv/flow/zones.h"
#include "paysrv/store/payout_schedule.sql.h"
#include "paysrv/store/user.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

#define ASIDE_MAX_BYTES ((size_t)8 << 20)
#define FULL_ROUND 100 /* as payout_schedules_due gives at most */
#define ROUNDS 50
#define LEASE SECONDS(60) /* longer than a round takes; then another server may be at it, one by one */

struct running {
    const struct payout_schedules_due_row *due;
    const struct payout_schedule_find_row *schedule;
    const struct user_find_row *user;
    instant next_at;
    struct seller_balance balance;
    int64_t most_minor; /* in one payout */
    struct payout_booking booking;
    bool is_booked;
};

/* Why it goes no further by itself; absent: it goes on. */
static err pause_judge(struct task *t, struct running *r, str *reason)
{
    const struct payout_cap *caps;
    TRY(user_find(t, r->schedule->partner_id, r->schedule->user_id, &r->user));
    *reason = STR_NONE;
    if (order_rail(t, r->schedule->rail, r->schedule->acquirer, r->schedule->bik, &caps))
        *reason = STR("rail_unavailable");
    r->most_minor = payout_most_minor(caps, r->schedule->currency);
    if (!str_given(*reason) && r->most_minor == 0)
        *reason = STR("currency_unavailable");
    if (r->schedule->disabled_at_given)
        *reason = STR("requisite_disabled");
    if (!r->user || r->user->payouts_frozen_at_given)
        *reason = STR("frozen");
    if (r->balance.is_negative)
        *reason = STR("negative_balance");
    return OK;
}

/* Why this time passes, and the next one may not; absent: nothing of the kind. */
static err wait_judge(struct task *t, const struct running *r, str *reason)
{
    if (r->schedule->is_mismatch) {
        *reason = STR("requisite_mismatch");
        return OK;
    }
    err e = order_user_waits(t, r->schedule->partner_id, r->user);
    *reason = e ? str_of(e->fault->code) : STR_NONE;
    return err_is(e, &FAULT_AGREEMENT_NOT_ACCEPTED) || err_is(e, &FAULT_PAYOUTS_COOLING) ? OK : e;
}

static err pause(struct task *t, const struct running *r, str reason)
{
    static const str active[] = { { "active", 6 } };
    const struct payout_schedule_set_row *row;
    struct payout_schedule_find_row after = *r->schedule;
    after.status = STR("paused");
    after.reason = reason;
    after.next_at_given = false;
    const struct payout_schedule_set_args args = { .to = after.status,
                                                   .reason = reason,
                                                   .schedule = after.schedule_id,
                                                   .partner = after.partner_id,
                                                   .from = { active, 1 },
                                                   .event = random_id(t->arena, "evt_"),
                                                   .data = schedule_document(t, &after, NULL, 0) };
    log_warn(t, "payout_schedule.paused", L_STR("schedule", after.schedule_id), L_STR("reason", reason));
    return payout_schedule_set(t, &args, &row);
}

static err time_take(struct task *t, const struct running *r, str outcome, str payout)
{
    const struct payout_schedule_run_row *row;
    TRY(payout_schedule_run(t, r->next_at, r->schedule->schedule_id, r->due->due_at, outcome, payout,
                            r->balance.available_minor, &row));
    return row ? OK : FAIL(t, PAYOUT_STATE, "another server has taken this time");
}

static struct payout_find_row payout_of(struct task *t, const struct running *r)
{
    const struct payout_schedule_find_row *s = r->schedule;
    return (struct payout_find_row){
        .payout_id = { random_id(t->arena, "po_") },
        .user_id = s->user_id,
        .requisite_id = s->requisite_id,
        .amount = r->balance.available_minor < r->most_minor ? r->balance.available_minor : r->most_minor,
        .currency = s->currency,
        .destination = s->destination,
        .label = s->label,
        .status = payout_state_name(PAYOUT_AWAITING_CODE),
        .rail = s->rail,
        .masked = s->masked,
        .holder_name = s->holder_name,
        .created_at = t->now,
        .expires_at = t->now,
        .schedule_id = s->schedule_id,
    };
}

static err pay_out(struct task *t, struct running *r)
{
    const struct payout_find_row payout = payout_of(t, r);
    const struct scheduled_payout_insert_args args = { .payout = payout.payout_id,
                                                       .partner = r->schedule->partner_id,
                                                       .user = payout.user_id,
                                                       .requisite = payout.requisite_id,
                                                       .amount = payout.amount,
                                                       .currency = payout.currency,
                                                       .destination = payout.destination,
                                                       .label = payout.label,
                                                       .requested_by = r->schedule->requested_by,
                                                       .schedule = payout.schedule_id,
                                                       .rail = payout.rail };
    int64_t affected;
    TRY(payout_booking_make(t, r->schedule->partner_id, &payout, &r->booking));
    err e = limits_check(t, &r->booking.limits, &r->booking.found);
    if (err_is(e, &FAULT_PAYOUT_LIMIT))
        return time_take(t, r, STR("limit"), STR_NONE);
    TRY(e);
    TRY(scheduled_payout_insert(t, &args, &affected));
    TRY(time_take(t, r, STR("paid_out"), payout.payout_id.v));
    TRY(payout_booking_take(t, &r->booking));
    r->is_booked = r->booking.row->is_confirmed;
    return r->is_booked ? OK : FAIL(t, UNAVAILABLE, "the balance moved meanwhile");
}

static err run_in_tx(struct task *t, void *context)
{
    struct running *r = context;
    str reason;
    r->is_booked = false;
    TRY(payout_schedule_find(t, r->due->partner_id, r->due->schedule_id, STR_NONE, &r->schedule));
    if (!r->schedule || !r->schedule->next_at_given || r->schedule->next_at.us != r->due->due_at.us)
        return OK; /* taken, or changed, a moment ago */
    struct payout_schedule when = { .day = r->schedule->day, .minute = r->schedule->minute };
    when.settles = r->schedule->settles;
    (void)schedule_unit_parse(r->schedule->unit, &when.unit);
    TRY(zone_load(t, r->schedule->zone, &when.zone));
    r->next_at = payout_schedule_next(&when, t->now);
    TRY(order_balance(t, r->schedule->partner_id, r->schedule->user_id, r->schedule->currency, &r->balance));
    TRY(pause_judge(t, r, &reason));
    if (str_given(reason)) {
        TRY(time_take(t, r, reason, STR_NONE));
        return pause(t, r, reason);
    }
    TRY(wait_judge(t, r, &reason));
    if (str_given(reason))
        return time_take(t, r, reason, STR_NONE);
    TRY(r->balance.available_minor < r->schedule->minimum ? time_take(t, r, STR("minimum"), STR_NONE) : pay_out(t, r));
    CRASH_POINT("payout_schedule.before_commit");
    return OK;
}

static err tx_run(struct task *t, void *context)
{
    return db_tx(t, run_in_tx, context);
}

static err one_run(struct task *t, void *context)
{
    struct running r = { .due = context };
    const struct payout_schedule_find_row *s;
    TRY(payout_schedule_find(t, r.due->partner_id, r.due->schedule_id, STR_NONE, &s));
    if (!s)
        return OK;
    const struct limits_case limits = { .partner = s->partner_id, .user = s->user_id, .currency = s->currency };
    err e = limits_hold_turn(t, &limits, tx_run, &r);
    if (err_is(e, &FAULT_PAYOUT_STATE))
        return OK;
    TRY(e);
    if (r.is_booked) {
        payout_booking_count(t, &r.booking);
        log_info(t, "payout_schedule.paid_out", L_STR("schedule", r.schedule->schedule_id),
                 L_STR("payout", r.booking.args.payout.v));
    }
    CRASH_POINT("payout_schedule.after_commit");
    return OK;
}

struct round {
    size_t n;
    err first; /* what failed first */
};

/* One that fails rests, longer each time, and keeps the others not waiting. */
static err round_run(struct task *t, struct round *r)
{
    const struct payout_schedules_due_row *rows;
    int64_t affected;
    clock_catch_up(t);
    TRY(payout_schedules_due(t, instant_add(task_wall(t), LEASE), &rows, &r->n));
    for (size_t i = 0; i < r->n; i++) {
        struct payout_schedules_due_row due = rows[i];
        err e = due.waits ? OK : task_aside(t, ASIDE_MAX_BYTES, one_run, &due);
        r->first = failure_first(t, r->first, e);
        if (e)
            TRY(payout_schedule_failed(t, due.schedule_id, due.due_at, &affected));
    }
    return OK;
}

static err expired_end(struct task *t, struct round *r)
{
    const struct payout_schedules_expired_row *rows;
    size_t n;
    TRY(payout_schedules_expired(t, &rows, &n));
    for (size_t i = 0; i < n; i++)
        r->first = failure_first(t, r->first, schedule_expire(t, rows[i].partner_id, rows[i].schedule_id));
    return OK;
}

err schedules_run(struct task *t)
{
    struct round r = { .n = FULL_ROUND, .first = OK };
    TRY(expired_end(t, &r));
    if (outgoing_is_held(t))
        return OK;
    for (int i = 0; i < ROUNDS && r.n == FULL_ROUND; i++) {
        err e = round_run(t, &r);
        if (e)
            return r.first ? r.first : e;
    }
    return r.first;
}
