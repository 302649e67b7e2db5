/*
 * The job of test clocks. A clock is one server's for a moment, by a lease; what is done under it are the steps of the
 * jobs themselves, each of which may be made by several servers at once, and a clock moves by a statement that names
 * where it stood. So a lease that ends too early harms nothing.
 */
#include "paysrv/app.h"
#include "paysrv/flow/bank/test_bank.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/confirmation/confirmation.h"
#include "paysrv/flow/dispute/dispute.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/ledger/holdback.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payment/deal.h"
#include "paysrv/flow/payment/refund_queue.h"
#include "paysrv/flow/payment/saved_card.h"
#include "paysrv/flow/payment/timers.h"
#include "paysrv/flow/payout/payout.h"
#include "paysrv/flow/payout/payout_schedule.h"
#include "paysrv/flow/report/fee_invoice.h"
#include "paysrv/flow/subscription/subscription.h"
#include "paysrv/flow/subscription/unused_refund.h"
#include "paysrv/flow/test_clock.h"
#include "paysrv/flow/transfer/transfer.h"
#include "paysrv/store/test_clock.sql.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/ops/worker.h"

#define LEASE SECONDS(60)
#define TURN_STEPS 100        /* after so many another partner's clock has its turn */
#define ROUND_TURNS 20        /* and after so many the round is over */
#define VAIN_STEPS 20         /* that leave all as it was, and the clock goes on: what is locked is let go meanwhile */
#define REST SECONDS(2)       /* of a clock that is ready, or that waits for the acquirer */
#define LONG_REST SECONDS(10) /* of one whose work comes to nothing, as it does when a row is broken */
#define STEP_MAX_BYTES ((size_t)64 << 20)

/* In this order at one instant: what sells is before what pays out. */
static const struct {
    const char *kind; /* of the view clock_work */
    err (*run)(struct task *t);
} works[] = {
    { "payments", payment_timers_run },
    { "payments", saved_cards_settle },
    { "subscriptions", subscriptions_run },
    { "subscriptions", unused_refunds_run },
    { "disputes", disputes_follow },
    { "holdbacks", deals_run },
    { "holdbacks", holdbacks_run },
    { "holdbacks", refund_queue_run },
    { "payouts", payouts_expire },
    { "schedules", schedules_run },
    { "transfers", transfers_run },
    { "bank", test_bank_run },
    { "confirmations", confirmations_expire },
    { "fee_invoices", fee_invoices_run },
};
#define WORKS (sizeof works / sizeof works[0])

enum step { STEP_ON, STEP_DONE, STEP_WAITS };

struct turn_of {
    partner_id partner;
    instant at, target;
    bool advances;
    enum step step;
    uint64_t left; /* to do, before this step */
    int in_vain;   /* steps at this instant that have left as much */
};

static const struct app *app_of(struct task *t)
{
    return t->app;
}

static const struct test_clock_work_row *work_of(const struct test_clock_work_row *rows, size_t n, const char *kind)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].kind, str_of(kind)))
            return &rows[i];
    return NULL;
}

static uint64_t left_of(const struct test_clock_work_row *rows, size_t n)
{
    uint64_t left = n;
    for (size_t i = 0; i < n; i++)
        left = (left * 31 + (uint64_t)rows[i].n) * 31 + (uint64_t)rows[i].times;
    return left;
}

/* Whether something was due. */
static bool due_do(struct task *t, const struct turn_of *c, const struct test_clock_work_row *rows, size_t n)
{
    bool has_worked = false;
    for (size_t i = 0; i < WORKS; i++) {
        const struct test_clock_work_row *w = work_of(rows, n, works[i].kind);
        if (!w || instant_before(c->at, w->due_at))
            continue;
        has_worked = true;
        err e = works[i].run(t);
        if (e)
            log_failure(t, e); /* one kind of work must not keep the others waiting */
    }
    return has_worked;
}

