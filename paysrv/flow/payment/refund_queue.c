/* See refund_queue.h. */
#include "paysrv/flow/payment/refund_queue.h"

#include <stdio.h>

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/once.h"
#include "paysrv/flow/outgoing.h"
#include "paysrv/flow/payment/acquirer_round.h"
#include "paysrv/store/event.sql.h"
#include "paysrv/store/refund_policy.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

#define QUEUE_ROUTE STR("refund_queue") /* no request can name it */
#define QUEUED STR("queued")
#define FAILED STR("failed")
#define CANCELED STR("canceled")

static const struct app *app_of(struct task *t)
{
    return t->app;
}

/* Without shares: they are those of the moment when it begins. */
static struct refund_find_row refund_of(const struct refund_queue_find_row *q)
{
    return (struct refund_find_row){
        .refund_id = q->refund_id,
        .partner_id = q->partner_id,
        .payment_id = q->payment_id,
        .user_id = q->user_id,
        .currency = q->currency,
        .amount = q->amount,
        .status = q->status,
        .decline_code = q->decline_code,
        .external_id = q->external_id,
        .reason = q->reason,
        .reason_code = q->reason_code,
        .initiated_by = q->initiated_by,
        .created_at = q->created_at,
    };
}

static err tell(struct task *t, const struct refund_find_row *r, const char *type, str body)
{
    int64_t told;
    const event_id id = { app_of(t)->env->new_id(t->arena, "evt_") };
    return event_insert(t, id, r->partner_id, str_of(type), r->refund_id.v, body, &told);
}

/* ---- it is asked for ---- */

struct enqueue {
    const struct refund_order *order;
    const struct refund_find_row *refund;
    const struct refund_wait *wait;
};

static str fees_text(struct task *t, const struct refund_fees *fees)
{
    return arena_printf(t->arena, "%.*s %.*s", STR_ARG(refund_fee_name(fees->platform)),
                        STR_ARG(refund_fee_name(fees->partner)));
}

static bool fees_of(str text, struct refund_fees *ret)
{
    str rest = text, head;
    return str_cut(&rest, ' ', &head) && refund_fee_parse(head, &ret->platform) &&
           refund_fee_parse(rest, &ret->partner);
}

/* No more waits of a payment than is left of it: also of those that are asked for at once. */
static err left_check(struct task *t, const struct refund_find_row *r)
{
    const struct refund_unasked_row *left;
    TRY(refund_unasked(t, r->payment_id, &left));
    if (r->amount <= left->amount)
        return OK;
    return FAIL_PARAM(t, REFUND_TOO_LARGE, STR("amount"),
                      arena_printf(t->arena, "at most %lld is left beside what waits", (long long)left->amount));
}

static err enqueue(struct task *t, void *context, struct answer *ret)
{
    const struct enqueue *q = context;
    const struct refund_order *o = q->order;
    struct refund_find_row r = *q->refund;
    int64_t affected;
    const struct refund_enqueue_args args = {
        .refund = r.refund_id,
        .partner = r.partner_id,
        .payment = r.payment_id,
        .user = q->wait->seller,
        .currency = r.currency,
        .amount = r.amount,
        .needs = q->wait->needs_minor,
        .external_id = o->external_id,
        .reason = o->reason,
        .reason_code = o->reason_code,
        .initiated_by = o->by,
        .initiator = o->initiator,
        .fees = fees_text(t, &o->fees),
        .days = q->wait->days,
    };
    r.share_users = (str_array){ 0 };
    r.platform_amount = r.partner_amount = r.seller_amount = 0;
    *ret = (struct answer){ .status = 202, .body = refund_document(t, &r, QUEUED, STR_NONE) };
    TRY(left_check(t, &r));
    TRY(refund_enqueue(t, &args, &affected));
    return tell(t, &r, "refund.queued", ret->body);
}

err refund_enqueue_run(struct task *t, const struct refund_order *o, const struct refund_find_row *r,
                       const struct refund_wait *wait, struct answer *ret)
{
    struct enqueue q = { o, r, wait };
    const struct once once = { .given = true, .key = o->key, .route = o->route, .fingerprint = o->fingerprint };
    CRASH_POINT("refund.before_queue");
    return once_run(t, r->partner_id, &once, r->refund_id.v, enqueue, &q, ret);
}

