/* Late successes and their reversals. See late.h. */
#include "paysrv/flow/payment/late.h"

#include "paysrv/app.h"
#include "paysrv/domain/payment/reversal.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payment/call.h"
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

/* Whether the machine asks for it again, and when: the acquirer's word about this key is final, so under another one.
 */
static err again(struct task *t, const struct call_result *in, str *key, instant *at)
{
    const struct call_find_row *call = in->call;
    const struct pay_env *env = app_of(t)->env;
    const struct reversals_refused_row *before;
    duration delay = { 0 };
    TRY(reversals_refused(t, call->payment_id, call->op, call->charge_ref, call->acquirer, &before));
    bool is_asked = !before->is_a_persons && reversal_again(before->n + 1, in->said->decline_code, &delay);
    *key = is_asked ? env->new_id(t->arena, "rev_") : STR_NONE;
    *at = instant_add(env->now(), delay);
    return OK;
}

static void again_log(struct task *t, const struct call_find_row *call, str key, instant at)
{
    if (str_given(key))
        log_info(t, "reversal.tried_again", L_STR("payment", call->payment_id.v), L_STR("reversal", key),
                 L_STR("of", call->call_id), L_STR("at", instant_iso(t->arena, at)));
}

static err refused(struct task *t, const struct call_result *in, bool *applied)
{
    const struct late_refused_row *row;
    struct late_refused_args args = {
        .acquirer_ref = in->said->ref,
        .decline_code = in->said->decline_code,
        .call = in->call->call_id,
        .note_id = in->note.id,
        .note = in->note.body,
    };
    TRY(again(t, in, &args.again, &args.again_at));
    TRY(app_of(t)->env->late_refused(t, &args, &row));
    *applied = row->applied;
    if (*applied)
        again_log(t, in->call, args.again, args.again_at);
    return OK;
}

/* It had succeeded, and the acquirer has the money again. */
static err returned(struct task *t, const struct call_result *in, bool *applied)
{
    const struct call_find_row *call = in->call;
    const struct late_returned_row *row;
    struct late_returned_args args = {
        .decline_code = in->said->decline_code,
        .call = call->call_id,
        .event = event_new(t),
        .data = attempt_document(t, call, call->call_id, STR("succeeded_late")),
        .note_id = in->note.id,
        .note = in->note.body,
    };
    TRY(again(t, in, &args.again, &args.again_at));
    TRY(late_returned(t, &args, &row));
    *applied = row->applied;
    if (*applied)
        again_log(t, call, args.again, args.again_at);
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
    if (call_comes_back(in->call, said))
        TRY(returned(t, in, applied));
    else
        TRY(said->outcome == OUTCOME_SUCCEEDED ? reversed(t, in, applied) : refused(t, in, applied));
    if (*applied) {
        pay_metrics_count(t, COUNT_REVERSAL, said->outcome);
        log_warn(t, "reversal.settled", L_STR("payment", in->call->payment_id.v), L_STR("reversal", in->call->call_id),
                 L_STR("outcome", str_of(outcome_name(said->outcome))), L_STR("decline_code", said->decline_code));
    }
    return OK;
}
