/* Refunds, step by step. See refund.h. */
#include "paysrv/flow/payment/refund.h"

#include "paysrv/app.h"
#include "paysrv/domain/payment/refund.h"
#include "paysrv/faults.h"
#include "paysrv/flow/message/mail.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payment/call.h"
#include "paysrv/flow/payment/receipt.h"
#include "paysrv/flow/payment/refund_queue.h"
#include "paysrv/flow/stored.h"
#include "paysrv/flow/stores/split.h"
#include "paysrv/flow/subscription/billing.h"
#include "paysrv/flow/zones.h"
#include "paysrv/store/refund.sql.h"
#include "paysrv/store/refund_policy.sql.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "web/paysrv/pages.h"

static const struct app *app_of(struct task *t)
{
    return t->app;
}

struct acquirer_ask refund_ask(const struct call_find_row *call, str charge_ref)
{
    return (struct acquirer_ask){
        .op = OP_REFUND,
        .acquirer = call->acquirer,
        .key = call->call_id,
        .amount_minor = call->amount,
        .currency = call->currency,
        .reference = call->call_id,
        .charge_ref = charge_ref,
    };
}

/* ---- T1 ---- */

static int64_t taken_of(struct task *t, const struct payment_find_row *p)
{
    return payment_taken(payment_status_at(p->status, p->expires_at, t->now), p->amount,
                         p->captured_given ? &p->captured : NULL);
}

/* What has been given of fees is asked only where more of them is to be. That is read after the payment: a refund that
 * has ended since changed what of it went back, and this one is not begun. */
static err basis_read(struct task *t, const struct refund_order *o, const struct split_profile *split,
                      struct refund_basis *ret)
{
    const struct payment_find_row *p = o->payment;
    const struct refund_fees_given_row *given;
    *ret = (struct refund_basis){
        .taken_minor = taken_of(t, p),
        .returned_minor = p->refunded + p->disputed,
        .is_busy = p->refunding > 0 || p->capturing > 0 || p->is_voiding,
        .split = split,
    };
    if (o->fees.platform != FEE_RETURNED && o->fees.partner != FEE_RETURNED)
        return OK;
    TRY(refund_fees_given(t, p->payment_id, &given));
    ret->platform_gave_minor = given->platform;
    ret->partner_gave_minor = given->partner;
    return OK;
}

static err judge(struct task *t, const struct refund_order *o, const struct split_profile *split, int64_t *amount,
                 int64_t *shares)
{
    struct refund_basis basis;
    TRY(basis_read(t, o, split, &basis));
    enum refund_verdict verdict = refund_judge(&basis, o->wanted_minor, amount, shares);
    switch (verdict) {
    case REFUND_GOOD:
        if (!refund_fees_apply(&basis, &o->fees, *amount, shares))
            return FAIL_PARAM(t, INVALID_PARAMETER, STR("fees"), STR("nobody who sells has the rest of this payment"));
        return OK;
    case REFUND_NOT_PAID:
    case REFUND_OPEN:
        return FAIL_PARAM(t, PAYMENT_STATE, STR("payment"), str_of(refund_verdict_name(verdict)));
    case REFUND_TOO_LARGE:
        break;
    }
    return FAIL_PARAM(
        t, REFUND_TOO_LARGE, STR("amount"),
        arena_printf(t->arena, "at most %lld is left", (long long)(basis.taken_minor - basis.returned_minor)));
}

