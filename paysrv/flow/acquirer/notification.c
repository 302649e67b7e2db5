/* See notification.h. */
#include "paysrv/flow/acquirer/notification.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/acquirer/connector.h"
#include "paysrv/flow/anomaly.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/dispute/dispute.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/payment/call.h"
#include "paysrv/store/dispute_walk.sql.h"
#include "shared/ops/log.h"

#define STRANGER "no operation of ours has this key"
#define FOREIGN "an acquirer of sandbox partners speaks of a live one, or the other way round"
#define ANOTHERS "the operation was made with another acquirer than the one that speaks of it"

static const struct app *app_of(struct task *t)
{
    return t->app;
}

/* Whoever has signed it; where both kinds of partners have one acquirer, that one. */
static const struct connector *connector_from(struct task *t, struct acquirer_sender from)
{
    const struct app *app = app_of(t);
    return from.source == FROM_TEST ? app->test_acquirers[from.method] : app->acquirers[from.method];
}

static err note(struct task *t, const struct acquirer_message *m, const char *state, str body)
{
    int64_t affected;
    log_info(t, "notification.noted", L_STR("event", m->id), L_STR("type", m->type), L_STR("state", str_of(state)));
    return acquirer_event_note(t, m->id, m->type, m->key, str_of(state), body, &affected);
}

/* Stored, told to a human, and not applied. */
static err set_aside_why(struct task *t, const struct acquirer_message *m, const char *state, str why, str body)
{
    TRY(anomaly_tell(t, ANOMALY_NOTIFICATION, STR_NONE, str_given(m->about) ? m->about : m->id, why));
    return note(t, m, state, body);
}

static err set_aside(struct task *t, const struct acquirer_message *m, const char *state, const char *why, str body)
{
    return set_aside_why(t, m, state, str_of(why), body);
}

/* The acquirer sends it again. */
static err later(struct task *t, const struct acquirer_message *m, str why)
{
    return FAIL(t, UNAVAILABLE, "message %.*s: %.*s", STR_ARG(m->id), STR_ARG(why));
}

/* Whose call it is: the work is done under his clock, and only the acquirer that made it has a say in it. */
static err enter(struct task *t, const struct call_find_row *call, struct acquirer_sender from, const char **why)
{
    enum acquirer_source source = from.source;
    TRY(clock_enter(t, call->partner_id));
    *why = NULL;
    if (source != FROM_EITHER && (source == FROM_LIVE) != clock_is_live(t))
        *why = FOREIGN;
    else if (connector_called(t, call->acquirer) != connector_from(t, from))
        *why = ANOTHERS;
    return OK;
}

/* An authorisation that we have released ourselves, or do at this moment, is no more: that is no other outcome. */
static err released_judge(struct task *t, const struct call_find_row *call, const struct acquirer_said *said, bool *ret)
{
    const struct payment_find_row *p;
    *ret = false;
    if (!str_eq(call->op, call_op_name(OP_AUTHORIZE)) || said->outcome != OUTCOME_DECLINED)
        return OK;
    TRY(app_of(t)->env->payment_any(t, call->payment_id, &p));
    *ret = call->is_abandoned || (p && (p->is_voiding || str_eq(p->status, STR("canceled"))));
    return OK;
}

/* What came after the outcome was booked: a repetition is nothing, another outcome is for a human (decision 0053). */
static err already_final(struct task *t, const struct acquirer_message *m, const struct call_find_row *call,
                         const struct acquirer_said *said, str body)
{
    if (said->outcome != OUTCOME_SUCCEEDED && said->outcome != OUTCOME_DECLINED)
        return set_aside(t, m, "anomaly", "a message after the outcome, of which the acquirer says nothing clear",
                         body);
    bool is_released;
    TRY(released_judge(t, call, said, &is_released));
    if (call_is_against(call, said) && !is_released)
        return set_aside(t, m, "anomaly", "the acquirer says another outcome, or another name, than was booked", body);
    return note(t, m, "duplicate", body);
}

static err apply(struct task *t, const struct acquirer_message *m, const struct call_find_row *call, str body,
                 struct acquirer_sender from)
{
    struct acquirer_ask ask;
    struct acquirer_said said;
    bool applied;
    TRY(call_ask(t, call, &ask));
    if (!connector_from(t, from)->message_judge(t, m, &ask, &said))
        return set_aside(t, m, "unmatched", STRANGER, body);
    if (said.is_silent) /* not noted: what only a message tells would be lost */
        return later(t, m, said.why);
    pay_metrics_count(t, COUNT_NOTIFICATION, said.outcome);
    if (said.is_wrong)
        return set_aside(t, m, "anomaly", "amount, currency or reference differ from ours", body);
    if (!call_comes_back(call, &said) && (str_eq(call->state, STR("ok")) || str_eq(call->state, STR("declined"))))
        return already_final(t, m, call, &said, body);
    if (said.outcome != OUTCOME_SUCCEEDED && said.outcome != OUTCOME_DECLINED)
        return note(t, m, "unmatched", body);
    const struct call_result result = { .call = call, .said = &said, .note = { .id = m->id, .body = body } };
    return call_settle(t, &result, &applied);
}

