/*
 * Stripe's messages: their signature, and which operation of ours they may be about. What they claim of it is not used:
 * the object is asked for again, so order, repetition and the version they are written in do not matter. See
 * connector_stripe.h.
 */
#include "paysrv/flow/acquirer/connector_stripe.h"

#include "paysrv/app.h"
#include "paysrv/domain/acquirer/stripe.h"
#include "shared/text/encode.h"

#define ANSWER_MAX_BYTES ((size_t)1 << 18)

enum message_verdict stripe_verify(struct task *t, str key, const struct signed_message *m)
{
    switch (stripe_signature_judge(t->arena, key, m->headers[0], m->body, t->now)) {
    case STRIPE_SIGNED:
        return MESSAGE_GOOD;
    case STRIPE_SIGNATURE_MALFORMED:
        return MESSAGE_MALFORMED;
    case STRIPE_SIGNATURE_BAD:
        return MESSAGE_BAD_SIGNATURE;
    case STRIPE_SIGNATURE_OLD:
        return MESSAGE_OUTSIDE_TOLERANCE;
    }
    return MESSAGE_MALFORMED;
}

/* An intent that was authorised and is cancelled is the end of the authorisation, which our void or its time tells. */
static void intent_message(struct acquirer_message *m)
{
    struct stripe_intent i;
    bool is_manual, is_outcome = str_eq(m->type, STR("payment_intent.succeeded")) ||
                                 str_eq(m->type, STR("payment_intent.amount_capturable_updated")) ||
                                 str_eq(m->type, STR("payment_intent.payment_failed")) ||
                                 str_eq(m->type, STR("payment_intent.canceled"));
    if (!is_outcome || !stripe_intent_read(m->data, &i) || !str_given(i.key))
        return;
    is_manual = str_eq(i.capture_method, STR("manual"));
    if (is_manual && str_eq(m->type, STR("payment_intent.canceled")))
        return;
    m->kind = MESSAGE_OPERATION;
    m->key = is_manual && str_eq(m->type, STR("payment_intent.succeeded")) && str_given(i.capture_key) ? i.capture_key
                                                                                                       : i.key;
}

const struct json_value *stripe_object_of(struct task *t, const struct fetch_answer *answer, str *why)
{
    const struct json_value *document;
    *why = answer->why;
    if (answer->outcome != FETCH_ANSWERED)
        return NULL;
    *why = arena_printf(t->arena, "status %d", answer->status);
    return answer->status == 200 && json_parse(t->arena, answer->body, &document) ? document : NULL;
}

/* NULL: *m has to be sent again, unless Stripe knows nothing of that name. */
static const struct json_value *ask_for(struct task *t, const char *path, str id, struct acquirer_message *m)
{
    struct fetch_answer answer;
    stripe_get(t, arena_printf(t->arena, "%s%.*s", path, STR_ARG(percent_encode(t->arena, id))), ANSWER_MAX_BYTES,
               &answer);
    const struct json_value *object = stripe_object_of(t, &answer, &m->why);
    if (!object && answer.status != 404)
        m->kind = MESSAGE_LATER;
    return object;
}

/* The list has the newest first; of more than a page nobody knows the first one, and it is no release. */
static bool is_first_refund(const struct json_value *list, str id)
{
    const struct json_value *data = json_get(list, "data");
    size_t n = data ? json_size(data) : 0;
    bool has_more = true;
    str oldest;
    return n > 0 && json_get_bool(list, "has_more", &has_more) && !has_more &&
           json_get_str(json_item(data, n - 1), "id", &oldest) && str_eq(oldest, id);
}

/* A refund that somebody else began has taken money that our ledger still has, unless it only releases. */
static void refund_of_others(struct task *t, const struct stripe_refund *r, struct acquirer_message *m)
{
    const struct json_value *intent, *list = NULL;
    struct stripe_intent i;
    m->kind = MESSAGE_ALARM;
    intent = str_given(r->intent) ? ask_for(t, "/v1/payment_intents/", r->intent, m) : NULL;
    if (intent)
        list = ask_for(t, "/v1/refunds?limit=100&payment_intent=", r->intent, m);
    if (list && stripe_intent_read(intent, &i) && stripe_refund_is_release(r, &i, is_first_refund(list, r->id)))
        m->kind = MESSAGE_NOTED;
    if (m->kind == MESSAGE_ALARM)
        m->why = STR("a refund that was not made here: its money is booked by hand (docs/protocol/connectors.md)");
}

static void refund_message(struct task *t, struct acquirer_message *m)
{
    struct stripe_refund r;
    if (m->is_foreign || !stripe_refund_read(m->data, &r))
        return;
    if (str_given(r.key)) {
        m->kind = MESSAGE_OPERATION;
        m->key = r.key;
    } else if (str_eq(m->type, STR("refund.created"))) {
        refund_of_others(t, &r, m);
    }
}

static void foreign_judge(struct task *t, const struct json_value *event, struct acquirer_message *m)
{
    const struct app *app = t->app;
    bool is_live = false;
    str account;
    if (!json_get_bool(event, "livemode", &is_live) || is_live != stripe_is_live(t))
        m->is_foreign = true;
    if (json_get_str(event, "account", &account) && !str_eq(account, app->config.acquirer_account))
        m->is_foreign = true; /* of a connected account, and not of ours */
}

bool stripe_message_read(struct task *t, str body, struct acquirer_message *ret)
{
    const struct json_value *event;
    *ret = (struct acquirer_message){ .kind = MESSAGE_NOTED, .key = STR_NONE };
    if (!json_parse(t->arena, body, &event) || !json_get_str(event, "id", &ret->id) || ret->id.n == 0 ||
        ret->id.n > STRIPE_ID_MAX || !json_get_str(event, "type", &ret->type) || ret->type.n > STRIPE_ID_MAX)
        return false;
    ret->data = json_get(json_get(event, "data"), "object");
    if (!ret->data || json_kind(ret->data) != JSON_OBJECT)
        return false;
    foreign_judge(t, event, ret);
    if (str_starts(ret->type, STR("payment_intent."))) {
        intent_message(ret);
    } else if (str_starts(ret->type, STR("refund.")) || str_eq(ret->type, STR("charge.refund.updated"))) {
        refund_message(t, ret);
    } else if (str_starts(ret->type, STR("charge.dispute."))) {
        stripe_dispute_message(t, ret);
    }
    return true;
}

bool stripe_message_judge(struct task *t, const struct acquirer_message *m, const struct acquirer_ask *ask,
                          struct acquirer_said *ret)
{
    struct acquirer_ask now = *ask;
    if (call_op_is_refund(ask->op) == str_starts(m->type, STR("payment_intent.")))
        return false;
    if (call_op_is_attempt(ask->op) && !json_get_str(m->data, "id", &now.ref))
        return false;
    stripe_query(t, &now, ret);
    return true;
}
