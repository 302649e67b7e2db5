/* The sandbox acquirer: JSON over HTTP (docs/protocol/acquirer.md). See connector.h. */
#include "paysrv/flow/acquirer/connector_sandbox.h"

#include "paysrv/app.h"
#include "paysrv/domain/payment/payer_card.h"
#include "paysrv/faults.h"
#include "paysrv/flow/clock.h"
#include "shared/net/fetch.h"
#include "shared/net/standard_webhook.h"
#include "shared/ops/log.h"
#include "shared/text/encode.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"
#include "shared/text/url.h"

#define CALL_LIMIT SECONDS(5)
#define BODY_MAX 16384
#define UNTIL_MAX_S INT64_C(99999999999)
#define NAME_MAX_BYTES 200

void sandbox_exchange(struct task *t, const struct sandbox_exchange *in, struct fetch_answer *ret)
{
    const struct config *c = &((const struct app *)t->app)->config;
    const struct acquirer_door door = acquirer_door(c, in->door, clock_is_live(t));
    struct fetch_header headers[3] = {
        { "Authorization", arena_printf(t->arena, "Bearer %.*s", STR_ARG(door.key)) },
        { "Content-Type", str_given(in->type) ? in->type : STR("application/json") },
        { "Idempotency-Key", in->key },
    };
    const struct fetch_request rq = {
        .method = in->method,
        .url = arena_printf(t->arena, "%.*s%.*s", STR_ARG(door.base), STR_ARG(in->path)),
        .headers = headers,
        .n_headers = str_given(in->key) ? 3 : 2,
        .body = in->body,
        .max_bytes = in->max_bytes,
        .limit = CALL_LIMIT,
        .is_ours = true,
    };
    fetch(t, &rq, ret);
}

static void call(struct task *t, const char *method, str path, str key, str body, struct fetch_answer *ret)
{
    const struct sandbox_exchange exchange = { .method = method, .path = path, .key = key, .body = body };
    sandbox_exchange(t, &exchange, ret);
}

/* What both kinds of object say of the operation they belong to must be what we asked for. */
bool sandbox_is_ours(const struct json_value *object, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    str key, currency, reference;
    int64_t amount;
    if (!json_get_str(object, "id", &ret->ref) || ret->ref.n == 0 || ret->ref.n > 200 ||
        !json_get_str(object, "key", &key) || !json_get_str(object, "currency", &currency) ||
        !json_get_str(object, "reference", &reference) || !json_get_i64(object, "amount", &amount)) {
        acquirer_unknown(ret, STR("the object is incomplete"));
        return false;
    }
    if (!str_eq(key, ask->key) || !str_eq(currency, ask->currency) || !str_eq(reference, ask->reference) ||
        amount != ask->amount_minor) {
        acquirer_unknown(ret, STR("the object is of another operation, amount or currency"));
        ret->is_wrong = true;
        return false;
    }
    return true;
}

void sandbox_decline_code_read(const struct json_value *object, struct acquirer_said *ret)
{
    if (!json_get_str(object, "decline_code", &ret->decline_code) || ret->decline_code.n > 64)
        ret->decline_code = STR("generic_decline");
}

/* What such an object is called there. */
static str object_name(enum call_op op)
{
    switch (op) {
    case OP_CHARGE:
    case OP_AUTHORIZE:
        return STR("charge");
    case OP_REFUND:
    case OP_LATE_REFUND:
        return STR("refund");
    case OP_CAPTURE:
        return STR("capture");
    case OP_VOID:
    case OP_LATE_VOID:
        return STR("void");
    case OP_PAYOUT:
        return STR("push");
    case CALL_OP_COUNT:
        break;
    }
    return STR("");
}

static str path_of(struct task *t, enum call_op op)
{
    return arena_printf(t->arena, "/v1/%.*s%s", STR_ARG(object_name(op)), op == OP_PAYOUT ? "es" : "s");
}

static void succeeded(struct acquirer_said *ret)
{
    ret->outcome = OUTCOME_SUCCEEDED;
}

/* An authorisation without an end is none that could be kept. */
static void authorized(const struct json_value *charge, struct acquirer_said *ret)
{
    int64_t until_s;
    if (!json_get_i64(charge, "capture_before", &until_s) || until_s < 1 || until_s > UNTIL_MAX_S) {
        acquirer_unknown(ret, STR("the authorization has no end"));
        ret->is_wrong = true;
        return;
    }
    ret->authorized_until = instant_of_seconds(until_s);
    succeeded(ret);
}

