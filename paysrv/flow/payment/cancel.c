/* Cancellations and voids, step by step. See cancel.h. */
#include "paysrv/flow/payment/cancel.h"

#include "paysrv/app.h"
#include "paysrv/domain/payment/capture.h"
#include "paysrv/faults.h"
#include "paysrv/flow/anomaly.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payment/call.h"
#include "paysrv/flow/payment/capture.h"
#include "paysrv/flow/stored.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

#define TRY_AGAIN HOURS(1)

static const struct app *app_of(struct task *t)
{
    return t->app;
}

static enum payment_status status_of(struct task *t, const struct payment_find_row *p)
{
    return payment_status_at(p->status, p->expires_at, t->now);
}

/* ---- not paid ---- */

err cancel_unpaid(struct task *t, const struct payment_find_row *p, str reason, struct answer *ret, bool *done)
{
    struct payment_find_row closed = *p;
    int64_t affected;
    closed.cancel_reason = reason;
    *ret = (struct answer){ .status = 200, .body = payment_document(t, &closed, PAYMENT_CANCELED) };
    event_id event = { app_of(t)->env->new_id(t->arena, "evt_") };
    TRY(payment_cancel(t, p->payment_id, p->partner_id, reason, event, ret->body, &affected));
    *done = affected == 1;
    if (*done)
        log_info(t, "payment.canceled", L_STR("payment", p->payment_id.v), L_STR("reason", reason));
    return OK;
}

static err unpaid_effect(struct task *t, void *context, struct answer *ret)
{
    const struct cancel_order *o = context;
    bool done;
    TRY(cancel_unpaid(t, o->payment, o->reason, ret, &done));
    if (!done)
        return FAIL_PARAM(t, PAYMENT_STATE, STR("payment"), STR("an attempt to pay it came first"));
    return OK;
}

/* ---- T1 ---- */

static err void_t1(struct task *t, const struct payment_find_row *p, const struct once *once, str reason, str *id,
                   bool *begun)
{
    *id = app_of(t)->env->new_id(t->arena, "void_");
    const struct void_begin_args args = {
        .payment = p->payment_id,
        .partner = p->partner_id,
        .captured = p->captured,
        .route = once ? once->route : STR_NONE,
        .key = once ? once->key : STR_NONE,
        .fingerprint = once ? once->fingerprint : (digest){ { 0 } },
        .release = *id,
        .reason = reason,
        .due = once ? call_due(t) : app_of(t)->env->now(),
    };
    const struct void_begin_row *row;
    CRASH_POINT("void.before_t1");
    TRY(app_of(t)->env->void_begin(t, &args, &row));
    *begun = row->begun;
    CRASH_POINT("void.after_t1");
    return OK;
}

err void_plan(struct task *t, const struct payment_find_row *p, str reason, bool *begun)
{
    str id;
    return void_t1(t, p, NULL, reason, &id, begun);
}

/* ---- T2 ---- */

static err succeed(struct task *t, const struct call_result *in, const struct payment_find_row *p, bool *applied)
{
    struct payment_find_row after = *p;
    after.is_voiding = false;
    enum payment_status status = p->captured > 0 ? PAYMENT_SUCCEEDED : PAYMENT_CANCELED;
    const struct void_succeed_row *row;
    event_id event = { app_of(t)->env->new_id(t->arena, "evt_") };
    str body = payment_document(t, &after, status);
    TRY(app_of(t)->env->void_succeed(t, in->said->ref, in->call->call_id, event, body, in->note.id, in->note.body,
                                     &row));
    *applied = row->applied;
    return OK;
}

static err decline(struct task *t, const struct call_result *in, const struct payment_find_row *p, bool *applied)
{
    struct payment_find_row after = *p;
    after.is_voiding = false;
    after.cancel_reason = STR_NONE;
    const struct void_decline_args args = {
        .acquirer_ref = in->said->ref,
        .decline_code = in->said->decline_code,
        .release = in->call->call_id,
        .again = instant_add(clock_of_wall(t, app_of(t)->env->now()), TRY_AGAIN),
        .event = { app_of(t)->env->new_id(t->arena, "evt_") },
        .data = payment_document(t, &after, PAYMENT_REQUIRES_CAPTURE),
        .rests_since = anomaly_rests_since(t, ANOMALY_VOID_REFUSED),
        .status = FAULT_CANCEL_DECLINED.status,
        .body = problem_document(t, &FAULT_CANCEL_DECLINED, in->call->payment_id, in->said->decline_code),
        .note_id = in->note.id,
        .note = in->note.body,
    };
    const struct void_decline_row *row;
    TRY(app_of(t)->env->void_decline(t, &args, &row));
    *applied = row->applied;
    return OK;
}