static err refund_t1(struct task *t, const struct refund_order *o, const struct refund_find_row *r, bool *begun)
{
    const struct refund_begin_args args = {
        .payment = r->payment_id,
        .partner = r->partner_id,
        .captured = taken_of(t, o->payment),
        .returned = o->payment->refunded + o->payment->disputed,
        .amount = r->amount,
        .platform_amount = r->platform_amount,
        .partner_amount = r->partner_amount,
        .seller_amount = r->seller_amount,
        .share_users = r->share_users,
        .share_amounts = r->share_amounts,
        .route = o->route,
        .key = o->key,
        .fingerprint = o->fingerprint,
        .refund = r->refund_id,
        .external_id = o->external_id,
        .reason = o->reason,
        .reason_code = o->reason_code,
        .initiated_by = o->by,
        .initiator = o->initiator,
        .queued = str_given(o->queued),
        .timely = !o->is_late_too && !str_given(o->queued),
        .version = o->version,
        .due = call_due(t),
    };
    const struct refund_begin_row *row;
    CRASH_POINT("refund.before_t1");
    TRY(app_of(t)->env->refund_begin(t, &args, &row));
    *begun = row->begun;
    CRASH_POINT("refund.after_t1");
    return OK;
}

/* ---- T2 ---- */

/* The buyer hears of it where he hears of charges; most have no address with us. */
static err mail_write(struct task *t, const struct refund_result *in, struct mail_draft *ret)
{
    const struct refund_buyer_row *to;
    TRY(refund_buyer(t, in->call->payment_id, &to));
    if (!to)
        return OK;
    enum language lang = speech_to(t, to->locale);
    const struct mail_refund m = {
        .by_card = payment_method_of(to->method) == METHOD_CARD,
        .store_name = to->store_name,
        .what = to->what,
        .amount = money_in(t, lang, in->call->amount, in->call->currency),
        .time = moment_by(t, lang, t->now, to->zone),
        .reference = in->call->payment_id.v,
        .support = to->support,
        .billing_url = billing_url(t, to->store_id, to->buyer),
    };
    *ret = mail_draft_make(t, to->email, lang, mail_refund(t->arena, lang, &m));
    return OK;
}

static err succeed(struct task *t, const struct refund_result *in, struct answer *ret, bool *applied)
{
    const struct refund_find_row *r = in->refund;
    const struct shares shares = { r->platform_amount, r->partner_amount, r->seller_amount };
    struct posting posting;
    if (!posting_of_refund(in->call->amount, &shares, &posting))
        return FAIL(t, INTERNAL, "the shares of the refund do not sum to its amount");
    struct mail_draft mail = { .id = STR_NONE };
    TRY(mail_write(t, in, &mail));
    *ret = (struct answer){ .status = 200, .body = refund_document(t, r, STR("succeeded"), STR_NONE) };
    const struct refund_succeed_args args = {
        .refund = r->refund_id,
        .acquirer_ref = in->said->ref,
        .kinds = posting_kinds(&posting),
        .amounts = posting_amounts(&posting),
        .clearing = acquirer_clearing(in->call->acquirer),
        .event = { app_of(t)->env->new_id(t->arena, "evt_") },
        .data = ret->body,
        .status = ret->status,
        .body = ret->body,
        .note_id = in->note.id,
        .note = in->note.body,
        .mail = mail.id,
        .recipient = mail.recipient,
        .content = mail.content,
    };
    const struct refund_succeed_row *row;
    TRY(app_of(t)->env->refund_succeed(t, &args, &row));
    *applied = row->applied;
    if (str_given(mail.id))
        mail_wake(t);
    return OK;
}

static err decline(struct task *t, const struct refund_result *in, struct answer *ret, bool *applied)
{
    *ret = (struct answer){ .status = FAULT_REFUND_DECLINED.status,
                            .body = problem_document(t, &FAULT_REFUND_DECLINED, in->call->payment_id,
                                                     in->said->decline_code) };
    const struct refund_decline_args args = {
        .refund = in->refund->refund_id,
        .acquirer_ref = in->said->ref,
        .decline_code = in->said->decline_code,
        .event = { app_of(t)->env->new_id(t->arena, "evt_") },
        .data = refund_document(t, in->refund, STR("failed"), in->said->decline_code),
        .status = ret->status,
        .body = ret->body,
        .note_id = in->note.id,
        .note = in->note.body,
    };
    const struct refund_decline_row *row;
    TRY(app_of(t)->env->refund_decline(t, &args, &row));
    *applied = row->applied;
    return OK;
}