static void attempt_read(const struct json_value *charge, str status, const struct acquirer_ask *ask,
                         struct acquirer_said *ret)
{
    if (str_eq(status, STR("authorized")) && ask->op == OP_AUTHORIZE) {
        authorized(charge, ret);
    } else if (str_eq(status, STR("succeeded")) && ask->op == OP_CHARGE) {
        succeeded(ret);
    } else if (str_eq(status, STR("requires_action")) && json_get_str(charge, "action_url", &ret->action_url) &&
               url_is_web(ret->action_url)) {
        ret->outcome = OUTCOME_ACTION;
    } else if (str_eq(status, STR("authorized")) || str_eq(status, STR("succeeded"))) {
        acquirer_unknown(ret, STR("captured where an authorization was asked for, or the other way round"));
        ret->is_wrong = true;
    }
}

static void three_d_secure_read(const struct json_value *said, struct acquirer_said *ret)
{
    str status = STR_NONE, flow = STR_NONE;
    json_get_str(said, "trans_status", &status);
    json_get_str(said, "flow", &flow);
    ret->three_d_secure = (three_d_secure){ three_d_secure_flow_of(flow), three_d_secure_of_status(status) };
}

static void payer_card_read(struct task *t, const struct json_value *said, struct acquirer_said *ret)
{
    str brand = STR_NONE, last4 = STR_NONE;
    json_get_str(said, "brand", &brand);
    json_get_str(said, "last4", &last4);
    ret->card = payer_card_text(t->arena, brand, last4);
}

static void operation_read(const struct json_value *object, str status, const struct acquirer_ask *ask,
                           struct acquirer_said *ret)
{
    str charge = STR("");
    json_get_str(object, "charge", &charge);
    if (str_given(ask->charge_ref) && !str_eq(charge, ask->charge_ref)) {
        acquirer_unknown(ret, STR("the object is of another charge"));
        ret->is_wrong = true;
    } else if (str_eq(status, STR("succeeded"))) {
        succeeded(ret);
    }
}

void sandbox_payout_read(const struct json_value *push, str status, struct acquirer_said *ret)
{
    ret->is_returned = str_eq(status, STR("returned"));
    if (ret->is_returned)
        sandbox_decline_code_read(push, ret);
    if (ret->is_returned || str_eq(status, STR("succeeded")))
        succeeded(ret);
}

static void object_read(struct task *t, const struct json_value *object, const struct acquirer_ask *ask,
                        struct acquirer_said *ret)
{
    str status = STR("");
    acquirer_unknown(ret, STR("no status"));
    if (!sandbox_is_ours(object, ask, ret))
        return;
    json_get_str(object, "status", &status);
    if (call_op_is_attempt(ask->op))
        attempt_read(object, status, ask, ret);
    else if (ask->op == OP_PAYOUT)
        sandbox_payout_read(object, status, ret);
    else
        operation_read(object, status, ask, ret);
    if (str_eq(status, STR("declined")) && !ret->is_wrong) {
        ret->outcome = OUTCOME_DECLINED;
        sandbox_decline_code_read(object, ret);
    }
    if (call_op_is_attempt(ask->op) && ret->outcome != OUTCOME_UNKNOWN) {
        three_d_secure_read(json_get(object, "three_d_secure"), ret);
        payer_card_read(t, json_get(object, "card"), ret);
    }
}

bool sandbox_answer_read(struct task *t, const struct fetch_answer *answer, const struct json_value **document,
                         struct acquirer_said *ret)
{
    if (answer->outcome != FETCH_ANSWERED) {
        acquirer_silent(ret, answer->why);
        return false;
    }
    if (answer->status != 200) {
        acquirer_unknown(ret, arena_printf(t->arena, "status %d", answer->status));
        ret->is_silent = answer->status != 404;
        return false;
    }
    if (!json_parse(t->arena, answer->body, document) || json_kind(*document) != JSON_OBJECT) {
        acquirer_unknown(ret, STR("the answer is no JSON object"));
        return false;
    }
    return true;
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
        json_str(&j, "token", ask->token);
        json_str(&j, "return_url", ask->return_url);
        json_str(&j, "network_reference", ask->network_reference);
        json_str(&j, "statement_descriptor", ask->descriptor);
        json_str(&j, "locale", ask->locale);
        if (ask->op == OP_AUTHORIZE)
            json_bool(&j, "authorize_only", true);
    } else if (ask->op == OP_PAYOUT) {
        json_str(&j, "currency", ask->currency);
        json_str(&j, "token", ask->token);
    } else {
        json_str(&j, "charge", ask->charge_ref);
        if (ask->op == OP_CAPTURE)
            json_bool(&j, "final", ask->is_final);
    }
    json_end(&j);
    return buf_str(&body);
}

static void order(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    struct fetch_answer answer;
    const struct json_value *document = NULL;
    call(t, "POST", path_of(t, ask->op), ask->key, body_of(t, ask), &answer);
    if (sandbox_answer_read(t, &answer, &document, ret))
        object_read(t, document, ask, ret);
}

