/* One table of what each kind of operation is made of. See call.h. */
#include "paysrv/flow/payment/call.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/anomaly.h"
#include "paysrv/flow/payment/cancel.h"
#include "paysrv/flow/payment/capture.h"
#include "paysrv/flow/payment/late.h"
#include "paysrv/flow/payment/refund.h"
#include "paysrv/flow/payment/saved_card.h"
#include "paysrv/flow/payout/payout_rail.h"
#include "paysrv/store/transfer.sql.h"
#include "shared/ops/log.h"

#define WAITING_ASK_AFTER HOURS(6)

static const struct app *app_of(struct task *t)
{
    return t->app;
}

instant call_due(struct task *t)
{
    return instant_add(app_of(t)->env->now(), app_of(t)->config.reconcile_after);
}

static err refund_of(struct task *t, const struct call_find_row *call, struct acquirer_ask *ret)
{
    const struct refund_find_row *r = NULL;
    TRY(app_of(t)->env->refund_find(t, (refund_id){ call->call_id }, &r));
    *ret = refund_ask(call, r ? r->charge_ref : STR_NONE);
    return OK;
}

static err capture_of(struct task *t, const struct call_find_row *call, struct acquirer_ask *ret)
{
    const struct capture_find_row *c = NULL;
    TRY(app_of(t)->env->capture_find(t, call->call_id, &c));
    *ret = operation_ask(call, OP_CAPTURE);
    ret->is_final = c && c->is_final;
    return OK;
}

static err attempt_of(struct task *t, const struct call_find_row *call, struct acquirer_ask *ret)
{
    const struct payment_find_row *p = NULL;
    *ret = charge_ask(call);
    ret->is_again = true;
    ret->is_abandoned = call->is_abandoned;
    TRY(app_of(t)->env->payment_any(t, call->payment_id, &p));
    ret->locale = p ? p->locale : STR_NONE; /* what was asked for when it was sent first */
    return saved_card_instrument(t, ret);
}

err call_ask(struct task *t, const struct call_find_row *call, struct acquirer_ask *ret)
{
    enum call_op op = CALL_OP_COUNT;
    call_op_parse(call->op, &op);
    switch (op) {
    case OP_CHARGE:
    case OP_AUTHORIZE:
        return attempt_of(t, call, ret);
    case OP_REFUND:
        return refund_of(t, call, ret);
    case OP_CAPTURE:
        return capture_of(t, call, ret);
    case OP_VOID:
    case OP_LATE_VOID:
    case OP_LATE_REFUND:
        *ret = operation_ask(call, op);
        return OK;
    case OP_PAYOUT:
        *ret = payout_call_ask(call);
        return OK;
    case CALL_OP_COUNT:
        break;
    }
    return FAIL(t, INTERNAL, "an operation of no known kind");
}

err call_hold_unknown(struct task *t, const struct call_result *in)
{
    int64_t affected;
    log_warn(t, "call.outcome_unknown", L_STR("op", in->call->op), L_STR("call", in->call->call_id),
             L_STR("acquirer", in->call->acquirer), L_STR("why", in->said->why));
    if (in->said->is_wrong)
        TRY(anomaly_tell(t, ANOMALY_ACQUIRER_ANSWER, in->call->partner_id.v, in->call->call_id, in->said->why));
    return app_of(t)->env->call_unknown(t, call_due(t), in->call->call_id, &affected);
}

err call_hold_waiting(struct task *t, const struct call_result *in)
{
    int64_t affected;
    return call_wait(t, in->said->ref, instant_add(app_of(t)->env->now(), WAITING_ASK_AFTER), in->call->call_id,
                     &affected);
}

static err settle_final(struct task *t, const struct call_result *in, enum call_op op, bool *applied)
{
    if (in->said->outcome != OUTCOME_SUCCEEDED && in->said->outcome != OUTCOME_DECLINED)
        return call_hold_unknown(t, in);
    if (op == OP_CAPTURE)
        return capture_settle(t, in, NULL, NULL, applied);
    return op == OP_VOID ? void_settle(t, in, NULL, applied) : late_settle(t, in, applied);
}

static err settle(struct task *t, const struct call_result *in, bool *applied)
{
    const struct charge_result attempt = { .call = in->call, .said = in->said, .note = in->note };
    const struct refund_result refund = { .call = in->call, .said = in->said, .note = in->note };
    enum call_op op = CALL_OP_COUNT;
    *applied = false;
    call_op_parse(in->call->op, &op);
    switch (op) {
    case OP_CHARGE:
    case OP_AUTHORIZE:
        return charge_settle(t, &attempt, NULL, applied);
    case OP_REFUND:
        return refund_settle(t, &refund, NULL, applied);
    case OP_CAPTURE:
    case OP_VOID:
    case OP_LATE_VOID:
    case OP_LATE_REFUND:
        return settle_final(t, in, op, applied);
    case OP_PAYOUT:
        return payout_settle(t, in, applied);
    case CALL_OP_COUNT:
        break;
    }
    return FAIL(t, INTERNAL, "an operation of no known kind");
}

bool call_comes_back(const struct call_find_row *call, const struct acquirer_said *said)
{
    return said->is_returned && str_eq(call->state, STR("ok"));
}

bool call_is_against(const struct call_find_row *call, const struct acquirer_said *said)
{
    bool is_ok = str_eq(call->state, STR("ok")), is_declined = str_eq(call->state, STR("declined"));
    bool is_renamed =
        is_ok && str_given(said->ref) && str_given(call->acquirer_ref) && !str_eq(said->ref, call->acquirer_ref);
    return said->outcome == OUTCOME_SUCCEEDED ? is_declined || is_renamed : said->outcome == OUTCOME_DECLINED && is_ok;
}

/* Somebody was faster: most often with the same word, but a person may have said another one at this moment, or it had
 * not succeeded yet when it was read, of which it is said to have come back. */
static err second_word_take(struct task *t, const struct call_result *in, bool *applied)
{
    const struct call_find_row *now;
    TRY(app_of(t)->env->call_find(t, in->call->call_id, &now));
    if (!now || !call_is_against(now, in->said))
        return OK;
    if (call_comes_back(now, in->said) && !call_comes_back(in->call, in->said))
        return settle(t, &(struct call_result){ now, in->said, in->note }, applied);
    return anomaly_tell(t, ANOMALY_ACQUIRER_ANSWER, now->partner_id.v, now->call_id,
                        STR("the acquirer says another outcome, or another name, than was booked"));
}

err call_settle(struct task *t, const struct call_result *in, bool *applied)
{
    TRY(settle(t, in, applied));
    return *applied ? OK : second_word_take(t, in, applied);
}

err call_unbooked(struct task *t, err e)
{
    return err_is(e, &FAULT_NUMBER_TOO_LARGE)
               ? FAIL(t, INTERNAL, "what the acquirer has done is too large to be booked: %.*s", STR_ARG(e->detail))
               : e;
}
