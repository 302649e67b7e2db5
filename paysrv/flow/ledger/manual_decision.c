/* See manual_entry.h: deciding, and what is booked then. */
#include "paysrv/domain/payout/payout_limit.h"
#include "paysrv/faults.h"
#include "paysrv/flow/bank/bank_export.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/ledger/manual_entry.h"
#include "paysrv/flow/ledger/negative.h"
#include "paysrv/flow/payment/call_word.h"
#include "paysrv/flow/payment/reversal.h"
#include "paysrv/flow/payout/payout_finding.h"
#include "paysrv/flow/settlement/settlement_book.h"
#include "paysrv/flow/transfer/transfer.h"
#include "paysrv/flow/transfer/transfer_lines.h"
#include "paysrv/store/manual_entry.sql.h"
#include "shared/base/num.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

struct deciding {
    str id;
    const struct operator_decision *decision;
    const struct manual_entry_list_row *entry;
};

static err write_off_book(struct task *t, const struct manual_entry_list_row *e)
{
    const struct relief relief = { .partner = e->partner_id,
                                   .user = { e->object },
                                   .currency = e->currency,
                                   .amount_minor = e->amount,
                                   .is_write_off = true,
                                   .borne_by = e->borne_by,
                                   .reason = e->reason,
                                   .by = e->asked_by };
    bool done;
    TRY(balance_relief_make(t, &relief, &done));
    return done ? OK : FAIL(t, MANUAL_ENTRY_STATE, "he does not owe as much any more");
}

static err undo_book(struct task *t, const struct manual_entry_list_row *e)
{
    const struct undoing undoing = { .write_off = e->object,
                                     .reason = e->reason,
                                     .by = e->asked_by,
                                     .by_name = e->asked_name,
                                     .approved_minor = e->amount };
    return write_off_undo_in_tx(t, &undoing);
}

static err break_book(struct task *t, const struct manual_entry_list_row *e)
{
    struct break_resolution r = { .as = e->borne_by,
                                  .reason = e->reason,
                                  .by = e->asked_by,
                                  .partner = e->partner_id.v,
                                  .approved_minor = e->amount };
    if (!num_parse(e->object, &r.break_id))
        return FAIL(t, INTERNAL, "manual entry of a break without a number");
    return break_resolve_in_tx(t, &r);
}

static err send_book(struct task *t, const struct manual_entry_list_row *e)
{
    struct transfer_sending s = { .credit = e->object,
                                  .iban = e->iban,
                                  .holder_name = e->holder_name,
                                  .by = e->asked_by,
                                  .by_name = e->asked_name,
                                  .note = e->reason,
                                  .approved_minor = e->amount };
    return transfer_send_in_tx(t, &s);
}

static err assign_book(struct task *t, const struct manual_entry_list_row *e)
{
    struct transfer_assigning a = {
        .by = e->asked_by, .by_name = e->asked_name, .note = e->reason, .approved_minor = e->amount
    };
    str number, payment = e->object;
    if (!str_cut(&payment, ' ', &number) || !num_parse(number, &a.break_id))
        return FAIL(t, INTERNAL, "manual entry of a credit without its break");
    a.payment = (payment_id){ payment };
    return transfer_assign_in_tx(t, &a);
}

static err payout_book(struct task *t, const struct manual_entry_list_row *e)
{
    struct payout_finding f = { .transfer = e->object,
                                .is_paid = str_eq(e->borne_by, STR("paid")),
                                .acquirer_ref = e->acquirer_ref,
                                .reason = e->reason,
                                .by = e->asked_by,
                                .approved_minor = e->amount };
    return payout_resolve_in_tx(t, &f);
}

static err reversal_book(struct task *t, const struct manual_entry_list_row *e)
{
    const struct reversal_word word = { .reversal = e->object,
                                        .as = e->borne_by,
                                        .note = e->reason,
                                        .by = e->asked_by,
                                        .by_name = e->asked_name,
                                        .approved_minor = e->amount };
    return reversal_settle_in_tx(t, &word);
}

static err call_book(struct task *t, const struct manual_entry_list_row *e)
{
    struct call_word word = { .call = e->object,
                              .as = e->borne_by,
                              .acquirer_ref = e->acquirer_ref,
                              .note = e->reason,
                              .by = e->asked_by,
                              .by_name = e->asked_name,
                              .approved_minor = e->amount };
    return call_word_in_tx(t, &word);
}

static bool is_of_batch(const struct manual_entry_list_row *e)
{
    return str_eq(e->kind, STR("batch"));
}

static struct batch_finding batch_of(const struct manual_entry_list_row *e)
{
    return (struct batch_finding){
        .msg_id = e->object, .is_paid = str_eq(e->borne_by, STR("paid")), .reason = e->reason, .by = e->asked_by
    };
}

static err book(struct task *t, const struct manual_entry_list_row *e)
{
    const struct batch_finding batch = batch_of(e);
    if (is_of_batch(e))
        return batch_found_in_tx(t, &batch);
    if (str_eq(e->kind, STR("order")))
        return batch_let_go_in_tx(t, e->object);
    if (str_eq(e->kind, STR("payout")))
        return payout_book(t, e);
    if (str_eq(e->kind, STR("send")))
        return send_book(t, e);
    if (str_eq(e->kind, STR("assign")))
        return assign_book(t, e);
    if (str_eq(e->kind, STR("undo")))
        return undo_book(t, e);
    if (str_eq(e->kind, STR("reversal")))
        return reversal_book(t, e);
    if (str_eq(e->kind, STR("call")))
        return call_book(t, e);
    return str_eq(e->kind, STR("write_off")) ? write_off_book(t, e) : break_book(t, e);
}

static err decide_in_tx(struct task *t, void *context)
{
    struct deciding *d = context;
    const struct operator_decision *x = d->decision;
    const struct manual_entry_list_row *e;
    str status = x->is_approval ? STR("booked") : STR("rejected");
    int64_t affected;
    TRY(manual_entry_lock(t, d->id, &e));
    if (!e)
        return FAIL(t, NOT_FOUND, "no such entry");
    d->entry = e;
    bool is_repeated = str_eq(e->status, status) && str_eq(e->decided_by, x->subject);
    if (!str_eq(e->status, STR("waiting")))
        return is_repeated ? OK : FAIL(t, MANUAL_ENTRY_STATE, "it is decided");
    /* Who asked is the first of two. */
    if (x->is_approval && approval_judge(x->subject, e->asked_by, STR_NONE, 1) != APPROVAL_ENOUGH)
        return FAIL(t, FOUR_EYES, "the operator's own entry");
    if (str_given(e->partner_id.v))
        TRY(clock_enter(t, e->partner_id));
    TRY(manual_entry_decide(t, status, x->subject, x->name, x->note, d->id, &affected));
    if (x->is_approval)
        TRY(book(t, e));
    CRASH_POINT("manual_entry.before_commit");
    return manual_entry_lock(t, d->id, &d->entry);
}

err manual_entry_decision(struct task *t, str id, const struct operator_decision *decision,
                          const struct manual_entry_list_row **ret)
{
    struct deciding d = { .id = id, .decision = decision };
    TRY(db_tx(t, decide_in_tx, &d));
    log_info(t, "manual_entry.decided", L_STR("entry", id), L_STR("status", d.entry->status),
             L_STR("by", decision->subject));
    *ret = d.entry;
    if (!decision->is_approval || !is_of_batch(d.entry))
        return OK;
    struct batch_finding batch = batch_of(d.entry); /* too many for one transaction; again goes on where it ended */
    return batch_found_book(t, &batch);
}