/* ---- disputes ---- */

/* The charge that a dispute is of has to be the one that paid a payment of ours. *why absent: it is. */
static const char *dispute_stranger(const struct call_find_row *call, const struct acquirer_dispute *d)
{
    enum call_op op;
    if (!call || !call_op_parse(call->op, &op) || !call_op_is_attempt(op))
        return "a dispute of no payment of ours";
    if (call->is_abandoned || str_eq(call->state, STR("declined")))
        return "a dispute of an attempt that paid nothing";
    if (str_given(call->acquirer_ref) && !str_eq(call->acquirer_ref, d->charge_ref))
        return "a dispute of another charge than its key says";
    if (!str_eq(call->currency, d->currency) || d->state.amount_minor > call->amount)
        return "a dispute in another currency, or of more than was charged";
    return NULL;
}

/* Kept before it is answered; what follows from it is tried at once, and else by the job. */
static err dispute_apply(struct task *t, const struct acquirer_message *m, str body, struct acquirer_sender from,
                         bool *is_news)
{
    const struct call_find_row *call = NULL;
    struct acquirer_dispute d;
    enum dispute_verdict verdict;
    dispute_id id;
    const char *foreign;
    if (!connector_from(t, from)->dispute_read(m->data, &d))
        return set_aside(t, m, "anomaly", "a dispute that is incomplete or contradicts itself", body);
    TRY(app_of(t)->env->call_find(t, m->key, &call));
    const char *why = dispute_stranger(call, &d);
    if (why)
        return set_aside(t, m, "unmatched", why, body);
    TRY(enter(t, call, from, &foreign));
    if (foreign)
        return set_aside(t, m, "foreign", foreign, body);
    const struct dispute_told told = { &d, call->partner_id, call->payment_id, { m->id, body } };
    TRY(dispute_take(t, &told, &verdict, &id));
    *is_news = verdict != DISPUTE_OLD;
    if (verdict == DISPUTE_OLD)
        return note(t, m, "duplicate", body);
    if (verdict == DISPUTE_CONFLICT)
        return set_aside(t, m, "anomaly", "against what the acquirer said of the dispute before", body);
    err e = dispute_look(t, id);
    if (e)
        log_failure(t, e);
    return OK;
}

static err operation_apply(struct task *t, const struct acquirer_message *m, str body, struct acquirer_sender from)
{
    const struct call_find_row *call = NULL;
    const char *foreign;
    TRY(app_of(t)->env->call_find(t, m->key, &call));
    if (!call)
        return set_aside(t, m, "unmatched", STRANGER, body);
    TRY(enter(t, call, from, &foreign));
    return foreign ? set_aside(t, m, "foreign", foreign, body) : apply(t, m, call, body, from);
}

/* What is set aside is so once, and what the books have already is no news. */
err notification_found(struct task *t, const struct acquirer_message *m, struct acquirer_sender from, bool *is_news)
{
    const struct acquirer_event_known_row *event;
    TRY(acquirer_event_known(t, m->id, &event));
    *is_news = false;
    if (event->is_known)
        return OK;
    *is_news = true;
    str body = json_canonical(t->arena, m->data);
    if (m->is_foreign)
        return set_aside(t, m, "foreign", "a dispute of another mode", body);
    if (m->kind == MESSAGE_ALARM)
        return set_aside_why(t, m, "unmatched", m->why, body);
    return dispute_apply(t, m, body, from, is_news);
}

err notification_apply(struct task *t, str body, struct acquirer_sender from)
{
    struct acquirer_message m;
    bool is_news;
    if (!connector_from(t, from)->message_read(t, body, &m))
        return FAIL(t, INVALID_REQUEST, "signed, but no message of the acquirer");
    if (m.is_foreign)
        return set_aside(t, &m, "foreign", "the message is for another account or mode", body);
    switch (m.kind) {
    case MESSAGE_OPERATION:
        return operation_apply(t, &m, body, from);
    case MESSAGE_DISPUTE:
        return dispute_apply(t, &m, body, from, &is_news);
    case MESSAGE_NOTED:
        return note(t, &m, "unmatched", body);
    case MESSAGE_ALARM:
        return set_aside_why(t, &m, "unmatched", m.why, body);
    case MESSAGE_LATER:
        return later(t, &m, m.why);
    }
    return FAIL(t, INTERNAL, "a message of no known kind");
}