/* At most one object can have our key; anything else than that one or none is no answer. */
const struct json_value *sandbox_only_one(const struct json_value *document, struct acquirer_said *ret)
{
    const struct json_value *data = json_get(document, "data");
    if (!data || json_kind(data) != JSON_ARRAY || json_size(data) > 1) {
        acquirer_unknown(ret, STR("the answer is no list of at most one"));
        return NULL;
    }
    if (json_size(data) == 1)
        return json_item(data, 0);
    acquirer_unknown(ret, STR("not known there"));
    ret->is_absent = true;
    return NULL;
}

static void query(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    struct fetch_answer answer;
    const struct json_value *document = NULL;
    str path = arena_printf(t->arena, "%.*s?key=%.*s", STR_ARG(path_of(t, ask->op)),
                            STR_ARG(percent_encode(t->arena, ask->key)));
    call(t, "GET", path, STR_NONE, STR_NONE, &answer);
    if (!sandbox_answer_read(t, &answer, &document, ret))
        return;
    const struct json_value *object = sandbox_only_one(document, ret);
    if (object)
        object_read(t, object, ask, ret);
}

static bool card_read(const struct json_value *card, struct acquirer_card *ret)
{
    return json_get_str(card, "brand", &ret->brand) && json_get_str(card, "last4", &ret->last4) && ret->brand.n <= 40 &&
           ret->last4.n == 4 && json_get_i64(card, "exp_month", &ret->exp_month) && ret->exp_month >= 1 &&
           ret->exp_month <= 12 && json_get_i64(card, "exp_year", &ret->exp_year) && ret->exp_year >= 2000 &&
           ret->exp_year <= 9999;
}

static void card_look(struct task *t, str token, struct acquirer_card *ret)
{
    struct fetch_answer answer;
    struct acquirer_said said;
    const struct json_value *card = NULL;
    *ret = (struct acquirer_card){ .standing = CARD_STANDING_UNKNOWN };
    str path = arena_printf(t->arena, "/v1/cards/%.*s", STR_ARG(percent_encode(t->arena, token)));
    call(t, "GET", path, STR_NONE, STR_NONE, &answer);
    if (answer.outcome == FETCH_ANSWERED && answer.status == 404)
        ret->standing = CARD_STANDING_UNPAID;
    else if (sandbox_answer_read(t, &answer, &card, &said) && card_read(card, ret))
        ret->standing = json_get_str(card, "network_reference", &ret->network_reference) ? CARD_STANDING_GOOD
                                                                                         : CARD_STANDING_UNPAID;
}

/* Of a card that its holder gave us to be paid to. */
static void payee_look(struct task *t, str token, struct acquirer_payee *ret)
{
    struct fetch_answer answer;
    struct acquirer_said said;
    struct acquirer_card card;
    const struct json_value *document = NULL;
    bool takes = false;
    *ret = (struct acquirer_payee){ .standing = PAYEE_UNKNOWN };
    str path = arena_printf(t->arena, "/v1/cards/%.*s", STR_ARG(percent_encode(t->arena, token)));
    call(t, "GET", path, STR_NONE, STR_NONE, &answer);
    if (answer.outcome == FETCH_ANSWERED && answer.status == 404)
        ret->standing = PAYEE_REFUSED;
    if (!sandbox_answer_read(t, &answer, &document, &said) || !card_read(document, &card) ||
        !json_get_bool(document, "push", &takes) || !json_get_str(document, "fingerprint", &ret->fingerprint) ||
        ret->fingerprint.n == 0 || ret->fingerprint.n > NAME_MAX_BYTES)
        return;
    ret->standing = takes ? PAYEE_GOOD : PAYEE_INELIGIBLE;
    ret->brand = card.brand;
    ret->last4 = card.last4;
    ret->exp_month = card.exp_month;
    ret->exp_year = card.exp_year;
}

static err card_page(struct task *t, const struct card_session *in, str *url)
{
    struct fetch_answer answer;
    struct acquirer_said said;
    const struct json_value *document = NULL;
    struct url parsed;
    struct buf body;
    struct json j;
    buf_init(&body, t->arena, BODY_MAX);
    json_begin(&j, &body);
    json_str(&j, "return_url", in->return_url);
    if (in->is_for_payee) {
        json_bool(&j, "payee", true);
    } else {
        json_i64(&j, "amount", in->amount_minor);
        json_str(&j, "currency", in->currency);
    }
    json_str(&j, "description", in->description);
    json_str(&j, "locale", in->locale);
    if (in->is_to_save)
        json_bool(&j, "save", true);
    json_end(&j);
    call(t, "POST", STR("/v1/card_sessions"), STR_NONE, buf_str(&body), &answer);
    if (!sandbox_answer_read(t, &answer, &document, &said))
        return FAIL(t, UNAVAILABLE, "no card page: %.*s", STR_ARG(said.why));
    if (!json_get_str(document, "url", url) || !url_parse(*url, &parsed))
        return FAIL(t, UNAVAILABLE, "the acquirer's card page has no address");
    return OK;
}

