/* Captures, step by step. See capture.h. */
#include "paysrv/flow/payment/capture.h"

#include "paysrv/app.h"
#include "paysrv/domain/payment/capture.h"
#include "paysrv/faults.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payment/call.h"
#include "paysrv/flow/payment/receipt.h"
#include "paysrv/flow/stored.h"
#include "paysrv/flow/stores/split.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

static const struct app *app_of(struct task *t)
{
    return t->app;
}

struct acquirer_ask operation_ask(const struct call_find_row *call, enum call_op op)
{
    return (struct acquirer_ask){
        .op = op,
        .acquirer = call->acquirer,
        .key = call->call_id,
        .amount_minor = call->amount,
        .currency = call->currency,
        .reference = call->call_id,
        .charge_ref = call->charge_ref,
    };
}

/* ---- T1 ---- */

static err judge(struct task *t, const struct capture_order *o, const struct split_profile *split, int64_t *amount,
                 int64_t *shares)
{
    const struct payment_find_row *p = o->payment;
    const struct capture_basis basis = {
        .status = payment_status_at(p->status, p->expires_at, t->now),
        .amount_minor = p->amount,
        .captured_minor = p->captured,
        .returned_minor = p->refunded + p->disputed,
        .is_busy = p->refunding > 0 || p->capturing > 0 || p->is_voiding,
        .authorized_until = p->authorized_until,
        .split = split,
    };
    enum capture_verdict verdict = capture_judge(&basis, o->wanted_minor, t->now, amount, shares);
    switch (verdict) {
    case CAPTURE_GOOD:
        return OK;
    case CAPTURE_NOT_AUTHORIZED:
    case CAPTURE_OPEN:
        return FAIL_PARAM(t, PAYMENT_STATE, STR("payment"), str_of(capture_verdict_name(verdict)));
    case CAPTURE_EXPIRED:
        return FAIL_PARAM(t, AUTHORIZATION_EXPIRED, STR("payment"), str_of(capture_verdict_name(verdict)));
    case CAPTURE_TOO_LARGE:
        break;
    }
    return FAIL_PARAM(t, CAPTURE_TOO_LARGE, STR("amount"),
                      arena_printf(t->arena, "at most %lld is left", (long long)(p->amount - p->captured)));
}

/* The capture as it will be: what each receiver gets of it is decided here. */
static err capture_plan(struct task *t, const struct capture_order *o, struct capture_find_row *ret)
{
    const struct payment_find_row *p = o->payment;
    struct split_profile split;
    int64_t amount, shares[SPLIT_RULES_MAX];
    struct sellers *sellers = arena_new(t->arena, struct sellers);
    if (o->split)
        split = *o->split;
    else
        TRY(split_of_payment(t, p, &split));
    TRY(judge(t, o, &split, &amount, shares));
    TRY(acquirer_capture_check(t, p, o->is_final || p->captured + amount == p->amount));
    TRY(acquirer_part_check(t, p, OP_CAPTURE, amount));
    const struct shares of_parties = shares_of(&split, shares);
    *sellers = sellers_of(&split, p->user_id.v, shares);
    *ret = (struct capture_find_row){
        .capture_id = app_of(t)->env->new_id(t->arena, "cap_"),
        .partner_id = p->partner_id,
        .payment_id = p->payment_id,
        .currency = p->currency,
        .amount = amount,
        .is_final = o->is_final || p->captured + amount == p->amount,
        .platform_amount = of_parties.platform,
        .partner_amount = of_parties.partner,
        .seller_amount = of_parties.seller,
        .user_id = p->user_id,
        .share_users = { sellers->users, sellers->n },
        .share_amounts = { sellers->amounts, sellers->n },
        .split_profile_id = o->split ? o->split_profile_id : STR_NONE,
        .status = STR("pending"),
        .created_at = t->now,
    };
    return OK;
}

static err capture_t1(struct task *t, const struct capture_order *o, const struct capture_find_row *c, bool *begun)
{
    const struct capture_begin_args args = {
        .share_users = c->share_users,
        .share_amounts = c->share_amounts,
        .payment = c->payment_id,
        .partner = c->partner_id,
        .captured = o->payment->captured,
        .returned = o->payment->refunded + o->payment->disputed,
        .amount = c->amount,
        .route = o->route,
        .key = o->key,
        .fingerprint = o->fingerprint,
        .capture = c->capture_id,
        .final = c->is_final,
        .platform_amount = c->platform_amount,
        .partner_amount = c->partner_amount,
        .seller_amount = c->seller_amount,
        .split_profile_id = c->split_profile_id,
        .due = call_due(t),
    };
    const struct capture_begin_row *row;
    CRASH_POINT("capture.before_t1");
    TRY(app_of(t)->env->capture_begin(t, &args, &row));
    *begun = row->begun;
    CRASH_POINT("capture.after_t1");
    return OK;
}