/* ---- what comes back ---- */

/* *at: the payment that it is planned for. */
static err return_plan(struct task *t, const struct refund_find_row *r, struct split_state *at,
                       struct refund_parts *ret)
{
    const struct payment_find_row *p;
    struct split_profile split;
    struct refund_parts gave = { .shares = { r->platform_amount, r->partner_amount, r->seller_amount } };
    TRY(app_of(t)->env->payment_any(t, r->payment_id, &p));
    if (!p)
        return FAIL(t, INTERNAL, "a refund without its payment");
    if (p->refunding > 0 || p->capturing > 0)
        return FAIL(t, UNAVAILABLE, "another refund, or a capture, has no outcome yet");
    TRY(split_of_payment(t, p, &split));
    for (size_t i = 0; i < r->share_amounts.n && i < SPLIT_RULES_MAX; i++)
        gave.sellers.amounts[gave.sellers.n++] = r->share_amounts.items[i];
    *at = (struct split_state){ taken_of(t, p), p->refunded + p->disputed };
    const struct refund_return_basis basis = {
        .amount_minor = r->amount,
        .at = *at,
        .began = { r->at_captured_given ? r->at_captured : 0, r->at_returned_given ? r->at_returned : 0 },
        .gave = &gave,
        .split = &split,
        .seller = p->user_id.v,
    };
    return refund_return_plan(&basis, ret) ? OK
                                           : FAIL(t, INTERNAL, "the shares of the refund are not what its rules say");
}

/* Nobody was given the money: the books have it as before, and what is owed to the buyer can be sent to him again. */
static err come_back(struct task *t, const struct refund_result *in, bool *applied)
{
    const struct refund_find_row *r = in->refund;
    struct split_state at;
    struct refund_parts parts;
    struct posting posting;
    TRY(return_plan(t, r, &at, &parts));
    if (!posting_of_charge(r->amount, &parts.shares, &posting))
        return FAIL(t, INTERNAL, "the shares of what came back do not sum to its amount");
    const struct refund_return_args args = {
        .refund = r->refund_id,
        .captured = at.captured_minor,
        .returned = at.returned_minor,
        .decline_code = in->said->decline_code,
        .share_users = { parts.sellers.users, parts.sellers.n },
        .share_amounts = { parts.sellers.amounts, parts.sellers.n },
        .kinds = posting_kinds(&posting),
        .amounts = posting_amounts(&posting),
        .clearing = acquirer_clearing(in->call->acquirer),
        .event = { app_of(t)->env->new_id(t->arena, "evt_") },
        .data = refund_document(t, r, STR("failed"), in->said->decline_code),
        .note_id = in->note.id,
        .note = in->note.body,
    };
    const struct refund_return_row *row;
    TRY(refund_return(t, &args, &row));
    *applied = row->applied;
    return *applied ? OK : FAIL(t, UNAVAILABLE, "something else of the payment came between");
}

err refund_settle(struct task *t, const struct refund_result *in, struct answer *ret, bool *applied)
{
    struct refund_result whole = *in;
    struct answer unused;
    *applied = false;
    if (in->said->outcome == OUTCOME_ACTION)
        return call_hold_waiting(t, &(struct call_result){ in->call, in->said, in->note });
    if (in->said->outcome != OUTCOME_SUCCEEDED && in->said->outcome != OUTCOME_DECLINED)
        return call_hold_unknown(t, &(struct call_result){ in->call, in->said, in->note }); /* the reservation stays */
    if (!whole.refund)
        TRY(app_of(t)->env->refund_find(t, (refund_id){ in->call->call_id }, &whole.refund));
    if (!whole.refund)
        return FAIL(t, INTERNAL, "a call without its refund");
    CRASH_POINT("refund.before_t2_commit");
    if (call_comes_back(in->call, in->said))
        TRY(come_back(t, &whole, applied));
    else if (in->said->outcome == OUTCOME_SUCCEEDED)
        TRY(succeed(t, &whole, ret ? ret : &unused, applied));
    else
        TRY(decline(t, &whole, ret ? ret : &unused, applied));
    CRASH_POINT("refund.after_t2");
    if (*applied) {
        pay_metrics_count(t, COUNT_REFUND, in->said->outcome);
        log_info(t, "refund.settled", L_STR("refund", in->call->call_id), L_STR("payment", in->call->payment_id.v),
                 L_STR("outcome", str_of(outcome_name(in->said->outcome))));
    }
    return OK;
}

