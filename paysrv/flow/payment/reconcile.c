/* The reconciler. See reconcile.h. */
#include "paysrv/flow/payment/reconcile.h"

#include "paysrv/app.h"
#include "paysrv/flow/acquirer/connector.h"
#include "paysrv/flow/anomaly.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payment/call.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

#define IN_FLIGHT_LEAST SECONDS(10)
#define SENDS_HAVE_ENDED MINUTES(10) /* whoever decided to send it again a moment ago is done by then */

static const struct app *app_of(struct task *t)
{
    return t->app;
}

/* What we sent has mostly arrived by then; what arrives later has the same key, under which money moves once. */
static duration in_flight(struct task *t)
{
    int64_t twice = 2 * app_of(t)->config.reconcile_after.us;
    return (duration){ twice > IN_FLIGHT_LEAST.us ? twice : IN_FLIGHT_LEAST.us };
}

static err settle(struct task *t, const struct call_find_row *call, const struct acquirer_said *said)
{
    const struct call_result result = { .call = call, .said = said };
    bool applied;
    pay_metrics_count(t, COUNT_RECONCILED, said->outcome);
    return call_settle(t, &result, &applied);
}

/* The same key again; the predicate on the state keeps a late first caller and this one from both sending. */
static err send_again(struct task *t, const struct call_find_row *call, const struct acquirer_ask *ask)
{
    const struct pay_env *env = app_of(t)->env;
    struct acquirer_said said;
    int64_t affected;
    instant due = instant_add(env->now(), app_of(t)->config.reconcile_after);
    TRY(env->call_sent(t, due, call->call_id, call->state, &affected));
    if (affected == 0)
        return OK;
    log_info(t, "call.sent_again", L_STR("call", call->call_id));
    env->order(t, ask, &said);
    CRASH_POINT("reconcile.after_call");
    return settle(t, call, &said);
}

/* What is done about it if its acquirer does not know it. */
static enum absent_verdict absent_judge(struct task *t, const struct call_find_row *call, instant now)
{
    const struct connector *acquirer = connector_called(t, call->acquirer);
    struct absent_basis basis = {
        .state = CALL_UNKNOWN,
        .created_at = call->created_at,
        .sent_at = call->sent_at_given ? call->sent_at : call->created_at,
        .in_flight = in_flight(t),
        .key_retention = acquirer ? acquirer->key_retention : (duration){ 0 },
    };
    enum call_op op = CALL_OP_COUNT;
    call_op_parse(call->op, &op);
    call_state_parse(call->state, &basis.state);
    if (call_op_is_reversal(op) && !call->sent_at_given) { /* only this job sends it: its key was never used */
        basis.state = CALL_INTENT;
        basis.created_at = now;
    }
    return call_absent_judge(&basis, now);
}

bool reconcile_gave_up(struct task *t, const struct call_find_row *call)
{
    const struct connector *acquirer = connector_called(t, call->acquirer);
    const instant lately = { app_of(t)->env->now().us - SENDS_HAVE_ENDED.us };
    bool is_old =
        instant_before(instant_add(call->created_at, acquirer ? acquirer->key_retention : (duration){ 0 }), lately);
    return is_old && absent_judge(t, call, lately) == ABSENT_ASK_ONLY; /* a young one may wait for its buyer */
}

static err absent(struct task *t, const struct call_find_row *call, const struct acquirer_ask *ask)
{
    switch (absent_judge(t, call, app_of(t)->env->now())) {
    case ABSENT_SEND:
        return send_again(t, call, ask);
    case ABSENT_WAIT:
        return OK;
    case ABSENT_ASK_ONLY:
        break;
    }
    return anomaly_tell(t, ANOMALY_CALL_UNRESOLVED, call->partner_id.v, call->call_id,
                        STR("the acquirer does not know it, and it is too old to be sent again"));
}

static err reconcile_one(struct task *t, const struct call_find_row *call)
{
    const struct pay_env *env = app_of(t)->env;
    struct acquirer_ask ask;
    struct acquirer_said said;
    TRY(clock_enter(t, call->partner_id));
    TRY(call_ask(t, call, &ask));
    env->query(t, &ask, &said);
    CRASH_POINT("reconcile.after_query");
    if (said.is_absent)
        return absent(t, call, &ask);
    if (said.outcome == OUTCOME_ACTION && str_eq(call->state, STR("action")))
        return OK;
    return settle(t, call, &said);
}

err reconcile_run(struct task *t)
{
    const struct app *app = app_of(t);
    const struct call_find_row *calls;
    size_t n;
    int64_t step_s = app->config.reconcile_after.us / 1000000;
    TRY(app->env->calls_due(t, step_s, &calls, &n));
    for (size_t i = 0; i < n; i++) {
        err e = reconcile_one(t, &calls[i]);
        if (e)
            log_failure(t, e); /* one operation that cannot be settled must not keep the others waiting */
    }
    clock_leave(t);
    return OK;
}