/* ---- T2 ---- */

/* The payment as it is when this capture has succeeded: nothing else can change it before that. */
static struct payment_find_row payment_after(struct task *t, const struct payment_find_row *p,
                                             const struct capture_find_row *c)
{
    struct payment_find_row ret = *p;
    bool first = p->captured == 0, shared = str_given(c->split_profile_id) || p->share_users.n > 0;
    ret.captured = p->captured + c->amount;
    ret.capturing = 0;
    ret.platform_amount = c->platform_amount + (first ? 0 : p->platform_amount);
    ret.partner_amount = c->partner_amount + (first ? 0 : p->partner_amount);
    ret.seller_amount = c->seller_amount + (first ? 0 : p->seller_amount);
    if (str_given(c->split_profile_id))
        ret.split_profile_id = c->split_profile_id;
    if (!shared)
        return ret;
    int64_t *amounts = arena_array(t->arena, int64_t, c->share_amounts.n + 1);
    for (size_t i = 0; i < c->share_amounts.n; i++)
        amounts[i] = c->share_amounts.items[i] + (first ? 0 : p->share_amounts.items[i]);
    ret.share_users = c->share_users;
    ret.share_amounts = (i64_array){ amounts, c->share_amounts.n };
    return ret;
}

static err succeed(struct task *t, const struct call_result *in, const struct capture_made *made, struct answer *ret,
                   bool *applied)
{
    const struct capture_find_row *c = made->capture;
    const struct pay_env *env = app_of(t)->env;
    const struct payment_find_row after = payment_after(t, made->payment, c);
    const struct shares shares = { c->platform_amount, c->partner_amount, c->seller_amount };
    struct posting posting;
    if (!posting_of_charge(in->call->amount, &shares, &posting))
        return FAIL(t, INTERNAL, "the shares of the capture do not sum to its amount");
    enum payment_status status = c->is_final ? PAYMENT_SUCCEEDED : PAYMENT_REQUIRES_CAPTURE;
    *ret = (struct answer){ .status = 200, .body = captured_document(t, &after, status, c, STR("succeeded")) };
    const struct capture_succeed_args args = {
        .acquirer_ref = in->said->ref,
        .capture = c->capture_id,
        .kinds = posting_kinds(&posting),
        .amounts = posting_amounts(&posting),
        .clearing = acquirer_clearing(in->call->acquirer),
        .event = { env->new_id(t->arena, "evt_") },
        .body = ret->body,
        .last_event = { env->new_id(t->arena, "evt_") },
        .status = ret->status,
        .note_id = in->note.id,
        .note = in->note.body,
    };
    const struct capture_succeed_row *row;
    TRY(env->capture_succeed(t, &args, &row));
    *applied = row->applied;
    return OK;
}

static err decline(struct task *t, const struct call_result *in, const struct capture_made *made, struct answer *ret,
                   bool *applied)
{
    struct payment_find_row after = *made->payment;
    after.capturing = 0;
    *ret = (struct answer){ .status = FAULT_CAPTURE_DECLINED.status,
                            .body = problem_document(t, &FAULT_CAPTURE_DECLINED, in->call->payment_id,
                                                     in->said->decline_code) };
    const struct capture_decline_args args = {
        .acquirer_ref = in->said->ref,
        .decline_code = in->said->decline_code,
        .capture = made->capture->capture_id,
        .event = { app_of(t)->env->new_id(t->arena, "evt_") },
        .data = captured_document(t, &after, PAYMENT_REQUIRES_CAPTURE, made->capture, STR("failed")),
        .status = ret->status,
        .body = ret->body,
        .note_id = in->note.id,
        .note = in->note.body,
    };
    const struct capture_decline_row *row;
    TRY(app_of(t)->env->capture_decline(t, &args, &row));
    *applied = row->applied;
    return OK;
}

static err made_read(struct task *t, const struct call_find_row *call, struct capture_made *ret)
{
    TRY(app_of(t)->env->payment_any(t, call->payment_id, &ret->payment));
    TRY(app_of(t)->env->capture_find(t, call->call_id, &ret->capture));
    return ret->payment && ret->capture ? OK : FAIL(t, INTERNAL, "a call without its capture");
}