err void_settle(struct task *t, const struct call_result *in, const struct payment_find_row *payment, bool *applied)
{
    if (!payment)
        TRY(app_of(t)->env->payment_any(t, in->call->payment_id, &payment));
    if (!payment)
        return FAIL(t, INTERNAL, "a void without its payment");
    CRASH_POINT("void.before_t2_commit");
    if (in->said->outcome == OUTCOME_SUCCEEDED)
        TRY(succeed(t, in, payment, applied));
    else
        TRY(decline(t, in, payment, applied));
    CRASH_POINT("void.after_t2");
    if (*applied) {
        pay_metrics_count(t, COUNT_VOID, in->said->outcome);
        log_info(t, "void.settled", L_STR("void", in->call->call_id), L_STR("payment", in->call->payment_id.v),
                 L_STR("outcome", str_of(outcome_name(in->said->outcome))));
    }
    return OK;
}

/* ---- the whole ---- */

/* 202: the payment as it stands while nobody knows. */
static err answer_pending(struct task *t, payment_id payment, struct answer *ret)
{
    const struct payment_find_row *p = NULL;
    TRY(app_of(t)->env->payment_any(t, payment, &p));
    if (!p)
        return FAIL(t, INTERNAL, "the payment is gone");
    *ret = (struct answer){ .status = p->is_voiding ? 202 : 200, .body = payment_document(t, p, status_of(t, p)) };
    return OK;
}

static err replayed(struct task *t, const struct cancel_order *o, struct answer *ret, bool *found)
{
    const struct stored_question q = { o->payment->partner_id, o->once->route, o->once->key, o->once->fingerprint };
    bool is_unknown;
    TRY(stored_answer(t, &q, ret, found, &is_unknown));
    if (!*found || !is_unknown)
        return OK;
    TRY(answer_pending(t, o->payment->payment_id, ret));
    ret->is_replayed = true;
    return OK;
}

/* Sent, call, T2: the answer is what T2 stored. */
static err void_make(struct task *t, const struct cancel_order *o, str id)
{
    const struct pay_env *env = app_of(t)->env;
    const struct call_find_row *call = NULL;
    struct payment_find_row held = *o->payment;
    struct acquirer_said said;
    int64_t affected;
    bool applied;
    TRY(env->call_find(t, id, &call));
    TRY(env->call_sent(t, call_due(t), id, STR("intent"), &affected));
    CRASH_POINT("void.after_sent");
    if (affected == 0 || !call)
        return OK;
    const struct acquirer_ask ask = operation_ask(call, OP_VOID);
    env->order(t, &ask, &said);
    CRASH_POINT("void.after_call");
    const struct call_result result = { .call = call, .said = &said };
    if (said.outcome != OUTCOME_SUCCEEDED && said.outcome != OUTCOME_DECLINED)
        return call_hold_unknown(t, &result);
    held.cancel_reason = o->reason;
    return void_settle(t, &result, &held, &applied);
}

static err cancel_by_void(struct task *t, const struct cancel_order *o, struct answer *ret)
{
    const struct payment_find_row *p = o->payment;
    const struct stored_question q = { p->partner_id, o->once->route, o->once->key, o->once->fingerprint };
    bool begun, found;
    str id;
    TRY(void_t1(t, p, o->once, o->reason, &id, &begun));
    if (!begun) {
        TRY(replayed(t, o, ret, &found));
        return found ? OK : FAIL_PARAM(t, PAYMENT_STATE, STR("payment"), STR("a capture or a void of it came first"));
    }
    TRY(void_make(t, o, id));
    TRY(stored_own(t, &q, ret, &found));
    if (!found)
        TRY(answer_pending(t, p->payment_id, ret));
    CRASH_POINT("void.before_reply");
    return OK;
}

err cancel_run(struct task *t, const struct cancel_order *o, struct answer *ret)
{
    const struct payment_find_row *p = o->payment;
    struct cancel_order effect = *o;
    bool found;
    TRY(replayed(t, o, ret, &found));
    if (found)
        return OK;
    switch (cancel_judge(status_of(t, p), p->capturing > 0 || p->refunding > 0 || p->is_voiding)) {
    case CANCEL_AT_ONCE:
        return once_run(t, p->partner_id, o->once, p->payment_id.v, unpaid_effect, &effect, ret);
    case CANCEL_BY_VOID:
        return cancel_by_void(t, o, ret);
    case CANCEL_WAIT:
        return FAIL_PARAM(t, PAYMENT_STATE, STR("payment"),
                          STR("an attempt, a capture, a refund or a void of it has no outcome yet"));
    case CANCEL_NEVER:
        break;
    }
    return FAIL_PARAM(
        t, PAYMENT_STATE, STR("payment"),
        arena_printf(t->arena, "it is %.*s, and cannot be canceled", STR_ARG(payment_status_name(status_of(t, p)))));
}
