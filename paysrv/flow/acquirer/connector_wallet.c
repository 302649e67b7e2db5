/*
 * The sandbox wallet: JSON over HTTP (docs/protocol/wallet.md). Nothing is taken before its user has said yes on its
 * own page, so an order comes to an address for the buyer, and what he said is asked for. See connector.h.
 */
#include "paysrv/flow/acquirer/connector_sandbox.h"
#include "shared/net/fetch.h"
#include "shared/text/encode.h"
#include "shared/text/json_out.h"
#include "shared/text/url.h"

#define BODY_MAX 16384
#define AMOUNT_MOST 1000000

/* What such an object is called there. */
static str object_name(enum call_op op)
{
    if (op == OP_PAYOUT)
        return STR("payout");
    return call_op_is_attempt(op) ? STR("payment") : STR("refund");
}

static void payment_read(const struct json_value *payment, str status, struct acquirer_said *ret)
{
    if (str_eq(status, STR("succeeded")))
        ret->outcome = OUTCOME_SUCCEEDED;
    else if (str_eq(status, STR("pending")) && json_get_str(payment, "approve_url", &ret->action_url) &&
             url_is_web(ret->action_url))
        ret->outcome = OUTCOME_ACTION;
}

static void refund_read(const struct json_value *refund, str status, const struct acquirer_ask *ask,
                        struct acquirer_said *ret)
{
    str payment = STR("");
    json_get_str(refund, "payment", &payment);
    if (!str_eq(payment, ask->charge_ref)) {
        acquirer_unknown(ret, STR("the refund is of another payment"));
        ret->is_wrong = true;
    } else if (str_eq(status, STR("succeeded"))) {
        ret->outcome = OUTCOME_SUCCEEDED;
    }
}

static void object_read(const struct json_value *object, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    str status = STR("");
    acquirer_unknown(ret, STR("no status"));
    if (!sandbox_is_ours(object, ask, ret))
        return;
    json_get_str(object, "status", &status);
    if (call_op_is_attempt(ask->op))
        payment_read(object, status, ret);
    else if (ask->op == OP_PAYOUT)
        sandbox_payout_read(object, status, ret);
    else
        refund_read(object, status, ask, ret);
    if (str_eq(status, STR("declined")) && !ret->is_wrong) {
        ret->outcome = OUTCOME_DECLINED;
        sandbox_decline_code_read(object, ret);
    }
}

static str body_of(struct task *t, const struct acquirer_ask *ask)
{
    struct buf body;
    struct json j;
    buf_init(&body, t->arena, BODY_MAX);
    json_begin(&j, &body);
    json_i64(&j, "amount", ask->amount_minor);
    json_str(&j, "reference", ask->reference);
    if (call_op_is_attempt(ask->op)) {
        json_str(&j, "currency", ask->currency);
        json_str(&j, "return_url", ask->return_url);
    } else if (ask->op == OP_PAYOUT) {
        json_str(&j, "currency", ask->currency);
        json_str(&j, "token", ask->token);
    } else {
        json_str(&j, "payment", ask->charge_ref);
    }
    json_end(&j);
    return buf_str(&body);
}

static void order(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    struct fetch_answer answer;
    const struct json_value *document = NULL;
    const struct sandbox_exchange exchange = {
        .door = METHOD_WALLET,
        .method = "POST",
        .path = arena_printf(t->arena, "/v1/%.*ss", STR_ARG(object_name(ask->op))),
        .key = ask->key,
        .body = body_of(t, ask),
    };
    sandbox_exchange(t, &exchange, &answer);
    if (sandbox_answer_read(t, &answer, &document, ret))
        object_read(document, ask, ret);
}

