/* See repayment.h. */
#include "paysrv/flow/transfer/repayment.h"

#include "paysrv/app.h"
#include "paysrv/domain/bank/test_bank.h"
#include "paysrv/faults.h"
#include "paysrv/flow/acquirer/connector_bank.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payment/refund.h"
#include "paysrv/flow/transfer/transfer_object.h"
#include "paysrv/store/bank.sql.h"
#include "paysrv/store/repayment.sql.h"
#include "paysrv/store/settlement.sql.h"
#include "paysrv/store/transfer.sql.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

#define NAME_NOT_SAID STR("NOTPROVIDED")

static const struct app *app_of(struct task *t)
{
    return t->app;
}

static event_id event_new(struct task *t)
{
    return (event_id){ app_of(t)->env->new_id(t->arena, "evt_") };
}

err repayment_new(struct task *t, const struct repayment_order *o)
{
    const struct repayment_make_args args = {
        .repayment = app_of(t)->env->new_id(t->arena, "rp_"),
        .refund = o->refund,
        .reason = repayment_reason_name(o->reason),
        .amount = o->amount_minor,
        .iban = o->iban,
        .holder_name = str_given(o->holder_name) && o->holder_name.n ? o->holder_name : NAME_NOT_SAID,
        .by = o->by,
        .credit = o->credit,
        .status = o->is_offset ? STR("offset") : STR("confirmed"),
    };
    int64_t affected;
    TRY(repayment_make(t, &args, &affected));
    if (affected)
        log_info(t, "repayment.ordered", L_STR("repayment", args.repayment), L_STR("reason", args.reason),
                 L_STR("credit", o->credit), L_I64("amount", o->amount_minor));
    return OK;
}

err unreturnable_open(struct task *t, str credit, int64_t amount_minor, str currency, str why)
{
    const struct bank_break_open_args args = {
        .kind = STR("unreturnable"),
        .ref = arena_printf(t->arena, "credit %.*s", STR_ARG(credit)),
        .amount = &amount_minor,
        .currency = currency,
        .detail = why,
    };
    int64_t affected;
    if (!clock_is_live(t))
        return OK; /* no operator looks after a sandbox's money */
    log_warn(t, "bank.break", L_STR("kind", args.kind), L_STR("ref", args.ref), L_STR("why", why));
    return bank_break_open(t, &args, &affected);
}

err credit_made_good(struct task *t, str credit, str note)
{
    const struct credit_held_row *held;
    int64_t affected;
    TRY(credit_held(t, credit, &held));
    if (!held || held->held < 0)
        return OK;
    return credit_break_close(t, STR("paysrv"), note, STR("refunded"), STR("reversed"), credit, &affected);
}

/* ---- steps ---- */

/* The refund first: whoever was interrupted after it finds the repayment where it was, and does both again. */
static err refund_tell(struct task *t, const struct repayment_find_row *r, enum outcome outcome, str code)
{
    const struct call_find_row *call = NULL;
    const struct acquirer_said said = { .outcome = outcome, .ref = r->repayment_id, .decline_code = code };
    bool applied;
    if (!str_given(r->refund_id))
        return OK;
    TRY(app_of(t)->env->call_find(t, r->refund_id, &call));
    if (!call)
        return FAIL(t, INTERNAL, "a repayment of no refund");
    const struct refund_result result = { .call = call, .said = &said };
    TRY(refund_settle(t, &result, NULL, &applied));
    CRASH_POINT("repayment.after_refund");
    return OK;
}

err repayment_offset_tell(struct task *t, str refund)
{
    const struct repayment_of_refund_row *found;
    const struct repayment_find_row *r;
    TRY(repayment_of_refund(t, refund, &found));
    if (!found)
        return OK;
    TRY(repayment_find(t, found->repayment_id, &r));
    return r ? refund_tell(t, r, OUTCOME_SUCCEEDED, STR_NONE) : OK;
}

static bool is_at_bank(const struct repayment_find_row *r)
{
    return str_eq(r->status, STR("sent")) || str_eq(r->status, STR("unknown"));
}

err repayment_step_pay(struct task *t, const struct repayment_find_row *r, bool *done)
{
    const struct repayment_pay_row *row;
    *done = false;
    if (!is_at_bank(r))
        return OK;
    TRY(refund_tell(t, r, OUTCOME_SUCCEEDED, STR_NONE));
    TRY(repayment_pay(t, r->repayment_id, event_new(t), repayment_document(t, r, STR("paid"), STR_NONE), &row));
    *done = row != NULL;
    return OK;
}

struct ending {
    const struct repayment_find_row *repayment;
    str reason;
    int64_t kept_minor; /* by the bank, of what it returned */
    bool returns, done;
};

/* With the break at once: what nobody is told of nobody looks after. What a refund held is the sellers' again. */
static err end_in_tx(struct task *t, void *context)
{
    struct ending *e = context;
    const struct repayment_find_row *r = e->repayment;
    const struct repayment_return_row *row = NULL;
    int64_t affected = 0;
    if (e->kept_minor)
        TRY(settlement_accounts_open(t, r->partner_id, STR(BANK_CONNECTOR), r->currency, &affected));
    if (e->returns)
        TRY(repayment_return(t, r->repayment_id, e->reason, e->kept_minor, event_new(t),
                             repayment_document(t, r, STR("returned"), e->reason), &row));
    else
        TRY(repayment_reject(t, e->reason, r->repayment_id, &affected));
    e->done = row || affected == 1;
    if (!e->done || (!e->returns && str_given(r->refund_id)))
        return OK;
    str why = arena_printf(t->arena, "%.*s %s: %.*s", STR_ARG(r->repayment_id),
                           e->returns ? "came back" : "was refused by the bank", STR_ARG(e->reason));
    const struct credit_held_row *held;
    TRY(credit_held(t, r->credit_id, &held));
    if (held && held->is_reversed && held->held <= 0) /* the bank has that money, too */
        return credit_made_good(t, r->credit_id, why);
    return unreturnable_open(t, r->credit_id, held ? held->held : r->amount, r->currency, why);
}

