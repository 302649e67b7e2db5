/* See transfer.h. */
#include "paysrv/flow/transfer/transfer.h"

#include "paysrv/app.h"
#include "paysrv/domain/party/iban.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/ledger/manual_entry.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payment/charge.h"
#include "paysrv/flow/transfer/repayment.h"
#include "paysrv/flow/transfer/transfer_object.h"
#include "paysrv/flow/walk.h"
#include "paysrv/store/bank.sql.h"
#include "paysrv/store/repayment.sql.h"
#include "paysrv/store/transfer.sql.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

#define CREDITS_AT_ONCE 500
#define ENDED_LIMIT SECONDS(5) /* who imports a file of the bank's may wait for it */

static const struct app *app_of(struct task *t)
{
    return t->app;
}

static event_id event_new(struct task *t)
{
    return (event_id){ app_of(t)->env->new_id(t->arena, "evt_") };
}

enum transfer_state transfer_state_at(const struct transfer_find_row *x)
{
    enum call_state call = CALL_UNKNOWN;
    call_state_parse(x->call_state, &call);
    return transfer_state_of(call, x->is_abandoned);
}

static bool is_complete(const struct transfer_find_row *x)
{
    return transfer_is_complete(x->amount, x->received);
}

/* ---- credits ---- */

struct crediting {
    const struct transfer_find_row *transfer;
    const struct incoming *in;
    bool taken;
    str credit, document;
};

/* An account that no order of ours can reach is as good as none. */
static str payer_account(struct task *t, str iban)
{
    str good;
    if (!str_given(iban) || iban_judge(t->arena, iban, &good) != IBAN_GOOD)
        return STR_NONE;
    return iban_country_is_sepa((str){ good.p, 2 }) ? good : STR_NONE;
}

static err credit_new(struct task *t, struct crediting *c)
{
    const struct incoming *in = c->in;
    const struct transfer_find_row *x = c->transfer;
    const struct credit_shown_as shown = {
        app_of(t)->env->new_id(t->arena, "tc_"), x->payment_id.v, x->currency, in->payer_name,
        payer_account(t, in->payer_iban),        in->amount_minor
    };
    const struct credit_take_args args = {
        .credit = shown.credit,
        .line = in->line,
        .call = x->call_id,
        .amount = in->amount_minor,
        .payer_name = in->payer_name,
        .payer_iban = shown.payer_iban,
        .reference = in->reference,
        .booked_on = in->booked_on,
        .event = event_new(t),
        .data = c->document = credit_document(t, &shown),
    };
    const struct credit_take_row *row;
    TRY(credit_take(t, &args, &row));
    c->taken = row != NULL;
    c->credit = row ? shown.credit : STR_NONE;
    if (row)
        log_info(t, "transfer.credit", L_STR("payment", x->payment_id.v), L_STR("credit", shown.credit),
                 L_I64("amount", in->amount_minor));
    return OK;
}

static err credit_in_tx(struct task *t, void *context)
{
    struct crediting *c = context;
    const struct incoming *in = c->in;
    const struct transfer_lock_row *locked;
    const struct credit_shown_row *shown = NULL;
    int64_t affected;
    TRY(transfer_lock(t, c->transfer->call_id, &locked));
    if (in->line)
        TRY(credit_shown(t, c->transfer->call_id, in->amount_minor, in->reference, in->booked_on, in->message, in->file,
                         &shown));
    c->taken = false;
    if (!shown)
        return credit_new(t, c);
    c->credit = shown->credit_id;
    return bank_line_credit(t, STR("known"), shown->credit_id, *in->line, &affected);
}

err transfer_credit(struct task *t, const struct transfer_find_row *x, const struct incoming *in, bool *taken,
                    str *credit)
{
    struct crediting c = { .transfer = x, .in = in, .credit = STR_NONE };
    TRY(db_tx(t, credit_in_tx, &c));
    CRASH_POINT("transfer.after_credit");
    *taken = c.taken;
    *credit = c.credit;
    return OK;
}

