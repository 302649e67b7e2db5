/* See payout_rail.h; MONEY 6.A8, A13; SECURITY 309, 310. */
#include "paysrv/flow/payout/payout_rail.h"

#include "paysrv/app.h"
#include "paysrv/domain/party/requisite.h"
#include "paysrv/domain/payout/payout.h"
#include "paysrv/faults.h"
#include "paysrv/flow/acquirer/connector.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/outgoing.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payment/call.h"
#include "paysrv/flow/payout/payout_object.h"
#include "paysrv/flow/payout/payout_step.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/payout_rail.sql.h"
#include "shared/crypto/crypto.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

#define ASIDE_MAX_BYTES ((size_t)4 << 20)
#define UNKNOWNS_IN_A_ROUND 3 /* an acquirer that does not answer is not called a hundred times for it */

static const struct app *app_of(struct task *t)
{
    return t->app;
}

struct acquirer_ask payout_call_ask(const struct call_find_row *call)
{
    return (struct acquirer_ask){ .op = OP_PAYOUT,
                                  .acquirer = call->acquirer,
                                  .key = call->call_id,
                                  .amount_minor = call->amount,
                                  .currency = call->currency,
                                  .reference = call->call_id,
                                  .token = call->token };
}

/* ---- T2 ---- */

static struct payout_witness witness_of(const struct call_result *in)
{
    return (struct payout_witness){ .acquirer = in->call->acquirer, .acquirer_ref = in->said->ref };
}

/* Came back, whether or not anybody had said before that it was paid. */
static err return_take(struct task *t, const struct call_result *in, bool *applied)
{
    const payout_id payout = { in->call->call_id };
    const struct payout_witness by = witness_of(in);
    bool paid;
    TRY(payout_step_pay(t, in->call->partner_id, payout, &by, &paid));
    CRASH_POINT("payout.between_paid_and_returned");
    return payout_step_return(t, in->call->partner_id, payout, &by, in->said->decline_code, applied);
}

static err rejected(struct task *t, const struct call_result *in, bool *applied)
{
    const struct payout_closing closing = { .to = PAYOUT_REJECTED,
                                            .reason = in->said->decline_code,
                                            .ends_requisite = requisite_ends_with(in->said->decline_code),
                                            .by = witness_of(in) };
    return payout_step_close(t, in->call->partner_id, (payout_id){ in->call->call_id }, &closing, applied, NULL);
}

/* Held, and asked for until something final is said (never sent under another name). */
static err lost_sight_of(struct task *t, const struct call_result *in)
{
    const instant due = call_due(t);
    bool done;
    TRY(call_hold_unknown(t, in));
    return payout_step_lose_sight(t, in->call->partner_id, (payout_id){ in->call->call_id }, &due, &done);
}

static err outcome_take(struct task *t, const struct call_result *in, bool *applied)
{
    const struct payout_witness by = witness_of(in);
    *applied = false;
    switch (in->said->outcome) {
    case OUTCOME_SUCCEEDED:
        return in->said->is_returned
                   ? return_take(t, in, applied)
                   : payout_step_pay(t, in->call->partner_id, (payout_id){ in->call->call_id }, &by, applied);
    case OUTCOME_DECLINED:
        return rejected(t, in, applied);
    case OUTCOME_ACTION:
    case OUTCOME_UNKNOWN:
        return lost_sight_of(t, in);
    }
    return lost_sight_of(t, in);
}

err payout_settle(struct task *t, const struct call_result *in, bool *applied)
{
    int64_t affected;
    TRY(outcome_take(t, in, applied));
    CRASH_POINT("payout.after_outcome");
    if (!str_given(in->note.id))
        return OK;
    return acquirer_event_note(t, in->note.id, STR("payout"), in->call->call_id,
                               *applied ? STR("applied") : STR("duplicate"), in->note.body, &affected);
}

/* ---- T1 and the call ---- */

struct sending {
    const struct payouts_to_send_row *due;
    bool is_unknown;
};

/* Whether the connector that knows the requisite is the one that pays out here today. */
static bool is_reachable(struct task *t, const struct payouts_to_send_row *due)
{
    const struct connector *c = connector_called(t, due->acquirer);
    return c && c->pay_out;
}

/* Nothing reaches its requisite any more: the money goes back before anything is sent. */
static err unpayable_fail(struct task *t, const struct payouts_to_send_row *due)
{
    const struct payout_closing closing = { .to = PAYOUT_FAILED,
                                            .reason =
                                                due->is_dead ? STR("requisite_disabled") : STR("rail_unavailable") };
    bool done;
    return payout_step_close(t, due->partner_id, due->payout_id, &closing, &done, NULL);
}

static err sent_mark(struct task *t, const struct payouts_to_send_row *due, bool *is_ours)
{
    const struct payout_find_row *row;
    const struct payout_send_row *sent;
    int64_t affected;
    TRY(payout_find(t, due->partner_id, due->payout_id, STR_NONE, &row));
    *is_ours = false;
    if (!row)
        return OK;
    struct payout_find_row after = *row;
    after.status = payout_state_name(PAYOUT_SENT);
    after.sent_at = t->now;
    after.sent_at_given = true;
    str clearing = acquirer_clearing(due->acquirer);
    if (clearing.n)
        TRY(app_of(t)->env->clearing_open(t, due->partner_id, clearing, due->currency, &affected));
    TRY(payout_send(t, due->payout_id, due->partner_id, due->acquirer, call_due(t),
                    (event_id){ random_id(t->arena, "evt_") }, payout_document(t, &after), &sent));
    *is_ours = sent != NULL;
    return OK;
}

static err one_send(struct task *t, void *context)
{
    struct sending *s = context;
    const struct call_find_row *call;
    struct acquirer_said said;
    bool is_ours, applied;
    TRY(clock_enter(t, s->due->partner_id));
    if (s->due->is_dead || !is_reachable(t, s->due))
        return unpayable_fail(t, s->due);
    TRY(sent_mark(t, s->due, &is_ours));
    if (!is_ours)
        return OK;
    CRASH_POINT("payout.before_call");
    pay_metrics_rail(t, STEP_SENT, s->due->rail);
    TRY(app_of(t)->env->call_find(t, s->due->payout_id.v, &call));
    if (!call)
        return FAIL(t, INTERNAL, "the payout's call vanished");
    const struct acquirer_ask ask = payout_call_ask(call);
    app_of(t)->env->order(t, &ask, &said);
    CRASH_POINT("payout.after_call");
    s->is_unknown = said.outcome != OUTCOME_SUCCEEDED && said.outcome != OUTCOME_DECLINED;
    const struct call_result result = { .call = call, .said = &said };
    return payout_settle(t, &result, &applied);
}

err payouts_send(struct task *t)
{
    const struct payouts_to_send_row *rows;
    int unknowns = 0;
    int64_t waiting;
    err first = OK;
    size_t n;
    if (outgoing_is_held(t))
        return OK;
    TRY(payouts_put_off(t, instant_add(task_wall(t), PAYOUTS_PUT_OFF), &waiting));
    TRY(payouts_to_send(t, &rows, &n));
    for (size_t i = 0; i < n && unknowns < UNKNOWNS_IN_A_ROUND && !app_of(t)->service.is_stopping; i++) {
        struct sending s = { .due = &rows[i] };
        first = failure_first(t, first, task_aside(t, ASIDE_MAX_BYTES, one_send, &s));
        unknowns += s.is_unknown;
    }
    clock_leave(t);
    return first;
}
