/* The charge protocol, step by step. See charge.h; each step is a function of its own with its crash point. */
#include "paysrv/flow/payment/charge.h"

#include "paysrv/app.h"
#include "paysrv/domain/ledger/posting.h"
#include "paysrv/domain/payment/capture.h"
#include "paysrv/faults.h"
#include "paysrv/flow/acquirer/connector.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/once.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payment/call.h"
#include "paysrv/flow/payment/late.h"
#include "paysrv/flow/payment/saved_card.h"
#include "paysrv/flow/stored.h"
#include "paysrv/flow/stores/split.h"
#include "paysrv/flow/stores/store_state.h"
#include "paysrv/store/transfer.rows.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

#define ACTION_ASK_AFTER MINUTES(2)
#define TRANSFER_ASK_AFTER HOURS(6) /* the bank's lines say it before */

static const struct app *app_of(struct task *t)
{
    return t->app;
}

struct acquirer_ask charge_ask(const struct call_find_row *call)
{
    return (struct acquirer_ask){
        .op = str_eq(call->op, call_op_name(OP_AUTHORIZE)) ? OP_AUTHORIZE : OP_CHARGE,
        .acquirer = call->acquirer,
        .key = call->call_id,
        .amount_minor = call->amount,
        .currency = call->currency,
        .reference = call->payment_id.v,
        .token = call->token,
        .descriptor = call->descriptor,
        .return_url = call->return_url,
        .ref = call->acquirer_ref,
    };
}

/* ---- T1 ---- */

static err make_and_begin(struct task *t, const struct step_create *making, struct step_begin *step)
{
    struct step_create make = *making;
    make.begin = step;
    return app_of(t)->env->payment_create(t, &make);
}

static err charge_t1(struct task *t, const struct charge_order *o, struct step_begin *step)
{
    *step = (struct step_begin){
        .partner = o->partner,
        .payment = o->payment,
        .charge = { app_of(t)->env->new_id(t->arena, "cha_") },
        .route = o->route,
        .key = o->key,
        .fingerprint = o->fingerprint,
        .token = o->token,
        .return_url = o->return_url,
        .method = payment_method_name(o->method),
        .acquirer = str_of(o->acquirer->name),
        .due = call_due(t),
    };
    CRASH_POINT("charge.before_t1");
    TRY(o->making ? make_and_begin(t, o->making, step) : app_of(t)->env->charge_begin(t, step));
    CRASH_POINT("charge.after_t1");
    return OK;
}

/* ---- T2 ---- */

static err succeed(struct task *t, const struct charge_result *in, struct answer *ret, bool *applied)
{
    const struct payment_find_row *p = in->payment;
    const struct shares shares = { p->platform_amount, p->partner_amount, p->seller_amount };
    struct posting posting;
    if (!posting_of_charge(in->call->amount, &shares, &posting))
        return FAIL(t, INTERNAL, "the shares of the payment do not sum to its amount");
    *ret = (struct answer){ .status = 200, .body = payment_document(t, p, PAYMENT_SUCCEEDED) };
    struct step_succeed step = {
        .charge = { in->call->call_id },
        .payment = in->call->payment_id,
        .acquirer_ref = in->said->ref,
        .posting = &posting,
        .clearing = acquirer_clearing(in->call->acquirer),
        .card = in->said->card,
        .event = app_of(t)->env->new_id(t->arena, "evt_"),
        .body = ret->body,
        .note_id = in->note.id,
        .note = in->note.body,
    };
    TRY(app_of(t)->env->charge_succeed(t, &step));
    *applied = step.applied;
    return OK;
}

static err authorize(struct task *t, const struct charge_result *in, struct answer *ret, bool *applied)
{
    const struct app *app = app_of(t);
    struct payment_find_row p = *in->payment;
    p.authorized_until = clock_of_wall(t, in->said->authorized_until);
    p.authorized_until_given = true;
    *ret = (struct answer){ .status = 200, .body = payment_document(t, &p, PAYMENT_REQUIRES_CAPTURE) };
    const struct charge_authorize_args args = {
        .acquirer_ref = in->said->ref,
        .card = in->said->card,
        .charge = { in->call->call_id },
        .until = p.authorized_until,
        .timer = authorization_timer(p.authorized_until, app->config.authorization_warning,
                                     clock_of_wall(t, app->env->now())),
        .event = { app->env->new_id(t->arena, "evt_") },
        .body = ret->body,
        .note_id = in->note.id,
        .note = in->note.body,
    };
    const struct charge_authorize_row *row;
    TRY(app->env->charge_authorize(t, &args, &row));
    *applied = row->applied;
    return OK;
}