/* ---- messages ---- */

enum message_verdict sandbox_verify(struct task *t, str key, const struct signed_message *m)
{
    switch (webhook_verify(t->arena, key, m->headers[0], m->headers[1], m->headers[2], m->body, t->now)) {
    case WEBHOOK_GOOD:
        return MESSAGE_GOOD;
    case WEBHOOK_MALFORMED:
        return MESSAGE_MALFORMED;
    case WEBHOOK_BAD_SIGNATURE:
        return MESSAGE_BAD_SIGNATURE;
    case WEBHOOK_OUTSIDE_TOLERANCE:
        return MESSAGE_OUTSIDE_TOLERANCE;
    }
    return MESSAGE_MALFORMED;
}

bool sandbox_message_read(struct task *t, str body, struct acquirer_message *ret)
{
    const struct json_value *document;
    str account = STR(""), ours = ((const struct app *)t->app)->config.acquirer_account;
    *ret = (struct acquirer_message){ .kind = MESSAGE_OPERATION };
    if (!json_parse(t->arena, body, &document) || !json_get_str(document, "id", &ret->id) || ret->id.n == 0 ||
        ret->id.n > NAME_MAX_BYTES || !json_get_str(document, "type", &ret->type) || ret->type.n > NAME_MAX_BYTES)
        return false;
    json_get_str(document, "account", &account);
    ret->is_foreign = ours.n && !str_eq(ours, account);
    ret->data = json_get(document, "data");
    if (str_starts(ret->type, STR("dispute.")))
        ret->kind = MESSAGE_DISPUTE;
    return ret->data && json_get_str(ret->data, "key", &ret->key) && ret->key.n <= NAME_MAX_BYTES;
}

/* A message of a kind of object is about an operation that makes such objects. */
static bool message_judge(struct task *t, const struct acquirer_message *m, const struct acquirer_ask *ask,
                          struct acquirer_said *ret)
{
    str name = object_name(ask->op);
    if (!str_starts(m->type, name) || m->type.n <= name.n || m->type.p[name.n] != '.')
        return false;
    object_read(t, m->data, ask, ret);
    return true;
}

/* ---- settlements ---- */

void sandbox_settlements(struct task *t, enum payment_method door, int64_t after, struct fetch_answer *ret)
{
    const struct sandbox_exchange exchange = {
        .door = door,
        .method = "GET",
        .path = arena_printf(t->arena, "/v1/settlements?after=%lld", (long long)after),
    };
    sandbox_exchange(t, &exchange, ret);
}

void sandbox_settlement(struct task *t, enum payment_method door, int64_t number, size_t max_bytes,
                        struct fetch_answer *ret)
{
    const struct sandbox_exchange exchange = {
        .door = door,
        .method = "GET",
        .path = arena_printf(t->arena, "/v1/settlements/%lld", (long long)number),
        .max_bytes = max_bytes,
    };
    sandbox_exchange(t, &exchange, ret);
}

static void settlements(struct task *t, int64_t after, struct fetch_answer *ret)
{
    sandbox_settlements(t, METHOD_CARD, after, ret);
}

static void settlement(struct task *t, int64_t number, size_t max_bytes, struct fetch_answer *ret)
{
    sandbox_settlement(t, METHOD_CARD, number, max_bytes, ret);
}

/* ---- the table ---- */

static const char *config_wrong(const struct config *config)
{
    return config->acquirer_mode.n ? "acquirer_mode: the sandbox acquirer has no modes" : NULL;
}

static const char *amount_wrong(enum call_op op, str currency, int64_t amount_minor)
{
    (void)op;
    (void)currency;
    (void)amount_minor;
    return NULL;
}

static const struct payout_cap payout_caps[] = {
    { "EUR", 1000000 }, { "USD", 1000000 }, { "GBP", 1000000 }, { "RUB", 60000000 }, { "JPY", 1500000 }, { NULL, 0 },
};

const struct connector connector_sandbox = {
    .name = "sandbox",
    .method = METHOD_CARD,
    .can = CAN_AUTHORIZE | CAN_CAPTURE_SEVERAL | CAN_TEST_CLOCKS,
    .clearing = "",
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
    .message_read = sandbox_message_read,
    .message_judge = message_judge,
    .card_page = card_page,
    .card = card_look,
    .dispute_read = sandbox_dispute_read,
    .dispute_tell = sandbox_dispute_tell,
    .settlements = settlements,
    .settlement = settlement,
};
