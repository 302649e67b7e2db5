/* See holdback.h. */
#include "paysrv/flow/ledger/holdback.h"

#include "paysrv/app.h"
#include "paysrv/domain/ledger/holdback.h"
#include "paysrv/domain/payment/deal.h"
#include "paysrv/domain/stores/split.h"
#include "paysrv/domain/test_clock.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/ledger/reserve.h"
#include "paysrv/flow/payout/payout_fee.h"
#include "paysrv/flow/walk.h"
#include "paysrv/store/holdback.sql.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

#define LEASE SECONDS(10) /* longer than a step takes; whoever comes too late makes nothing */

static const struct app *app_of(struct task *t)
{
    return t->app;
}

static const struct pay_env *env_of(struct task *t)
{
    return app_of(t)->env;
}

/* What is written of one payment or capture: parts[n], and what each of its sellers has at once. */
struct plan {
    str users[2 * SPLIT_RULES_MAX], parts[2 * SPLIT_RULES_MAX];
    int64_t amounts[2 * SPLIT_RULES_MAX], helds[2 * SPLIT_RULES_MAX], available_us[2 * SPLIT_RULES_MAX];
    size_t n;
    int64_t freed[SPLIT_RULES_MAX];
    const instant *deal_ends; /* NULL: no deal, or it is over */
    instant not_before;
};

static int64_t part_add(struct task *t, struct plan *p, const struct settlements_due_row *row, str user,
                        const char *part, int64_t amount, instant until)
{
    if (amount == 0 || !instant_before(t->now, until))
        return 0;
    p->users[p->n] = user;
    p->parts[p->n] = str_of(part);
    p->amounts[p->n] = amount;
    p->helds[p->n] = holdback_left(amount, row->captured, row->returned);
    p->available_us[p->n] = until.us;
    return p->helds[p->n++];
}

/* What a deal holds stands there whole; what of it was released already, the next look takes off. */
static int64_t parts_add(struct task *t, struct plan *p, const struct settlements_due_row *row, str user,
                         const struct holdback_parts *parts)
{
    if (!p->deal_ends)
        return part_add(t, p, row, user, "delay", parts->delay_minor, parts->delay_until) +
               part_add(t, p, row, user, "reserve", parts->reserve_minor, parts->reserve_until);
    bool is_longer = instant_before(parts->reserve_until, *p->deal_ends);
    return part_add(t, p, row, user, "deal", parts->delay_minor, HOLDBACK_NO_DAY) +
           part_add(t, p, row, user, "reserve", parts->reserve_minor, is_longer ? *p->deal_ends : parts->reserve_until);
}

static bool deal_plan(struct task *t, const struct settlements_due_row *row, struct plan *p)
{
    struct calendar_duration after;
    instant *ends = arena_new(t->arena, instant);
    if (!str_given(row->deal_after) || row->deal_is_over)
        return true;
    if (!calendar_duration_parse(row->deal_after, &after))
        return false;
    *ends = calendar_duration_add(row->paid_at, &after);
    p->deal_ends = ends;
    return true;
}

/* A seller's share of a part of a payment may be a unit below zero: nothing of that is held. */
static bool plan_make(struct task *t, const struct settlements_due_row *row, struct plan *p)
{
    struct holdback_terms terms = { .delay_days = row->delay_days,
                                    .reserve_bp = row->reserve_bp,
                                    .reserve_days = row->reserve_days };
    if (!holdback_calendar_parse(row->calendar, &terms.calendar))
        return false;
    *p = (struct plan){ .not_before = holdback_split(&terms, 0, row->paid_at).delay_until };
    if (row->share_users.n > SPLIT_RULES_MAX || row->share_users.n != row->share_amounts.n || !deal_plan(t, row, p))
        return false;
    for (size_t i = 0; i < row->share_users.n; i++) {
        int64_t share = row->share_amounts.items[i] > 0 ? row->share_amounts.items[i] : 0;
        const struct holdback_parts parts = holdback_split(&terms, share, row->paid_at);
        p->freed[i] = share - parts_add(t, p, row, row->share_users.items[i], &parts);
    }
    return true;
}

static err settle(struct task *t, const struct settlements_due_row *row)
{
    struct plan p;
    if (!plan_make(t, row, &p))
        return FAIL(t, INTERNAL, "a payment whose sellers do not fit its shares, or with unknown terms");
    const struct settlement_make_args args = {
        .payment = row->payment_id,
        .returned = row->returned,
        .capture = row->is_capture,
        .source = row->source,
        .users = { p.users, p.n },
        .parts = { p.parts, p.n },
        .amounts = { p.amounts, p.n },
        .helds = { p.helds, p.n },
        .available_us = { p.available_us, p.n },
        .not_before = p.not_before,
        .deal_ends = p.deal_ends,
        .sellers = row->share_users,
        .freed = { p.freed, row->share_users.n },
    };
    const struct settlement_make_row *made; /* not: something went back meanwhile, and the next round sees it */
    CRASH_POINT("holdback.before_make");
    return env_of(t)->settlement_make(t, &args, &made);
}