static err decline(struct task *t, const struct charge_result *in, struct answer *ret, bool *applied)
{
    struct payment_find_row tried = *in->payment;
    tried.decline_code = in->said->decline_code;
    const struct fault *fault =
        payment_method_of(in->payment->method) == METHOD_CARD ? &FAULT_CARD_DECLINED : &FAULT_PAYMENT_DECLINED;
    *ret = (struct answer){ .status = fault->status,
                            .body = problem_document(t, fault, in->call->payment_id, in->said->decline_code) };
    const struct charge_decline_args args = {
        .charge = { in->call->call_id },
        .acquirer_ref = in->said->ref,
        .decline_code = in->said->decline_code,
        .event = { app_of(t)->env->new_id(t->arena, "evt_") },
        .data = payment_document(t, &tried, PAYMENT_REQUIRES_PAYMENT_METHOD),
        .status = ret->status,
        .body = ret->body,
        .note_id = in->note.id,
        .note = in->note.body,
    };
    const struct charge_decline_row *row;
    TRY(app_of(t)->env->charge_decline(t, &args, &row));
    *applied = row->applied;
    return OK;
}

static err challenge(struct task *t, const struct charge_result *in, struct answer *ret, bool *applied)
{
    const struct transfer_find_row *transfer = in->said->transfer;
    struct payment_find_row p = *in->payment;
    if (transfer)
        p.expires_at = transfer->waits_until;
    *ret = (struct answer){ .status = 200, .body = action_document(t, &p, in->said) };
    const struct charge_challenge_args args = {
        .charge = { in->call->call_id },
        .acquirer_ref = in->said->ref,
        .action_url = in->said->action_url,
        .due = instant_add(app_of(t)->env->now(), transfer ? TRANSFER_ASK_AFTER : ACTION_ASK_AFTER),
        .until = transfer ? &transfer->waits_until : NULL,
        .event = { app_of(t)->env->new_id(t->arena, "evt_") },
        .data = ret->body,
        .status = ret->status,
        .body = ret->body,
    };
    const struct charge_challenge_row *row;
    TRY(app_of(t)->env->charge_challenge(t, &args, &row));
    *applied = row->applied;
    return OK;
}

/* T2 proper: the payment is there and the outcome is one. */
static err charge_t2(struct task *t, const struct charge_result *in, struct answer *ret, bool *applied)
{
    CRASH_POINT("charge.before_t2_commit");
    switch (in->said->outcome) {
    case OUTCOME_SUCCEEDED:
        if (in->call->is_abandoned)
            TRY(late_success_take(t, &(struct call_result){ in->call, in->said, in->note }, applied));
        else if (in->payment->captured_given)
            TRY(authorize(t, in, ret, applied));
        else
            TRY(succeed(t, in, ret, applied));
        break;
    case OUTCOME_DECLINED:
        TRY(decline(t, in, ret, applied));
        break;
    case OUTCOME_ACTION:
        TRY(challenge(t, in, ret, applied));
        break;
    case OUTCOME_UNKNOWN:
        break;
    }
    CRASH_POINT("charge.after_t2");
    return OK;
}

/* Kept first, and shown by what T2 writes. */
static err authentication_keep(struct task *t, struct charge_result *whole)
{
    const str said = three_d_secure_text(t->arena, whole->said->three_d_secure);
    int64_t kept;
    if (!str_given(said))
        return OK;
    struct payment_find_row *shown = arena_new(t->arena, struct payment_find_row);
    *shown = *whole->payment;
    shown->three_d_secure = said;
    whole->payment = shown;
    return app_of(t)->env->attempt_authenticated(t, said, whole->call->call_id, &kept);
}

/* Written by T2 itself, and shown by it. */
static void card_show(struct task *t, struct charge_result *whole)
{
    if (whole->said->outcome != OUTCOME_SUCCEEDED || !str_given(whole->said->card))
        return;
    struct payment_find_row *shown = arena_new(t->arena, struct payment_find_row);
    *shown = *whole->payment;
    shown->card = whole->said->card;
    whole->payment = shown;
}