static err arrive(struct task *t, const struct turn_of *c)
{
    event_id event = { app_of(t)->env->new_id(t->arena, "evt_") };
    int64_t affected;
    CRASH_POINT("test_clock.before_arrival");
    TRY(test_clock_arrive(t, c->partner, c->at, event, test_clock_document(t, c->partner, c->target, NULL), &affected));
    if (affected)
        log_info(t, "test_clock.advanced", L_STR("partner", c->partner.v),
                 L_STR("to", instant_iso(t->arena, c->target)));
    return OK;
}

/* Nothing more is done where it stands: to the next instant, or there it is. What has no outcome yet is waited for. */
static err move(struct task *t, struct turn_of *c, const struct test_clock_work_row *rows, size_t n)
{
    const struct test_clock_waits_row *acquirer;
    int64_t affected;
    instant next = c->target;
    TRY(test_clock_waits(t, c->partner, &acquirer));
    c->step = acquirer->waits ? STEP_WAITS : STEP_ON;
    if (acquirer->waits)
        return OK;
    if (c->at.us == c->target.us) {
        c->step = STEP_DONE;
        return arrive(t, c);
    }
    for (size_t i = 0; i < n; i++)
        if (rows[i].moves_at_given && instant_before(rows[i].moves_at, next))
            next = rows[i].moves_at;
    CRASH_POINT("test_clock.before_move");
    TRY(test_clock_move(t, next, c->partner, c->at, &affected));
    pay_metrics_clock_step(t);
    c->at = next;
    c->in_vain = 0;
    c->step = affected ? STEP_ON : STEP_DONE;
    return OK;
}

static err step(struct task *t, void *context)
{
    struct turn_of *c = context;
    const struct test_clock_work_row *rows;
    size_t n;
    task_begin(t, app_of(t)->env->now());
    clock_set(t, c->partner, c->at);
    c->step = STEP_ON;
    TRY(test_clock_work(t, &rows, &n));
    uint64_t left = left_of(rows, n);
    c->in_vain = left == c->left ? c->in_vain : 0;
    c->left = left;
    if (c->in_vain < VAIN_STEPS && due_do(t, c, rows, n)) {
        c->in_vain++;
        return OK;
    }
    c->step = STEP_DONE;
    return c->advances ? move(t, c, rows, n) : OK;
}

/* How long it rests afterwards. */
static err turn_take(struct task *t, struct turn_of *c, duration *rest)
{
    *rest = (duration){ 0 };
    for (int i = 0; i < TURN_STEPS && c->step == STEP_ON; i++)
        TRY(task_aside(t, STEP_MAX_BYTES, step, c));
    clock_leave(t);
    if (c->step == STEP_WAITS)
        clock_wake(t, "payments.reconcile");
    if (c->step != STEP_ON)
        *rest = c->step == STEP_DONE && c->in_vain == VAIN_STEPS ? LONG_REST : REST;
    return OK;
}

static err claimed_run(struct task *t, const struct test_clock_claim_row *row, instant lease)
{
    struct turn_of c = { .partner = row->partner_id, .advances = row->stands_at_given, .target = row->target };
    int64_t affected;
    duration rest = LONG_REST;
    c.at = row->stands_at_given ? row->stands_at : instant_add(task_wall(t), (duration){ row->ahead_us });
    err e = turn_take(t, &c, &rest);
    if (e)
        log_failure(t, e);
    return test_clock_release(t, instant_add(app_of(t)->env->now(), rest), c.partner, lease, &affected);
}

err clocks_run(struct task *t)
{
    const struct test_clock_claim_row *row;
    const struct test_clocks_count_row *count;
    for (int i = 0; i < ROUND_TURNS; i++) {
        t->now = app_of(t)->env->now(); /* each turn is a task of its own: the lease needs the time of now */
        instant lease = instant_add(t->now, LEASE);
        TRY(test_clock_claim(t, lease, &row));
        if (!row)
            break;
        TRY(claimed_run(t, row, lease));
    }
    TRY(test_clocks_count(t, &count));
    pay_metrics_clocks(count->n, count->advancing);
    return OK;
}