static err settle_some(struct task *t, void *context)
{
    const struct settlements_due_row *rows;
    struct walk *w = context;
    clock_catch_up(t);
    const instant lease = clock_is_live(t) ? instant_add(t->now, LEASE) : t->now;
    TRY(env_of(t)->settlements_due(t, w->step_most, lease, &rows, &w->n));
    for (size_t i = 0; i < w->n; i++)
        walk_note(t, w, settle(t, &rows[i]));
    return OK;
}

/* Under a test clock no lease would end while it stands: its job comes again as long as something is due. */
static err settle_all(struct task *t)
{
    struct walk w = walk_begin(t, WALK_STEP, WALK_LIMIT);
    return clock_is_live(t) ? walk_run_out(t, &w, settle_some) : settle_some(t, &w);
}

err holdbacks_sweep(struct task *t)
{
    int64_t swept, closed;
    TRY(settlements_sweep(t, &swept));
    if (swept > 0)
        log_warn(t, "holdbacks.missed", L_I64("found", swept));
    return settlements_close(t, &closed);
}

/* Those of one seller's deal that its days let go are one sum, whatever the captures; all others stand for themselves.
 */
static void helds_make(struct task *t, const struct holdbacks_returned_row *row, int64_t *helds)
{
    const struct deal_state d = { .captured_minor = row->captured,
                                  .returned_minor = row->returned,
                                  .released_minor = row->released,
                                  .is_over = row->deal_is_over };
    int64_t gone = deal_gone_minor(&d, false);
    for (size_t i = 0, from = 0; i < row->amounts.n; i++) {
        int64_t not_before = row->not_before_us.items[i];
        if (i == 0 || not_before == 0 || row->not_before_us.items[i - 1] == 0 || t->now.us < not_before ||
            t->now.us < row->not_before_us.items[i - 1] || !str_eq(row->users.items[i], row->users.items[i - 1]))
            from = i;
        bool is_early = not_before == 0 || t->now.us < not_before;
        deal_parts_left(row->amounts.items + from, i + 1 - from, row->captured, is_early ? row->returned : gone,
                        helds + from);
    }
}

static err follow(struct task *t, const struct holdbacks_returned_row *row)
{
    int64_t *helds = arena_array(t->arena, int64_t, row->amounts.n + 1);
    const struct holdbacks_adjust_row *adjusted;
    helds_make(t, row, helds);
    CRASH_POINT("holdback.before_adjust");
    return env_of(t)->holdbacks_adjust(t, row->payment_id, row->version, row->holdback_ids,
                                       (i64_array){ helds, row->amounts.n }, row->deal_is_over, &adjusted);
}

static err follow_some(struct task *t, void *context)
{
    const struct holdbacks_returned_row *rows;
    struct walk *w = context;
    TRY(env_of(t)->holdbacks_returned(t, (payment_id){ w->of }, w->name, w->step_most, &rows, &w->n));
    for (size_t i = 0; i < w->n; i++)
        walk_note(t, w, follow(t, &rows[i]));
    if (w->n > 0)
        walk_behind(w, t->now, rows[w->n - 1].payment_id.v);
    return OK;
}

err holdbacks_follow(struct task *t, payment_id payment)
{
    struct walk w = walk_begin(t, WALK_STEP, WALK_LIMIT);
    w.of = payment.v;
    return walk_run(t, &w, follow_some);
}

/* If they cannot be released together, each by itself: one seller's broken balance must keep nobody else waiting. */
static err release(struct task *t, i64_array holdbacks, int64_t *n)
{
    const struct holdbacks_release_row *released;
    err e = env_of(t)->holdbacks_release(t, holdbacks, &released);
    *n += e ? 0 : released->n;
    if (!e || holdbacks.n == 1)
        return e;
    for (size_t i = 0; i < holdbacks.n; i++) {
        e = release(t, (i64_array){ holdbacks.items + i, 1 }, n);
        if (e)
            log_failure(t, e);
    }
    return OK;
}

static err release_some(struct task *t, void *context)
{
    const struct holdbacks_due_row *rows;
    struct walk *w = context;
    TRY(env_of(t)->holdbacks_due(t, w->at, w->id, w->step_most, &rows, &w->n));
    int64_t *ids = arena_array(t->arena, int64_t, w->n + 1);
    for (size_t i = 0; i < w->n; i++)
        ids[i] = rows[i].holdback_id;
    if (w->n == 0)
        return OK;
    w->at = rows[w->n - 1].available_on;
    w->id = rows[w->n - 1].holdback_id;
    return release(t, (i64_array){ ids, w->n }, &w->done);
}

/* After any downtime all that is due at once, in parts, so that no statement is long. */
static err release_all(struct task *t)
{
    struct walk w = walk_begin(t, WALK_STEP, WALK_LIMIT);
    err e = walk_run(t, &w, release_some);
    if (w.done > 0)
        log_info(t, "holdbacks.released", L_I64("parts", w.done));
    return e;
}

err holdbacks_run(struct task *t)
{
    err first = settle_all(t);
    first = failure_first(t, first, holdbacks_follow(t, (payment_id){ STR_NONE }));
    first = failure_first(t, first, release_all(t));
    first = failure_first(t, first, payout_fees_run(t));
    return failure_first(t, first, reserves_run(t));
}