/* ---- the whole ---- */

/*
 * T1 did not begin: the key was there before, its time is over, the seller's balance does not hold it, others wait, or
 * another refund came first.
 */
static err not_begun(struct task *t, const struct refund_order *o, const struct refund_find_row *r, struct answer *ret)
{
    const struct refund_obstacle_row *row;
    TRY(refund_obstacle(t, r->refund_id.v, r->share_users, r->share_amounts, r->payment_id, &row));
    if (row->window_ends_given && instant_before(row->window_ends, t->now) && !o->is_late_too && !str_given(o->queued))
        return FAIL_PARAM(
            t, REFUND_WINDOW, STR("payment"),
            arena_printf(t->arena, "could be refunded until %.*s", STR_ARG(instant_iso(t->arena, row->window_ends))));
    if (row->has_funds && !row->waits)
        return FAIL_PARAM(t, PAYMENT_STATE, STR("payment"), STR("another refund or a capture of it came first"));
    const struct refund_wait wait = { row->short_user, row->short_amount, row->queue_days };
    if (row->is_queued && !o->is_late_too && !str_given(o->queued))
        return refund_enqueue_run(t, o, r, &wait, ret);
    return FAIL(t, INSUFFICIENT_FUNDS, "a seller's balance does not hold his part");
}

static err replayed(struct task *t, const struct refund_order *o, struct answer *ret, bool *found)
{
    const struct stored_question q = { o->payment->partner_id, o->route, o->key, o->fingerprint };
    bool is_unknown;
    TRY(stored_answer(t, &q, ret, found, &is_unknown));
    if (!*found || !is_unknown)
        return OK;
    const struct idempotency_find_row *key = NULL;
    const struct refund_find_row *r = NULL;
    TRY(app_of(t)->env->idempotency_find(t, q.partner, q.route, q.key, &key));
    if (key)
        TRY(app_of(t)->env->refund_find(t, (refund_id){ key->op }, &r));
    if (!r)
        return FAIL(t, INTERNAL, "a key without its refund");
    *ret = (struct answer){ .status = 202, .body = refund_document(t, r, r->status, STR_NONE), .is_replayed = true };
    return OK;
}

/* Sent, call, T2. */
static err refund_make(struct task *t, const struct refund_find_row *r, struct answer *ret, bool *applied)
{
    const struct charge_reference_row *reference = NULL;
    struct call_find_row call = {
        .call_id = r->refund_id.v,
        .op = STR("refund"),
        .partner_id = r->partner_id,
        .payment_id = r->payment_id,
        .amount = r->amount,
        .currency = r->currency,
    };
    struct acquirer_said said;
    int64_t affected;
    *applied = false;
    TRY(app_of(t)->env->charge_reference(t, r->payment_id, &reference));
    TRY(app_of(t)->env->call_sent(t, call_due(t), call.call_id, STR("intent"), &affected));
    CRASH_POINT("refund.after_sent");
    if (affected == 0 || !reference)
        return OK;
    call.acquirer = reference->acquirer;
    const struct acquirer_ask ask = refund_ask(&call, reference->acquirer_ref);
    app_of(t)->env->order(t, &ask, &said);
    CRASH_POINT("refund.after_call");
    const struct refund_result result = { .call = &call, .refund = r, .said = &said };
    return call_unbooked(t, refund_settle(t, &result, ret, applied));
}

