/* See reversal.h. */
#include "paysrv/flow/payment/reversal.h"

#include "paysrv/app.h"
#include "paysrv/domain/decision.h"
#include "paysrv/faults.h"
#include "paysrv/flow/acquirer/acquirer.h"
#include "paysrv/flow/answer.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/env.h"
#include "paysrv/flow/ledger/manual_entry.h"
#include "paysrv/store/attempt.sql.h"
#include "paysrv/store/charge.sql.h"
#include "paysrv/store/reversal.sql.h"
#include "paysrv/store/settlement.sql.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/text/encode.h"

err reversals_find(struct task *t, const struct reversal_wish *wish, const int64_t *last, size_t most,
                   const struct reversal_list_row **ret, size_t *n)
{
    return reversal_list(t, wish->all, wish->reversal.n ? wish->reversal : STR_NONE,
                         wish->payment.n ? wish->payment : STR_NONE, last, (int64_t)most, ret, n);
}

static err find(struct task *t, str reversal, const struct reversal_list_row **ret)
{
    size_t n;
    TRY(reversals_find(t, &(struct reversal_wish){ .all = true, .reversal = reversal }, NULL, 1, ret, &n));
    return n ? OK : FAIL(t, NOT_FOUND, "no such reversal, or none that is a person's");
}

/* ---- what a person says ---- */

struct deciding {
    const struct reversal_word *word;
    const struct reversal_list_row *row;
    enum reversal_end end;
};

static bool is_settled(const struct reversal_word *word)
{
    return str_given(word->as) && word->as.n > 0;
}

static err word_read(struct task *t, const struct reversal_word *w, const struct reversal_list_row *row,
                     enum reversal_end *end)
{
    enum call_op op = CALL_OP_COUNT;
    call_op_parse(row->op, &op);
    if (!is_settled(w))
        return OK;
    if (!reversal_end_parse(w->as, end) || !reversal_may_end(op, *end))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("as"),
                          op == OP_LATE_VOID ? STR("must be booked: an authorisation is no money")
                                             : STR("must be acquirer, bank, platform or booked"));
    if (!utf8_within(w->note, NOTE_LEAST, NOTE_MOST))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("note"), STR("says in " NOTE_WANTED " what was found"));
    return OK;
}

/* A button pressed twice, an answer that was lost. */
static err decided_so(struct task *t, const struct reversal_word *w)
{
    const struct reversal_list_row *row;
    TRY(find(t, w->reversal, &row));
    bool is_same = str_eq(row->decision, is_settled(w) ? STR("settled") : STR("retried")) &&
                   str_eq(row->decided_by, w->by) && (!is_settled(w) || str_eq(row->settled_as, w->as));
    return is_same ? OK : FAIL(t, REVERSAL_STATE, "somebody has decided");
}

static err retry(struct task *t, const struct reversal_word *w)
{
    const struct app *app = t->app;
    const struct reversal_retry_row *row;
    str again = app->env->new_id(t->arena, "rev_");
    TRY(reversal_retry(t, w->note, w->by, w->by_name, w->reversal, again, &row));
    if (!row->retried)
        return decided_so(t, w);
    log_info(t, "reversal.retried", L_STR("of", w->reversal), L_STR("reversal", again), L_STR("by", w->by));
    return OK;
}

static err settle(struct task *t, const struct reversal_word *w, enum reversal_end end)
{
    const struct app *app = t->app;
    const struct call_find_row *call;
    const struct reversal_settle_row *row;
    int64_t opened;
    TRY(call_find(t, w->reversal, &call));
    if (!call)
        return FAIL(t, INTERNAL, "reversal %.*s is no operation", STR_ARG(w->reversal));
    const struct reversal_settle_args args = {
        .settled_as = w->as,
        .note = w->note,
        .by = w->by,
        .name = w->by_name,
        .call = w->reversal,
        .account = reversal_end_account(end),
        .clearing = acquirer_clearing(call->acquirer),
        .event = { app->env->new_id(t->arena, "evt_") },
        .data = attempt_document(t, call, call->call_id, STR("settled")),
    };
    TRY(settlement_accounts_open(t, call->partner_id, args.clearing, call->currency, &opened));
    TRY(reversal_settle(t, &args, &row));
    CRASH_POINT("reversal.before_commit");
    if (!row->settled)
        return decided_so(t, w);
    log_info(t, "reversal.settled_by_hand", L_STR("reversal", w->reversal), L_STR("as", w->as), L_STR("by", w->by));
    return OK;
}

err reversal_settle_in_tx(struct task *t, const struct reversal_word *w)
{
    const struct reversal_list_row *row;
    enum reversal_end end = REVERSAL_BOOKED;
    TRY(find(t, w->reversal, &row));
    TRY(word_read(t, w, row, &end));
    if (str_given(row->decision) || row->amount != w->approved_minor)
        return FAIL(t, MANUAL_ENTRY_STATE, "the reversal was decided meanwhile");
    return settle(t, w, end);
}

static err settle_in_tx(struct task *t, void *context)
{
    struct deciding *d = context;
    const struct reversal_word *w = d->word;
    str waits = STR_NONE;
    TRY(find(t, w->reversal, &d->row));
    if (str_given(d->row->decision))
        return decided_so(t, w);
    const struct manual_entry entry = { .kind = "reversal",
                                        .object = w->reversal,
                                        .partner = d->row->partner_id,
                                        .currency = d->row->currency,
                                        .amount_minor = d->row->amount,
                                        .borne_by = w->as,
                                        .reason = w->note,
                                        .by = w->by,
                                        .by_name = w->by_name };
    if (d->end != REVERSAL_BOOKED)
        TRY(manual_entry_ask(t, &entry, &waits));
    return str_given(waits) ? OK : settle(t, w, d->end);
}

err reversal_decide(struct task *t, const struct reversal_word *w, const struct reversal_list_row **ret)
{
    struct deciding d = { .word = w, .end = REVERSAL_BOOKED };
    TRY(find(t, w->reversal, &d.row));
    TRY(word_read(t, w, d.row, &d.end));
    TRY(clock_enter(t, d.row->partner_id));
    TRY(is_settled(w) ? db_tx(t, settle_in_tx, &d) : retry(t, w));
    return find(t, w->reversal, ret);
}
