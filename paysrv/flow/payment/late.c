/* Late successes and their reversals. See late.h. */
#include "paysrv/flow/payment/late.h"

#include "paysrv/app.h"
#include "paysrv/domain/payment/reversal.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/store/attempt.sql.h"
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

/* The acquirer's word about this key is final, so the next try has another one. */
static err refused(struct task *t, const struct call_result *in, bool *applied)
{
    const struct call_find_row *call = in->call;
    const struct pay_env *env = app_of(t)->env;
    const struct reversals_refused_row *before;
    const struct late_refused_row *row;
    duration delay = { 0 };
    TRY(reversals_refused(t, call->payment_id, call->op, call->charge_ref, call->acquirer, &before));
    bool again = !before->is_a_persons && reversal_again(before->n + 1, in->said->decline_code, &delay);
    const struct late_refused_args args = {
        .acquirer_ref = in->said->ref,
        .decline_code = in->said->decline_code,
        .call = call->call_id,
        .again = again ? env->new_id(t->arena, "rev_") : STR_NONE,
        .again_at = instant_add(env->now(), delay),
        .note_id = in->note.id,
        .note = in->note.body,
    };
    TRY(env->late_refused(t, &args, &row));
    *applied = row->applied;
    if (*applied && again)
        log_info(t, "reversal.tried_again", L_STR("payment", call->payment_id.v), L_STR("reversal", args.again),
                 L_STR("of", call->call_id), L_I64("after_s", delay.us / 1000000));
    return OK;
}

static err reversed(struct task *t, const struct call_result *in, bool *applied)
{
    const struct call_find_row *call = in->call;
    const struct late_reversed_row *row;
    str data = attempt_document(t, call, call->call_id, STR("reversed"));
    TRY(app_of(t)->env->late_reversed(t, in->said->ref, call->call_id, event_new(t), data, in->note.id, in->note.body,
                                      &row));
    *applied = row->applied;
    return OK;
}

err late_settle(struct task *t, const struct call_result *in, bool *applied)
{
    const struct acquirer_said *said = in->said;
    CRASH_POINT("late.before_t2_commit");
    TRY(said->outcome == OUTCOME_SUCCEEDED ? reversed(t, in, applied) : refused(t, in, applied));
    if (*applied) {
        pay_metrics_count(t, COUNT_REVERSAL, said->outcome);
        log_warn(t, "reversal.settled", L_STR("payment", in->call->payment_id.v), L_STR("reversal", in->call->call_id),
                 L_STR("outcome", str_of(outcome_name(said->outcome))), L_STR("decline_code", said->decline_code));
    }
    return OK;
}