/* The refund as it will be: what each receiver gives of it is decided here. */
static err refund_plan(struct task *t, const struct refund_order *o, struct refund_find_row *ret)
{
    const struct payment_find_row *p = o->payment;
    struct split_profile split;
    int64_t amount, shares[SPLIT_RULES_MAX];
    struct sellers *sellers = arena_new(t->arena, struct sellers);
    TRY(split_of_payment(t, p, &split));
    TRY(judge(t, o, &split, &amount, shares));
    TRY(acquirer_part_check(t, p, OP_REFUND, amount));
    const struct shares of_parties = shares_of(&split, shares);
    *sellers = sellers_of(&split, p->user_id.v, shares);
    *ret = (struct refund_find_row){
        .refund_id = { str_given(o->queued) ? o->queued : app_of(t)->env->new_id(t->arena, "re_") },
        .partner_id = p->partner_id,
        .payment_id = p->payment_id,
        .currency = p->currency,
        .amount = amount,
        .platform_amount = of_parties.platform,
        .partner_amount = of_parties.partner,
        .seller_amount = of_parties.seller,
        .user_id = p->user_id,
        .share_users = { sellers->users, sellers->n },
        .share_amounts = { sellers->amounts, sellers->n },
        .status = STR("pending"),
        .external_id = o->external_id,
        .reason = o->reason,
        .reason_code = o->reason_code,
        .initiated_by = o->by,
        .initiator = o->initiator,
        .created_at = t->now,
    };
    return OK;
}

/* The platform's fee goes back with a single refund only where the operator has agreed to that. */
static err fees_check(struct task *t, const struct refund_order *o)
{
    const struct refund_obstacle_row *row;
    if (o->fees.platform != FEE_RETURNED || str_given(o->queued))
        return OK;
    TRY(refund_obstacle(t, STR(""), (str_array){ 0 }, (i64_array){ 0 }, o->payment->payment_id, &row));
    if (str_eq(row->platform_fee, STR("return")))
        return OK;
    return FAIL_PARAM(t, INVALID_PARAMETER, STR("fees.platform"), STR("is kept, as was agreed"));
}

/* Before anything else is judged: who repeats one that he has forgotten is told that it is there, whatever is left of
 * the payment. What comes at the same moment is found by the statement that begins it. found: what has the name is its
 * twin with the same key, which began after the key was looked for. */
static err name_check(struct task *t, const struct refund_order *o, struct answer *ret, bool *found)
{
    const struct refund_named_row *row;
    *found = false;
    if (!str_given(o->external_id) || str_given(o->queued))
        return OK;
    TRY(refund_named(t, o->payment->partner_id, o->external_id, &row));
    if (!row)
        return OK;
    TRY(replayed(t, o, ret, found));
    return *found ? OK : FAIL_PARAM(t, EXTERNAL_ID_TAKEN, STR("external_id"), STR("names another refund"));
}

err refund_run(struct task *t, const struct refund_order *o, struct answer *ret)
{
    const struct stored_question q = { o->payment->partner_id, o->route, o->key, o->fingerprint };
    struct refund_find_row r;
    bool begun, applied, found;
    TRY(replayed(t, o, ret, &found));
    if (!found)
        TRY(name_check(t, o, ret, &found));
    if (found)
        return OK;
    TRY(fees_check(t, o));
    TRY(refund_plan(t, o, &r));
    if (o->receipt)
        TRY(receipt_refund_check(t, r.payment_id));
    if (o->receipt)
        TRY(receipt_take(t, r.partner_id, r.refund_id.v, o->receipt, r.amount, true));
    TRY(refund_t1(t, o, &r, &begun));
    if (!begun) {
        TRY(replayed(t, o, ret, &found));
        return found ? OK : not_begun(t, o, &r, ret);
    }
    TRY(refund_make(t, &r, ret, &applied));
    if (!applied) {
        TRY(stored_own(t, &q, ret, &found));
        if (!found)
            *ret = (struct answer){ .status = 202, .body = refund_document(t, &r, STR("pending"), STR_NONE) };
    }
    CRASH_POINT("refund.before_reply");
    return OK;
}