err capture_settle(struct task *t, const struct call_result *in, const struct capture_made *made, struct answer *ret,
                   bool *applied)
{
    struct capture_made read = { NULL, NULL };
    struct answer unused;
    if (!made) {
        TRY(made_read(t, in->call, &read));
        made = &read;
    }
    CRASH_POINT("capture.before_t2_commit");
    if (in->said->outcome == OUTCOME_SUCCEEDED)
        TRY(succeed(t, in, made, ret ? ret : &unused, applied));
    else
        TRY(decline(t, in, made, ret ? ret : &unused, applied));
    CRASH_POINT("capture.after_t2");
    if (*applied) {
        pay_metrics_count(t, COUNT_CAPTURE, in->said->outcome);
        log_info(t, "capture.settled", L_STR("capture", in->call->call_id), L_STR("payment", in->call->payment_id.v),
                 L_STR("outcome", str_of(outcome_name(in->said->outcome))));
    }
    return OK;
}

/* ---- the whole ---- */

/* 202: the payment as it stands while nobody knows. */
static err answer_pending(struct task *t, str capture, struct answer *ret)
{
    const struct payment_find_row *p = NULL;
    const struct capture_find_row *c = NULL;
    TRY(app_of(t)->env->capture_find(t, capture, &c));
    if (c)
        TRY(app_of(t)->env->payment_any(t, c->payment_id, &p));
    if (!p)
        return FAIL(t, INTERNAL, "a key without its capture");
    enum payment_status status = payment_status_at(p->status, p->expires_at, t->now);
    bool open = str_eq(c->status, STR("pending"));
    *ret = (struct answer){ .status = open ? 202 : 200, .body = captured_document(t, p, status, c, c->status) };
    return OK;
}

err capture_replayed(struct task *t, const struct capture_order *o, struct answer *ret, bool *found)
{
    const struct stored_question q = { o->payment->partner_id, o->route, o->key, o->fingerprint };
    const struct idempotency_find_row *key = NULL;
    bool is_unknown;
    TRY(stored_answer(t, &q, ret, found, &is_unknown));
    if (!*found || !is_unknown)
        return OK;
    TRY(app_of(t)->env->idempotency_find(t, q.partner, q.route, q.key, &key));
    if (!key)
        return FAIL(t, INTERNAL, "a key that vanished");
    TRY(answer_pending(t, key->op, ret));
    ret->is_replayed = true;
    return OK;
}

/* Sent, call, T2. */
static err capture_make(struct task *t, const struct capture_made *made, struct answer *ret, bool *applied)
{
    const struct capture_find_row *c = made->capture;
    const struct pay_env *env = app_of(t)->env;
    const struct call_find_row *call = NULL;
    struct acquirer_said said;
    int64_t affected;
    *applied = false;
    TRY(env->call_find(t, c->capture_id, &call));
    TRY(env->call_sent(t, call_due(t), c->capture_id, STR("intent"), &affected));
    CRASH_POINT("capture.after_sent");
    if (affected == 0 || !call)
        return OK;
    struct acquirer_ask ask = operation_ask(call, OP_CAPTURE);
    ask.is_final = c->is_final;
    env->order(t, &ask, &said);
    CRASH_POINT("capture.after_call");
    const struct call_result result = { .call = call, .said = &said };
    if (said.outcome != OUTCOME_SUCCEEDED && said.outcome != OUTCOME_DECLINED)
        return call_hold_unknown(t, &result);
    return call_unbooked(t, capture_settle(t, &result, made, ret, applied));
}

err capture_run(struct task *t, const struct capture_order *o, struct answer *ret)
{
    const struct stored_question q = { o->payment->partner_id, o->route, o->key, o->fingerprint };
    struct capture_find_row c;
    bool begun, applied, found;
    TRY(capture_replayed(t, o, ret, &found));
    if (found)
        return OK;
    TRY(capture_plan(t, o, &c));
    if (o->receipt)
        TRY(receipt_take(t, c.partner_id, c.capture_id, o->receipt, c.amount, false));
    TRY(capture_t1(t, o, &c, &begun));
    if (!begun) {
        TRY(capture_replayed(t, o, ret, &found));
        return found ? OK
                     : FAIL_PARAM(t, PAYMENT_STATE, STR("payment"),
                                  STR("another capture, refund or void of it came first, or a seller's balance does "
                                      "not hold what he gives back"));
    }
    const struct capture_made made = { o->payment, &c };
    TRY(capture_make(t, &made, ret, &applied));
    if (!applied)
        TRY(stored_own(t, &q, ret, &found));
    if (!applied && !found)
        TRY(answer_pending(t, c.capture_id, ret));
    CRASH_POINT("capture.before_reply");
    return OK;
}