static void query(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    struct fetch_answer answer;
    const struct json_value *document = NULL;
    const struct sandbox_exchange exchange = {
        .door = METHOD_WALLET,
        .method = "GET",
        .path = arena_printf(t->arena, "/v1/%.*ss?key=%.*s", STR_ARG(object_name(ask->op)),
                             STR_ARG(percent_encode(t->arena, ask->key))),
    };
    sandbox_exchange(t, &exchange, &answer);
    if (!sandbox_answer_read(t, &answer, &document, ret))
        return;
    const struct json_value *object = sandbox_only_one(document, ret);
    if (object)
        object_read(object, ask, ret);
}

#define NAME_MAX_BYTES 200

static void payee_look(struct task *t, str name, struct acquirer_payee *ret)
{
    struct fetch_answer answer;
    struct acquirer_said said;
    const struct json_value *document = NULL;
    bool receives = false;
    const struct sandbox_exchange exchange = {
        .door = METHOD_WALLET,
        .method = "GET",
        .path = arena_printf(t->arena, "/v1/accounts/%.*s", STR_ARG(percent_encode(t->arena, name))),
    };
    *ret = (struct acquirer_payee){ .standing = PAYEE_UNKNOWN };
    sandbox_exchange(t, &exchange, &answer);
    if (answer.outcome == FETCH_ANSWERED && answer.status == 404)
        ret->standing = PAYEE_REFUSED;
    if (sandbox_answer_read(t, &answer, &document, &said) && json_get_bool(document, "receives", &receives) &&
        json_get_str(document, "fingerprint", &ret->fingerprint) && ret->fingerprint.n > 0 &&
        ret->fingerprint.n <= NAME_MAX_BYTES)
        ret->standing = receives ? PAYEE_GOOD : PAYEE_INELIGIBLE;
}

static const struct payout_cap payout_caps[] = {
    { "EUR", AMOUNT_MOST }, { "USD", AMOUNT_MOST }, { "RUB", AMOUNT_MOST }, { NULL, 0 }
};

/* There are no disputes at a wallet, and no account of ours that would be named in its messages. */
static bool message_read(struct task *t, str body, struct acquirer_message *ret)
{
    if (!sandbox_message_read(t, body, ret))
        return false;
    ret->kind = MESSAGE_OPERATION;
    ret->is_foreign = false;
    return true;
}

/* A message only says where to look: what came of it is asked for. */
static bool message_judge(struct task *t, const struct acquirer_message *m, const struct acquirer_ask *ask,
                          struct acquirer_said *ret)
{
    str name = object_name(ask->op);
    if (!str_starts(m->type, name) || m->type.n <= name.n || m->type.p[name.n] != '.')
        return false;
    query(t, ask, ret);
    return true;
}

static void settlements(struct task *t, int64_t after, struct fetch_answer *ret)
{
    sandbox_settlements(t, METHOD_WALLET, after, ret);
}

static void settlement(struct task *t, int64_t number, size_t max_bytes, struct fetch_answer *ret)
{
    sandbox_settlement(t, METHOD_WALLET, number, max_bytes, ret);
}

static const char *config_wrong(const struct config *config)
{
    (void)config;
    return NULL;
}

static const char *amount_wrong(enum call_op op, str currency, int64_t amount_minor)
{
    (void)op;
    (void)currency;
    return amount_minor > AMOUNT_MOST ? "a wallet pays at most 1000000 minor units at once" : NULL;
}

const struct connector connector_wallet = {
    .name = "sandbox_wallet",
    .method = METHOD_WALLET,
    .can = CAN_TEST_CLOCKS,
    .clearing = "sandbox_wallet",
    .key_retention = HOURS(24),
    .signature_headers = { "webhook-id", "webhook-timestamp", "webhook-signature" },
    .config_wrong = config_wrong,
    .amount_wrong = amount_wrong,
    .order = order,
    .query = query,
    .pay_out = order,
    .pay_out_query = query,
    .payee = payee_look,
    .payout_caps = payout_caps,
    .verify = sandbox_verify,
    .message_read = message_read,
    .message_judge = message_judge,
    .settlements = settlements,
    .settlement = settlement,
};