err transfer_credit_in_tx(struct task *t, const struct transfer_find_row *x, const struct incoming *in, str *document)
{
    struct crediting c = { .transfer = x, .in = in };
    TRY(credit_in_tx(t, &c));
    *document = c.document;
    return OK;
}

/* ---- what the bank takes back ---- */

struct taking_back {
    const struct transfer_find_row *transfer;
    const struct incoming *in;
    enum transfer_reversal verdict;
    const struct repayments_cancel_row *canceled; /* what was on its way back, and is not ordered any more */
    size_t n_canceled;
};

/* Without the line, which says which credit it took back. */
static err reversed_break(struct task *t, const struct taking_back *b, str credit, int64_t owed_minor)
{
    const struct bank_break_open_args args = {
        .file = &b->in->file,
        .kind = STR("reversed"),
        .ref = arena_printf(t->arena, "credit %.*s", STR_ARG(credit)),
        .amount = &owed_minor,
        .currency = b->transfer->currency,
        .detail =
            arena_printf(t->arena, "the bank has taken back what had paid %.*s, or was on its way back to its payer",
                         STR_ARG(b->transfer->payment_id.v)),
    };
    int64_t affected;
    log_warn(t, "bank.break", L_STR("kind", args.kind), L_STR("ref", args.ref));
    return bank_break_open(t, &args, &affected);
}

static err reverse(struct task *t, struct taking_back *b, const struct credit_of_reversal_row *found)
{
    const struct transfer_find_row *x = b->transfer;
    const struct credit_shown_as shown = { found->credit_id,  x->payment_id.v,   x->currency,
                                           b->in->payer_name, b->in->payer_iban, b->in->amount_minor };
    const struct credit_reverse_row *row;
    const struct credit_held_row *held;
    int64_t affected;
    b->verdict = REVERSAL_KNOWN;
    if (found->is_known)
        return bank_line_credit(t, STR("known"), found->credit_id, *b->in->line, &affected);
    TRY(credit_reverse(t, found->credit_id, event_new(t), credit_document(t, &shown), &row));
    TRY(repayments_cancel(t, found->credit_id, &b->canceled, &b->n_canceled));
    TRY(credit_held(t, found->credit_id, &held));
    b->verdict = held && held->held < 0 ? REVERSAL_BREAK : REVERSAL_TAKEN;
    if (b->verdict == REVERSAL_BREAK)
        TRY(reversed_break(t, b, found->credit_id, -held->held));
    return bank_line_credit(t, b->verdict == REVERSAL_BREAK ? STR("break") : STR("applied"), found->credit_id,
                            *b->in->line, &affected);
}

static err take_back_in_tx(struct task *t, void *context)
{
    struct taking_back *b = context;
    const struct transfer_lock_row *locked;
    const struct transfer_find_row *now;
    const struct credit_of_reversal_row *found;
    const struct bank_line_claim_row *mine;
    b->verdict = REVERSAL_KNOWN;
    b->n_canceled = 0;
    TRY(transfer_lock(t, b->transfer->call_id, &locked));
    TRY(bank_line_claim(t, *b->in->line, &mine));
    if (!mine)
        return OK; /* another server has taken it up */
    b->verdict = REVERSAL_UNKNOWN;
    TRY(transfer_find(t, b->transfer->call_id, &now));
    TRY(credit_of_reversal(t, b->transfer->call_id, b->in->amount_minor, b->in->message, b->in->file, b->in->reference,
                           &found));
    if (!found)
        return OK;
    /* What is complete is being paid at this moment: the charge must find what it counts on. */
    if (now && transfer_state_at(now) == TRANSFER_WAITS && is_complete(now)) {
        b->verdict = REVERSAL_LATER;
        return OK;
    }
    return reverse(t, b, found);
}

err transfer_take_back(struct task *t, const struct transfer_find_row *x, const struct incoming *in,
                       enum transfer_reversal *ret)
{
    struct taking_back b = { .transfer = x, .in = in };
    TRY(db_tx(t, take_back_in_tx, &b));
    CRASH_POINT("transfer.after_reversal");
    *ret = b.verdict;
    for (size_t i = 0; i < b.n_canceled; i++) {
        err e = str_given(b.canceled[i].refund_id) ? repayment_offset_tell(t, b.canceled[i].refund_id) : OK;
        if (e)
            log_failure(t, e); /* the reconciler asks what came of the refund, and is told */
    }
    return OK;
}

