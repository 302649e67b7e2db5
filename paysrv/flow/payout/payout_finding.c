/* See payout_finding.h; MONEY 6.A8, A13; docs/decisions/0039, 0059. */
#include "paysrv/flow/payout/payout_finding.h"

#include "paysrv/app.h"
#include "paysrv/domain/payout/payout.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/ledger/manual_entry.h"
#include "paysrv/flow/payment/reconcile.h"
#include "paysrv/flow/payout/payout_rail.h"
#include "paysrv/flow/payout/payout_step.h"
#include "paysrv/flow/transfer/repayment.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/repayment.sql.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"

/* What it is about. */
struct subject {
    partner_id partner;
    user_id user; /* absent: no seller's */
    str currency, status;
    int64_t amount_minor;
    str msg_id; /* the order of one by the bank */
    const struct repayment_find_row *repayment;
};

static err finding_ask(struct task *t, struct payout_finding *f, const struct subject *s)
{
    const struct manual_entry entry = { .kind = "payout",
                                        .object = f->transfer,
                                        .partner = s->partner,
                                        .user = s->user,
                                        .currency = s->currency,
                                        .amount_minor = s->amount_minor,
                                        .borne_by = f->is_paid ? STR("paid") : STR("rejected"),
                                        .acquirer_ref = f->acquirer_ref,
                                        .reason = f->reason,
                                        .by = f->by,
                                        .by_name = f->by_name };
    return f->approved_minor == s->amount_minor ? OK : manual_entry_ask(t, &entry, &f->waits);
}