err refund_queue_write(struct task *t, struct json *j, payment_id payment)
{
    const struct refund_queue_find_row *rows;
    size_t n;
    TRY(refund_queue_find(t, payment, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        const struct refund_find_row r = refund_of(&rows[i]);
        refund_write(j, &r, r.status, r.decline_code);
    }
    return OK;
}

err refund_queued_read(struct task *t, refund_id refund, partner_id partner, str subject, struct refund_find_row *ret)
{
    const struct refund_queue_find_row *q;
    TRY(refund_queued(t, refund, partner, subject, &q));
    if (!q)
        return FAIL(t, NOT_FOUND, "no refund of this caller");
    *ret = refund_of(q);
    return OK;
}

/* ---- it is taken back ---- */

static err cancel(struct task *t, void *context, struct answer *ret)
{
    const struct refund_queue_find_row *q = context;
    const struct refund_find_row r = refund_of(q);
    int64_t affected;
    *ret = (struct answer){ .status = 200, .body = refund_document(t, &r, CANCELED, STR_NONE) };
    TRY(refund_queue_leave(t, CANCELED, STR_NONE, q->refund_id, &affected));
    if (affected == 0)
        return FAIL_PARAM(t, PAYMENT_STATE, STR("refund"), STR("it does not wait any more"));
    return tell(t, &r, "refund.canceled", ret->body);
}

err refund_cancel_run(struct task *t, const struct refund_cancel_order *o, struct answer *ret)
{
    const struct refund_queue_find_row *q;
    TRY(refund_queued(t, o->refund, o->partner, o->subject, &q));
    if (!q)
        return FAIL(t, NOT_FOUND, "no refund of this caller that waited");
    struct refund_queue_find_row row = *q;
    TRY(clock_enter(t, q->partner_id));
    CRASH_POINT("refund.before_cancel");
    str op = arena_printf(t->arena, "cancel %.*s", STR_ARG(q->refund_id.v));
    TRY(once_run(t, q->partner_id, o->once, op, cancel, &row, ret));
    log_info(t, "refund.canceled", L_STR("refund", q->refund_id.v));
    return OK;
}

/* ---- the job ---- */

struct leave {
    const struct refund_queue_find_row *queued;
    str code; /* absent: it has begun */
};

static err leave_in_tx(struct task *t, void *context)
{
    const struct leave *l = context;
    struct refund_find_row r = refund_of(l->queued);
    int64_t affected;
    bool has_begun = !str_given(l->code);
    TRY(refund_queue_leave(t, has_begun ? STR("started") : FAILED, l->code, l->queued->refund_id, &affected));
    if (has_begun || affected == 0)
        return OK;
    return tell(t, &r, "refund.failed", refund_document(t, &r, FAILED, l->code));
}

static err leave(struct task *t, const struct refund_queue_find_row *q, const char *code)
{
    struct leave l = { q, str_of(code) };
    return db_tx(t, leave_in_tx, &l);
}

static err begin(struct task *t, const struct refund_queue_find_row *q)
{
    struct answer answer;
    const struct payment_find_row *payment = NULL;
    struct refund_order order = { .route = QUEUE_ROUTE,
                                  .key = q->refund_id.v,
                                  .fingerprint = sha256(bytes_of(q->refund_id.v)),
                                  .wanted_minor = q->amount,
                                  .external_id = q->external_id,
                                  .reason = q->reason,
                                  .reason_code = q->reason_code,
                                  .by = q->initiated_by,
                                  .initiator = q->initiator,
                                  .queued = q->refund_id.v };
    TRY(app_of(t)->env->payment_any(t, q->payment_id, &payment));
    if (!payment || !fees_of(q->fees, &order.fees))
        return FAIL(t, INTERNAL, "a refund that waits without its payment");
    order.payment = payment;
    CRASH_POINT("refund.before_queued");
    err e = refund_run(t, &order, &answer);
    CRASH_POINT("refund.after_queued");
    if (!e)
        return leave(t, q, NULL);
    if (e->fault == &FAULT_REFUND_TOO_LARGE)
        return leave(t, q, "refund_too_large"); /* a dispute took it meanwhile */
    return e;
}

/* What stands in its way may stay there: it leaves when its time is over, and those behind it do not wait for it. */
static err look(struct task *t, const struct refund_queue_find_row *q)
{
    err e = begin(t, q);
    if (!e || instant_before(t->now, q->ends_at) || e->fault == &FAULT_UNAVAILABLE)
        return e;
    if (e->fault == &FAULT_INSUFFICIENT_FUNDS || e->fault == &FAULT_PAYMENT_STATE)
        return leave(t, q, "not_funded");
    log_failure(t, e);
    return leave(t, q, "not_possible");
}

err refund_queue_run(struct task *t)
{
    const struct refund_queue_find_row *rows;
    struct acquirer_round round = { 0 };
    size_t n;
    if (outgoing_is_held(t))
        return OK;
    TRY(refund_queue_due(t, &rows, &n));
    for (size_t i = 0; i < n && acquirer_round_goes_on(t, &round); i++) {
        err e = look(t, &rows[i]);
        if (e && e->fault != &FAULT_INSUFFICIENT_FUNDS && e->fault != &FAULT_PAYMENT_STATE)
            log_failure(t, e);
    }
    return OK;
}