/* ---- the end of an attempt ---- */

static err send_back(struct task *t, const struct transfer_find_row *x, const struct transfer_credits_open_row *row,
                     const struct transfer_credit *c)
{
    if (!str_given(row->payer_iban))
        return unreturnable_open(t, row->credit_id, c->back_minor, x->currency,
                                 STR("the bank does not say which account it came from"));
    return repayment_new(t, &(struct repayment_order){ .credit = row->credit_id,
                                                       .reason = c->reason,
                                                       .amount_minor = c->back_minor,
                                                       .iban = row->payer_iban,
                                                       .holder_name = row->payer_name,
                                                       .by = STR("paysrv") });
}

struct settling {
    const struct transfer_find_row *transfer;
    bool is_more; /* than go into one transaction */
};

static err settle_in_tx(struct task *t, void *context)
{
    struct settling *s = context;
    const struct transfer_find_row *x = s->transfer;
    const struct transfer_lock_row *locked;
    const struct transfer_applied_row *before;
    const struct transfer_credits_open_row *rows;
    size_t n;
    int64_t affected;
    TRY(transfer_lock(t, x->call_id, &locked));
    TRY(transfer_applied(t, x->call_id, &before));
    TRY(transfer_credits_open(t, x->call_id, CREDITS_AT_ONCE, &rows, &n));
    s->is_more = n == CREDITS_AT_ONCE;
    struct transfer_credit *credits = arena_array(t->arena, struct transfer_credit, n + 1);
    for (size_t i = 0; i < n; i++)
        credits[i] = (struct transfer_credit){ .amount_minor = rows[i].amount, .is_late = rows[i].is_late };
    int64_t left = transfer_left(transfer_state_at(x), x->amount, before->applied);
    if (!transfer_settle(transfer_state_at(x), &left, credits, n) || (left && !s->is_more))
        return FAIL(t, INTERNAL, "the credits of %.*s do not come to what they paid", STR_ARG(x->call_id));
    for (size_t i = 0; i < n; i++) {
        TRY(credit_settle(t, credits[i].applied_minor, rows[i].credit_id, &affected));
        if (credits[i].back_minor)
            TRY(send_back(t, x, &rows[i], &credits[i]));
    }
    return OK;
}

static err pay(struct task *t, const struct transfer_find_row *x)
{
    const struct call_find_row *call = NULL;
    const struct acquirer_said said = { .outcome = OUTCOME_SUCCEEDED, .ref = x->reference };
    bool applied;
    TRY(app_of(t)->env->call_find(t, x->call_id, &call));
    if (!call)
        return FAIL(t, INTERNAL, "a transfer without its attempt");
    const struct charge_result result = { .call = call, .said = &said };
    return call->is_abandoned ? OK : charge_settle(t, &result, NULL, &applied);
}

err transfer_advance(struct task *t, str call)
{
    const struct transfer_find_row *x;
    TRY(transfer_find(t, call, &x));
    if (x && transfer_state_at(x) == TRANSFER_WAITS && is_complete(x)) {
        TRY(pay(t, x));
        CRASH_POINT("transfer.after_paid");
        TRY(transfer_find(t, call, &x));
    }
    if (!x || transfer_state_at(x) == TRANSFER_WAITS)
        return OK;
    struct transfer_find_row ended = *x;
    struct settling s = { .transfer = &ended, .is_more = true };
    while (s.is_more)
        TRY(db_tx(t, settle_in_tx, &s));
    return OK;
}

static err some_advance(struct task *t, void *context)
{
    const struct transfers_ended_row *rows;
    struct walk *w = context;
    TRY(transfers_ended(t, w->at, w->name, w->step_most, &rows, &w->n));
    for (size_t i = 0; i < w->n; i++)
        walk_note(t, w, transfer_advance(t, rows[i].call_id));
    if (w->n > 0)
        walk_behind(w, rows[w->n - 1].created_at, rows[w->n - 1].call_id);
    return OK;
}