static err owner_find(struct task *t, partner_id partner, str payout, user_id *ret)
{
    const struct payout_find_row *row;
    TRY(payout_find(t, partner, (payout_id){ payout }, STR_NONE, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such payout");
    *ret = row->user_id;
    return OK;
}

/* ---- by a connector ---- */

/* The call of a payout that is a person's by now. */
static err lost_call(struct task *t, str payout, const struct call_find_row **ret)
{
    const struct app *app = t->app;
    TRY(app->env->call_find(t, payout, ret));
    if (!*ret || !str_eq((*ret)->op, call_op_name(OP_PAYOUT)))
        return FAIL(t, NOT_FOUND, "no payout that went out");
    TRY(clock_enter(t, (*ret)->partner_id));
    if (!reconcile_gave_up(t, *ret))
        return FAIL(t, PAYOUT_STATE, "it is asked for, and may be sent again, under its own key");
    return OK;
}

static err call_find_out(struct task *t, struct payout_finding *f)
{
    const struct call_find_row *call;
    bool done;
    TRY(lost_call(t, f->transfer, &call));
    if (f->is_paid && !str_given(f->acquirer_ref))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("ref"), STR("is needed: what the acquirer calls it"));
    struct subject s = { .partner = call->partner_id, .currency = call->currency, .amount_minor = call->amount };
    TRY(owner_find(t, s.partner, f->transfer, &s.user));
    TRY(finding_ask(t, f, &s));
    if (str_given(f->waits))
        return OK;
    const struct acquirer_said said = { .outcome = f->is_paid ? OUTCOME_SUCCEEDED : OUTCOME_DECLINED,
                                        .ref = f->acquirer_ref,
                                        .decline_code = STR("operator") };
    const struct call_result result = { .call = call, .said = &said };
    TRY(payout_settle(t, &result, &done));
    return done ? OK : FAIL(t, PAYOUT_STATE, "its outcome is known");
}

/* ---- by the bank ---- */

static err repayment_subject(struct task *t, str id, struct subject *s)
{
    const struct repayment_find_row *r;
    TRY(repayment_find(t, id, &r));
    if (!r || r->clock.n)
        return OK;
    *s = (struct subject){ .partner = r->partner_id,
                           .currency = r->currency,
                           .status = r->status,
                           .amount_minor = r->amount,
                           .msg_id = r->msg_id,
                           .repayment = r };
    return OK;
}

/* *s without a partner: it does not go by the bank. */
static err subject_find(struct task *t, str transfer, struct subject *s)
{
    const struct payout_of_bank_row *p;
    *s = (struct subject){ .partner = { STR_NONE } };
    if (str_starts(transfer, STR("rp_")))
        return repayment_subject(t, transfer, s);
    TRY(payout_of_bank(t, STR(""), STR(""), 0, (payout_id){ transfer }, &p));
    if (!p)
        return OK;
    *s = (struct subject){ .partner = p->partner_id,
                           .currency = p->currency,
                           .status = p->status,
                           .amount_minor = p->amount,
                           .msg_id = p->msg_id };
    return owner_find(t, p->partner_id, transfer, &s->user);
}

/* The bank has its order, or gets it from nobody any more. */
static err order_judge(struct task *t, const struct subject *s)
{
    const struct batch_find_row *order = NULL;
    if (!str_eq(s->status, payout_state_name(PAYOUT_UNKNOWN)))
        return FAIL(t, PAYOUT_STATE, "it is not unknown: its outcome is known, or the bank may still say it");
    TRY(batch_find(t, s->msg_id, &order));
    if (!order || order->held || order->may_go)
        return FAIL(t, PAYOUT_STATE, "its order may still be sent: payouts refused gives all of it back");
    return OK;
}

static err bank_step(struct task *t, const struct payout_finding *f, const struct subject *s, bool *done)
{
    const payout_id payout = { f->transfer };
    const struct payout_witness by = { .line = NULL };
    const struct payout_closing closing = { .to = PAYOUT_REJECTED,
                                            .from = payout_state_name(PAYOUT_UNKNOWN),
                                            .reason = STR("bank_refused") };
    if (s->repayment)
        return f->is_paid ? repayment_step_pay(t, s->repayment, done)
                          : repayment_reject_in_tx(t, s->repayment, closing.reason, done);
    return f->is_paid ? payout_step_pay(t, s->partner, payout, &by, done)
                      : payout_step_close(t, s->partner, payout, &closing, done, NULL);
}

static err bank_find_out(struct task *t, struct payout_finding *f, const struct subject *s)
{
    const struct batch_answered_by_hand_row *order;
    int64_t affected;
    bool done;
    if (str_given(f->acquirer_ref))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("ref"), STR("is the acquirer's name; this one goes by the bank"));
    if (str_eq(s->status, payout_state_name(f->is_paid ? PAYOUT_PAID : PAYOUT_REJECTED)))
        return OK; /* a button pressed twice, an answer that was lost, or the bank has said the same by now */
    TRY(order_judge(t, s));
    TRY(finding_ask(t, f, s));
    if (str_given(f->waits))
        return OK;
    TRY(batch_answered_by_hand(t, s->msg_id, &order));
    if (!order)
        return FAIL(t, PAYOUT_STATE, "its order is held, or may be sent at this moment");
    TRY(bank_step(t, f, s, &done));
    return done ? batch_settled(t, s->msg_id, &affected) : FAIL(t, PAYOUT_STATE, "its outcome is known");
}

/* ---- both ---- */

err payout_resolve_in_tx(struct task *t, struct payout_finding *f)
{
    struct subject s;
    f->waits = STR_NONE;
    TRY(subject_find(t, f->transfer, &s));
    return str_given(s.partner.v) ? bank_find_out(t, f, &s) : call_find_out(t, f);
}

static err resolve_in_tx(struct task *t, void *context)
{
    return payout_resolve_in_tx(t, context);
}

err payout_resolve(struct task *t, struct payout_finding *f)
{
    TRY(db_tx(t, resolve_in_tx, f));
    if (!str_given(f->waits))
        log_warn(t, "payout.resolved", L_STR("payout", f->transfer),
                 L_STR("as", f->is_paid ? STR("paid") : STR("rejected")), L_STR("by", f->by));
    return OK;
}