static err refusal_tell(struct task *t, const struct repayment_find_row *r, str reason)
{
    return refund_tell(t, r, OUTCOME_DECLINED, str_given(reason) ? reason : STR("rejected"));
}

err repayment_step_reject(struct task *t, const struct repayment_find_row *r, str reason, bool *done)
{
    struct ending e = { .repayment = r, .reason = reason };
    if (is_at_bank(r)) {
        TRY(refusal_tell(t, r, reason));
        TRY(db_tx(t, end_in_tx, &e));
    }
    *done = e.done;
    return OK;
}

err repayment_reject_in_tx(struct task *t, const struct repayment_find_row *r, str reason, bool *done)
{
    struct ending e = { .repayment = r, .reason = reason };
    if (is_at_bank(r)) {
        TRY(refusal_tell(t, r, reason));
        TRY(end_in_tx(t, &e));
    }
    *done = e.done;
    return OK;
}

err repayment_return_in_tx(struct task *t, const struct repayment_find_row *r, str reason, int64_t kept_minor,
                           bool *done)
{
    struct ending e = { .repayment = r, .reason = reason, .kept_minor = kept_minor, .returns = true };
    TRY(end_in_tx(t, &e));
    *done = e.done;
    return OK;
}

err repayment_step_return(struct task *t, const struct repayment_find_row *r, str reason, int64_t kept_minor,
                          bool *done)
{
    struct ending e = { .repayment = r, .reason = reason, .kept_minor = kept_minor, .returns = true };
    TRY(db_tx(t, end_in_tx, &e));
    *done = e.done;
    return OK;
}

/* ---- whole orders ---- */

static err batch_each(struct task *t, str msg_id, bool pays, str reason, int64_t *n)
{
    const struct batch_repayments_row *rows;
    const struct repayment_find_row *r;
    size_t found;
    TRY(batch_repayments(t, msg_id, &rows, &found));
    *n = 0;
    for (size_t i = 0; i < found; i++) {
        bool done = false;
        TRY(repayment_find(t, rows[i].repayment_id, &r));
        if (r)
            TRY(pays ? repayment_step_pay(t, r, &done) : repayment_step_reject(t, r, reason, &done));
        *n += done;
    }
    return OK;
}

err batch_repayments_pay(struct task *t, str msg_id, int64_t *n)
{
    return batch_each(t, msg_id, true, STR_NONE, n);
}

err batch_repayments_reject(struct task *t, str msg_id, str reason, int64_t *n)
{
    return batch_each(t, msg_id, false, reason, n);
}

err batch_repayments_lose_sight(struct task *t, str msg_id)
{
    const struct batch_repayments_row *rows;
    size_t n;
    int64_t affected;
    TRY(batch_repayments(t, msg_id, &rows, &n));
    for (size_t i = 0; i < n; i++)
        TRY(repayment_lose_sight(t, rows[i].repayment_id, &affected));
    return OK;
}

/* ---- the test bank ---- */

static err test_answer(struct task *t, const struct test_repayments_due_row *row)
{
    const struct repayment_find_row *r;
    str reason;
    enum test_bank_fate fate = test_bank_fate_of(row->holder_name, &reason);
    enum payout_state state = PAYOUT_STATE_COUNT;
    instant at, returns_at = instant_add(t->now, TEST_BANK_RETURNS_AFTER);
    const instant *next = NULL;
    int64_t affected;
    bool done;
    payout_state_parse(row->status, &state);
    TRY(repayment_find(t, row->repayment_id, &r));
    if (!r)
        return OK;
    switch (test_bank_judge(fate, state, row->since, app_of(t)->config.bank_answer_within, t->now, &at)) {
    case TEST_BANK_PAY:
        TRY(repayment_step_pay(t, r, &done));
        next = fate == TEST_BANK_RETURNS ? &returns_at : NULL;
        break;
    case TEST_BANK_REJECT:
        TRY(repayment_step_reject(t, r, reason, &done));
        break;
    case TEST_BANK_RETURN:
        TRY(repayment_step_return(t, r, reason, 0, &done));
        break;
    case TEST_BANK_GIVE_UP:
        TRY(repayment_lose_sight(t, row->repayment_id, &affected));
        break;
    case TEST_BANK_WAIT:
        next = &at;
        break;
    case TEST_BANK_DONE:
        break;
    }
    return test_repayment_wait(t, next, row->repayment_id, &affected);
}

err test_repayments_run(struct task *t)
{
    const struct test_repayments_due_row *rows;
    size_t n;
    TRY(test_repayments_due(t, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        err e = test_answer(t, &rows[i]);
        if (e)
            log_failure(t, e); /* one repayment must not keep the others waiting */
    }
    return OK;
}