err charge_settle(struct task *t, const struct charge_result *in, struct answer *ret, bool *applied)
{
    struct charge_result whole = *in;
    struct answer unused;
    *applied = false;
    if (in->said->outcome == OUTCOME_UNKNOWN)
        return call_hold_unknown(t, &(struct call_result){ in->call, in->said, in->note });
    if (!whole.payment)
        TRY(app_of(t)->env->payment_any(t, in->call->payment_id, &whole.payment));
    if (!whole.payment)
        return FAIL(t, INTERNAL, "a charge without its payment");
    TRY(authentication_keep(t, &whole));
    card_show(t, &whole);
    TRY(charge_t2(t, &whole, ret ? ret : &unused, applied));
    if (*applied) {
        pay_metrics_count(t, COUNT_PAYMENT, in->said->outcome);
        log_info(t, "charge.settled", L_STR("payment", in->call->payment_id.v), L_STR("charge", in->call->call_id),
                 L_STR("acquirer", in->call->acquirer), L_STR("outcome", str_of(outcome_name(in->said->outcome))),
                 L_STR("decline_code", in->said->decline_code));
    }
    return OK;
}

/* ---- the whole ---- */

/* 202: the payment as it stands while nobody knows. */
static err answer_processing(struct task *t, payment_id payment, struct answer *ret)
{
    const struct payment_find_row *p = NULL;
    TRY(app_of(t)->env->payment_any(t, payment, &p));
    if (!p)
        return FAIL(t, NOT_FOUND, "the payment is gone");
    enum payment_status status = payment_status_at(p->status, p->expires_at, t->now);
    ret->status = status == PAYMENT_PROCESSING ? 202 : 200;
    ret->body = payment_document(t, p, status);
    return OK;
}

static err not_ready(struct task *t, const struct charge_order *o)
{
    const struct payment_find_row *p = NULL;
    if (o->making) {
        TRY(store_sells_now(t, o->making->payment->store_id, true));
        TRY(split_users_are_there(t, o->partner, &o->making->payment->share_users));
        return FAIL(t, UNAVAILABLE, "the key was taken and given back meanwhile");
    }
    TRY(app_of(t)->env->payment_any(t, o->payment, &p));
    if (!p || !str_eq(p->partner_id.v, o->partner.v))
        return FAIL(t, NOT_FOUND, "no such payment for this caller");
    enum payment_status status = payment_status_at(p->status, p->expires_at, t->now);
    if (status == PAYMENT_EXPIRED)
        return FAIL(t, PAYMENT_EXPIRED, "expired");
    if (status == PAYMENT_REQUIRES_PAYMENT_METHOD) {
        TRY(store_sells_now(t, p->store_id, true));
        TRY(split_users_are_there(t, o->partner, &p->share_users));
    }
    if (!payment_methods_allow(p->methods, o->method))
        return FAIL_PARAM(t, METHOD_UNAVAILABLE, STR("method"),
                          str_of(method_verdict_text(acquirer_method_judge(t, p, o->method))));
    str name = payment_status_name(status);
    return FAIL_PARAM(
        t, PAYMENT_STATE, STR("payment"),
        arena_printf(t->arena, "it is %.*s, and can be confirmed only in requires_payment_method", STR_ARG(name)));
}

/* The key's own attempt says which payment it is of. */
static err answer_unknown(struct task *t, const struct stored_question *q, struct answer *ret)
{
    const struct pay_env *env = app_of(t)->env;
    const struct idempotency_find_row *key = NULL;
    const struct call_find_row *call = NULL;
    TRY(env->idempotency_find(t, q->partner, q->route, q->key, &key));
    if (key)
        TRY(env->call_find(t, key->op, &call));
    if (!call)
        return FAIL(t, UNAVAILABLE, "the key vanished between two statements");
    ret->is_replayed = true;
    return answer_processing(t, call->payment_id, ret);
}

static err stored(struct task *t, const struct stored_question *q, bool *found, struct answer *ret)
{
    bool is_unknown;
    TRY(stored_answer(t, q, ret, found, &is_unknown));
    return *found && is_unknown ? answer_unknown(t, q, ret) : OK;
}

err charge_stored(struct task *t, partner_id partner, const struct once *once, bool *found, struct answer *ret)
{
    const struct stored_question q = { partner, once->route, once->key, once->fingerprint };
    *found = false;
    return once->given ? stored(t, &q, found, ret) : OK;
}

/* T1 did not begin: the key was there before, or the payment is not ready. */
static err charge_not_begun(struct task *t, const struct charge_order *o, const struct stored_question *q,
                            struct answer *ret)
{
    bool found;
    TRY(stored(t, q, &found, ret));
    return found ? OK : not_ready(t, o);
}

