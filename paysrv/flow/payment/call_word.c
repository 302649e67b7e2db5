/* See call_word.h; docs/decisions/0053. */
#include "paysrv/flow/payment/call_word.h"

#include "paysrv/app.h"
#include "paysrv/domain/decision.h"
#include "paysrv/faults.h"
#include "paysrv/flow/acquirer/connector.h"
#include "paysrv/flow/acquirer/connector_bank.h"
#include "paysrv/flow/anomaly.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/ledger/manual_entry.h"
#include "paysrv/flow/payment/call.h"
#include "paysrv/flow/payment/reconcile.h"
#include "paysrv/store/anomaly.sql.h"
#include "paysrv/store/charge.sql.h"
#include "shared/db/db.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/text/encode.h"

#define REF_MOST 255
#define AUTHORIZED_FOR DAYS(5) /* the least that card schemes give; an operator is not told */

static bool has_succeeded(const struct call_word *w)
{
    return str_eq(w->as, STR("succeeded"));
}

static err word_read(struct task *t, const struct call_word *w)
{
    bool is_named = w->acquirer_ref.n > 0;
    if (!has_succeeded(w) && !str_eq(w->as, STR("failed")))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("as"), STR("must be succeeded or failed"));
    if (is_named != has_succeeded(w) || (is_named && !utf8_within(w->acquirer_ref, 1, REF_MOST)))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("acquirer_ref"),
                          STR("is what the acquirer calls it, in up to 255 characters, of one that succeeded only"));
    if (!utf8_within(w->note, NOTE_LEAST, NOTE_MOST))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("note"), STR("says in " NOTE_WANTED " what was found"));
    return OK;
}

/* A button pressed twice, an answer that was lost, or the acquirer has said the same by now. */
static bool is_said(const struct call_word *w, const struct call_find_row *call)
{
    return has_succeeded(w) ? str_eq(call->state, STR("ok")) && str_eq(call->acquirer_ref, w->acquirer_ref)
                            : str_eq(call->state, STR("declined"));
}

static err name_judge(struct task *t, const struct call_word *w, const struct call_find_row *call)
{
    const struct connector *acquirer = connector_called(t, call->acquirer);
    const struct call_named_row *name;
    const char *why = NULL;
    enum call_op op = CALL_OP_COUNT;
    if (acquirer && acquirer->name_wrong && call_op_parse(call->op, &op))
        why = acquirer->name_wrong(op, w->acquirer_ref);
    if (why)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("acquirer_ref"), str_of(why));
    TRY(call_named(t, w->call, w->acquirer_ref, &name));
    return name->is_taken ? FAIL_PARAM(t, INVALID_PARAMETER, STR("acquirer_ref"), STR("is of another operation")) : OK;
}

static err call_judge(struct task *t, const struct call_word *w, const struct call_find_row *call)
{
    if (str_eq(call->acquirer, STR(BANK_CONNECTOR)))
        return FAIL_PARAM(t, CALL_STATE, STR("anomaly"),
                          STR("is about a transfer: what our bank shows of it is booked"));
    if (str_eq(call->op, call_op_name(OP_PAYOUT)))
        return FAIL_PARAM(t, CALL_STATE, STR("anomaly"), STR("is about a payout: paysrv payouts resolve"));
    if (str_eq(call->state, STR("ok")) || str_eq(call->state, STR("declined")))
        return FAIL_PARAM(t, CALL_STATE, STR("anomaly"), STR("is about an operation whose outcome is known"));
    if (!reconcile_gave_up(t, call))
        return FAIL_PARAM(t, CALL_STATE, STR("anomaly"),
                          STR("is about an operation that is still asked for, and may be sent again"));
    return has_succeeded(w) ? name_judge(t, w, call) : OK;
}

static err second_ask(struct task *t, struct call_word *w, const struct call_find_row *call)
{
    const struct manual_entry entry = { .kind = "call",
                                        .object = w->call,
                                        .partner = call->partner_id,
                                        .currency = call->currency,
                                        .amount_minor = call->amount,
                                        .borne_by = w->as,
                                        .acquirer_ref = has_succeeded(w) ? w->acquirer_ref : STR_NONE,
                                        .reason = w->note,
                                        .by = w->by,
                                        .by_name = w->by_name };
    return w->approved_minor == call->amount ? OK : manual_entry_ask(t, &entry, &w->waits);
}

static err book(struct task *t, const struct call_word *w, const struct call_find_row *call)
{
    const struct acquirer_said said = { .outcome = has_succeeded(w) ? OUTCOME_SUCCEEDED : OUTCOME_DECLINED,
                                        .ref = has_succeeded(w) ? w->acquirer_ref : STR_NONE,
                                        .decline_code = has_succeeded(w) ? STR_NONE : STR("processing_error"),
                                        .authorized_until = instant_add(call->created_at, AUTHORIZED_FOR) };
    const struct call_result result = { .call = call, .said = &said };
    bool applied;
    TRY(call_settle(t, &result, &applied));
    return applied ? OK : FAIL(t, CALL_STATE, "another outcome came first");
}

err call_word_in_tx(struct task *t, struct call_word *w)
{
    const struct app *app = t->app;
    const struct call_find_row *call;
    int64_t closed;
    w->waits = STR_NONE;
    TRY(app->env->call_find(t, w->call, &call));
    if (!call)
        return FAIL(t, NOT_FOUND, "no such operation");
    if (!is_said(w, call)) {
        TRY(call_judge(t, w, call));
        TRY(second_ask(t, w, call));
        if (str_given(w->waits))
            return OK;
        TRY(book(t, w, call));
    }
    TRY(anomalies_of_call_close(t, w->by, w->note, w->call, &closed));
    CRASH_POINT("call_word.before_commit");
    return OK;
}

static err take_in_tx(struct task *t, void *context)
{
    return call_word_in_tx(t, context);
}

bool call_word_may_end(enum anomaly kind)
{
    return kind == ANOMALY_CALL_UNRESOLVED || kind == ANOMALY_ACQUIRER_ANSWER;
}

err call_word_take(struct task *t, int64_t anomaly, struct call_word *w)
{
    const struct anomalies_open_row *row;
    enum anomaly kind;
    TRY(anomaly_find(t, anomaly, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such anomaly");
    TRY(word_read(t, w));
    if (!anomaly_parse(row->kind, &kind) || !call_word_may_end(kind))
        return FAIL_PARAM(t, CALL_STATE, STR("anomaly"), STR("is about no operation without an outcome"));
    w->call = row->ref;
    if (str_given(row->partner_id))
        TRY(clock_enter(t, (partner_id){ row->partner_id }));
    TRY(db_tx(t, take_in_tx, w));
    if (!str_given(w->waits))
        log_warn(t, "call.resolved", L_STR("call", w->call), L_STR("as", w->as), L_STR("by", w->by));
    return OK;
}