err transfers_run(struct task *t)
{
    struct walk w = walk_begin(t, WALK_STEP, ENDED_LIMIT);
    return walk_run(t, &w, some_advance);
}

err transfer_expired(struct task *t, const struct payment_find_row *p)
{
    const struct transfer_find_row *x;
    int64_t affected;
    TRY(transfer_advance(t, p->charge_id));
    TRY(transfer_find(t, p->charge_id, &x));
    if (x && transfer_state_at(x) == TRANSFER_PAID)
        return OK;
    TRY(transfer_expire(t, p->payment_id, p->charge_id, event_new(t), payment_document(t, p, PAYMENT_EXPIRED),
                        &affected));
    if (affected)
        log_info(t, "transfer.expired", L_STR("payment", p->payment_id.v));
    return transfer_advance(t, p->charge_id);
}

/* ---- by hand ---- */

static err approval_ask(struct task *t, struct transfer_sending *in, const struct credit_held_row *held)
{
    const struct manual_entry entry = { .kind = "send",
                                        .object = in->credit,
                                        .partner = held->partner_id,
                                        .currency = held->currency,
                                        .amount_minor = held->held,
                                        .borne_by = STR("payer"),
                                        .iban = in->iban,
                                        .holder_name = in->holder_name,
                                        .reason = in->note,
                                        .by = in->by,
                                        .by_name = in->by_name };
    if (in->approved_minor == held->held)
        return OK;
    if (in->approved_minor)
        return FAIL(t, MANUAL_ENTRY_STATE, "what is held of it is not what was asked for");
    return manual_entry_ask(t, &entry, &in->waits);
}

err transfer_send_in_tx(struct task *t, struct transfer_sending *in)
{
    const struct credit_held_row *held;
    const struct transfer_lock_row *locked;
    int64_t affected;
    in->waits = STR_NONE;
    TRY(credit_held(t, in->credit, &held));
    if (!held)
        return FAIL(t, NOT_FOUND, "no such credit");
    TRY(transfer_lock(t, held->call_id, &locked));
    TRY(credit_held(t, in->credit, &held)); /* as it is now that nobody else changes it */
    if (!held || !held->is_settled || held->held <= 0)
        return FAIL(t, BREAK_STATE, "nothing of it is held: it waits, has paid, or is on its way back");
    TRY(approval_ask(t, in, held));
    if (str_given(in->waits))
        return OK;
    TRY(repayment_new(t, &(struct repayment_order){ .credit = in->credit,
                                                    .reason = REPAYMENT_RESENT,
                                                    .amount_minor = held->held,
                                                    .iban = in->iban,
                                                    .holder_name = in->holder_name,
                                                    .by = in->by }));
    return credit_break_close(t, in->by, in->note, STR_NONE, STR("unreturnable"), in->credit, &affected);
}

static err send_in_tx(struct task *t, void *context)
{
    return transfer_send_in_tx(t, context);
}

err transfer_send(struct task *t, struct transfer_sending *in)
{
    str iban;
    enum iban_verdict verdict = iban_judge(t->arena, in->iban, &iban);
    if (verdict != IBAN_GOOD)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("iban"), iban_verdict_explain(verdict));
    if (!iban_country_is_sepa((str){ iban.p, 2 }))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("iban"), STR("no euro transfer reaches its country"));
    in->iban = iban;
    TRY(db_tx(t, send_in_tx, in));
    if (!str_given(in->waits))
        log_warn(t, "transfer.sent_back", L_STR("credit", in->credit), L_STR("by", in->by), L_STR("note", in->note));
    return OK;
}

err break_send(struct task *t, int64_t break_id, struct transfer_sending *in)
{
    const struct bank_break_list_row *row;
    TRY(bank_break_find(t, break_id, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such break");
    if (!str_given(row->held_credit))
        return FAIL_PARAM(t, BREAK_STATE, STR("break"), STR("is no open one of money that is held to go back"));
    in->credit = row->held_credit;
    return transfer_send(t, in);
}