/* The call, T2. *applied is false when the outcome is not ours to tell: unknown, or told by somebody else. */
static err charge_make(struct task *t, const struct charge_order *o, const struct step_begin *begun, struct answer *ret,
                       bool *applied)
{
    const struct payment_find_row *p = &begun->made;
    const struct call_find_row call = {
        .call_id = begun->charge.v,
        .op = call_op_name(p->captured_given ? OP_AUTHORIZE : OP_CHARGE),
        .partner_id = p->partner_id,
        .payment_id = p->payment_id,
        .amount = p->amount,
        .currency = p->currency,
        .token = o->token,
        .return_url = str_given(o->return_url) ? o->return_url : p->return_url,
        .acquirer = begun->acquirer,
        .descriptor = begun->descriptor,
    };
    struct acquirer_said said;
    *applied = false;
    struct acquirer_ask ask = charge_ask(&call);
    ask.locale = p->locale;
    TRY(saved_card_instrument(t, &ask));
    app_of(t)->env->order(t, &ask, &said);
    CRASH_POINT("charge.after_call");
    const struct charge_result result = { .call = &call, .payment = p, .said = &said };
    return call_unbooked(t, charge_settle(t, &result, ret, applied));
}

/*
 * The attempt before this one is given up, unless this request was here before: then the attempt may be its own. The
 * attempt is read first: T1 writes attempt and key at once, so whoever sees its own attempt sees its key afterwards.
 */
static err give_up_before(struct task *t, const struct charge_order *o)
{
    const struct pay_env *env = app_of(t)->env;
    const struct payment_find_row *p = NULL;
    const struct idempotency_find_row *key = NULL;
    int64_t given_up;
    TRY(env->payment_any(t, o->payment, &p));
    TRY(env->idempotency_find(t, o->partner, o->route, o->key, &key));
    return p && !key ? env->attempt_abandon(t, o->payment, o->partner, p->charge_id, &given_up) : OK;
}

/* Whether the payment can be paid so, which never changes. */
static err method_judge(struct task *t, const struct charge_order *o, const struct payment_find_row *p)
{
    enum method_verdict verdict = acquirer_method_judge(t, p, o->method);
    str field = o->making ? STR("confirm.method") : STR("method");
    return verdict == METHOD_GOOD ? OK : FAIL_PARAM(t, METHOD_UNAVAILABLE, field, str_of(method_verdict_text(verdict)));
}

/* Of other methods than cards: that it can be paid so, and where that is booked. */
static err method_prepare(struct task *t, const struct charge_order *o)
{
    const struct pay_env *env = app_of(t)->env;
    const struct payment_find_row *p = o->making ? o->making->payment : NULL;
    int64_t opened;
    if (!p)
        TRY(env->payment_any(t, o->payment, &p));
    if (!p || !str_eq(p->partner_id.v, o->partner.v))
        return FAIL(t, NOT_FOUND, "no such payment for this caller");
    if (!o->making)
        TRY(method_judge(t, o, p));
    if (!(o->acquirer->can & CAN_STAY) && !str_given(o->return_url) && !str_given(p->return_url))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("return_url"), STR("is required: the payment has none either"));
    return env->clearing_open(t, o->partner, str_of(o->acquirer->clearing), p->currency, &opened);
}

err charge_run(struct task *t, const struct charge_order *order, struct answer *ret)
{
    struct charge_order whole = *order, *o = &whole;
    const struct stored_question q = { o->partner, o->route, o->key, o->fingerprint };
    struct step_begin begin;
    bool applied, found = true;
    *ret = (struct answer){ .status = 202 };
    if (o->making)
        TRY(method_judge(t, o, o->making->payment));
    TRY(acquirer_usable(t, o->method, &whole.acquirer));
    if (o->method != METHOD_CARD)
        TRY(method_prepare(t, o));
    if (o->is_instead)
        TRY(give_up_before(t, o));
    TRY(charge_t1(t, o, &begin));
    if (!begin.begun)
        return charge_not_begun(t, o, &q, ret);
    TRY(charge_make(t, o, &begin, ret, &applied));
    if (!applied)
        TRY(stored_own(t, &q, ret, &found));
    if (!found)
        TRY(answer_processing(t, o->payment, ret));
    CRASH_POINT("charge.before_reply");
    return OK;
}

err charge_refresh(struct task *t, charge_id charge)
{
    const struct call_find_row *call = NULL;
    struct acquirer_said said;
    enum call_state state;
    bool applied;
    TRY(app_of(t)->env->call_find(t, charge.v, &call));
    if (!call || !call_state_parse(call->state, &state) || state == CALL_OK || state == CALL_DECLINED)
        return OK;
    const struct acquirer_ask ask = charge_ask(call);
    app_of(t)->env->query(t, &ask, &said);
    if (said.outcome == OUTCOME_UNKNOWN || (said.outcome == OUTCOME_ACTION && state == CALL_ACTION))
        return OK;
    const struct charge_result result = { .call = call, .said = &said };
    return charge_settle(t, &result, NULL, &applied);
}
