/* See notification.h. */
#include "paysrv/flow/notification.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "paysrv/flow/charge.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/refund.h"
#include "shared/ops/log.h"
#include "shared/text/json_in.h"

#define ID_MAX 200

struct message {
    str id, type, account, mode, key;
    const struct json_value *data;
    bool is_refund;
};

static const struct app *app_of(struct task *t)
{
    return t->app;
}

static bool message_read(struct task *t, str body, struct message *ret)
{
    const struct json_value *document;
    *ret = (struct message){ .account = STR(""), .mode = STR("") };
    if (!json_parse(t->arena, body, &document) || !json_get_str(document, "id", &ret->id) || ret->id.n == 0 ||
        ret->id.n > ID_MAX || !json_get_str(document, "type", &ret->type) || ret->type.n > ID_MAX)
        return false;
    json_get_str(document, "account", &ret->account);
    json_get_str(document, "mode", &ret->mode);
    ret->data = json_get(document, "data");
    ret->is_refund = str_starts(ret->type, STR("refund."));
    return ret->data && json_get_str(ret->data, "key", &ret->key) && ret->key.n <= ID_MAX;
}

static err note(struct task *t, const struct message *m, const char *state, str body)
{
    int64_t affected;
    log_info(t, "notification.noted", L_STR("event", m->id), L_STR("type", m->type), L_STR("state", str_of(state)));
    return acquirer_event_note(t, m->id, m->type, m->key, str_of(state), body, &affected);
}

/* Stored, told to a human, and not applied. */
static err set_aside(struct task *t, const struct message *m, const char *state, const char *why, str body)
{
    int64_t affected;
    TRY(anomaly_report(t, STR_NONE, STR("notification"), m->id, str_of(why), &affected));
    return note(t, m, state, body);
}

static void said_read(const struct message *m, const struct call_find_row *call, struct acquirer_said *said)
{
    struct acquirer_ask ask = m->is_refund ? refund_ask(call, STR_NONE) : charge_ask(call);
    if (m->is_refund)
        acquirer_refund_read(m->data, &ask, said);
    else
        acquirer_charge_read(m->data, &ask, said);
}

/* What came after the outcome was booked: a repetition is nothing, another outcome is for a human (SECURITY O 372). */
static err already_final(struct task *t, const struct message *m, const struct call_find_row *call,
                         const struct acquirer_said *said, str body)
{
    bool same = (said->outcome == OUTCOME_SUCCEEDED && str_eq(call->state, STR("ok"))) ||
                (said->outcome == OUTCOME_DECLINED && str_eq(call->state, STR("declined")));
    if (same)
        return note(t, m, "duplicate", body);
    return set_aside(t, m, "anomaly", "the acquirer says another outcome than it said before", body);
}

static err apply(struct task *t, const struct message *m, const struct call_find_row *call, str body)
{
    struct acquirer_said said;
    const struct acquirer_note kept = { .id = m->id, .body = body };
    bool applied;
    said_read(m, call, &said);
    pay_metrics_count(t, COUNT_NOTIFICATION, said.outcome);
    if (said.is_wrong)
        return set_aside(t, m, "anomaly", "amount, currency or reference differ from ours", body);
    if (str_eq(call->state, STR("ok")) || str_eq(call->state, STR("declined")))
        return already_final(t, m, call, &said, body);
    if (said.outcome != OUTCOME_SUCCEEDED && said.outcome != OUTCOME_DECLINED)
        return note(t, m, "unmatched", body);
    if (m->is_refund) {
        const struct refund_result result = { .call = call, .said = &said, .note = kept };
        return refund_settle(t, &result, NULL, &applied);
    }
    const struct charge_result result = { .call = call, .said = &said, .note = kept };
    return charge_settle(t, &result, NULL, &applied);
}

err notification_apply(struct task *t, str body)
{
    struct message m;
    const struct call_find_row *call = NULL;
    if (!message_read(t, body, &m))
        return FAIL(t, INVALID_REQUEST, "signed, but no message of the acquirer");
    str account = app_of(t)->config.acquirer_account;
    if (account.n && !str_eq(account, m.account))
        return set_aside(t, &m, "foreign", "the message is for another account", body);
    TRY(app_of(t)->env->call_find(t, m.key, &call));
    if (!call || str_eq(call->op, STR("refund")) != m.is_refund)
        return set_aside(t, &m, "unmatched", "no operation of ours has this key", body);
    return apply(t, &m, call, body);
}
