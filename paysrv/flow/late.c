/* Late successes and their reversals. See late.h. */
#include "paysrv/flow/late.h"

#include "paysrv/app.h"
#include "paysrv/flow/pay_metrics.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

static const struct app *app_of(struct task *t)
{
    return t->app;
}

static event_id event_new(struct task *t)
{
    return (event_id){ app_of(t)->env->new_id(t->arena, "evt_") };
}

err late_success_take(struct task *t, const struct call_result *in, bool *applied)
{
    const struct call_find_row *call = in->call;
    const struct pay_env *env = app_of(t)->env;
    const struct late_success_args args = {
        .acquirer_ref = in->said->ref,
        .charge = { call->call_id },
        .reversal = env->new_id(t->arena, "rev_"),
        .event = event_new(t),
        .data = attempt_document(t, call, call->call_id, STR("succeeded_late")),
        .clearing = acquirer_clearing(call->acquirer),
        .note_id = in->note.id,
        .note = in->note.body,
    };
    const struct late_success_row *row;
    int64_t opened;
    TRY(env->suspense_open(t, call->partner_id, call->currency, &opened));
    TRY(env->late_success(t, &args, &row));
    *applied = row->applied;
    if (*applied)
        log_warn(t, "charge.succeeded_late", L_STR("payment", call->payment_id.v), L_STR("charge", call->call_id),
                 L_STR("reversal", args.reversal));
    return OK;
}

err late_settle(struct task *t, const struct call_result *in, bool *applied)
{
    const struct call_find_row *call = in->call;
    const struct pay_env *env = app_of(t)->env;
    const struct acquirer_said *said = in->said;
    const struct late_reversed_row *reversed;
    const struct late_refused_row *refused;
    CRASH_POINT("late.before_t2_commit");
    if (said->outcome == OUTCOME_SUCCEEDED) {
        str data = attempt_document(t, call, call->call_id, STR("reversed"));
        TRY(env->late_reversed(t, said->ref, call->call_id, event_new(t), data, in->note.id, in->note.body, &reversed));
        *applied = reversed->applied;
    } else {
        TRY(env->late_refused(t, said->ref, said->decline_code, call->call_id, in->note.id, in->note.body, &refused));
        *applied = refused->applied;
    }
    if (*applied) {
        pay_metrics_count(t, COUNT_REVERSAL, said->outcome);
        log_warn(t, "reversal.settled", L_STR("payment", call->payment_id.v), L_STR("reversal", call->call_id),
                 L_STR("outcome", str_of(outcome_name(said->outcome))), L_STR("decline_code", said->decline_code));
    }
    return OK;
}
