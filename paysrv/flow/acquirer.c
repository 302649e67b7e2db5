/* JSON over HTTP to the acquirer. See acquirer.h. */
#include "paysrv/flow/acquirer.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "shared/net/fetch.h"
#include "shared/ops/log.h"
#include "shared/text/encode.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"
#include "shared/text/url.h"

#define CALL_LIMIT SECONDS(5)
#define BODY_MAX 16384

static void call(struct task *t, const char *method, str path, str key, str body, struct fetch_answer *ret)
{
    const struct app *app = t->app;
    struct fetch_header headers[3] = {
        { "Authorization", arena_printf(t->arena, "Bearer %.*s", STR_ARG(app->config.acquirer_key_file.hidden)) },
        { "Content-Type", STR("application/json") },
        { "Idempotency-Key", key },
    };
    const struct fetch_request rq = {
        .method = method,
        .url = arena_printf(t->arena, "%.*s%.*s", STR_ARG(app->config.acquirer_url), STR_ARG(path)),
        .headers = headers,
        .n_headers = str_given(key) ? 3 : 2,
        .body = body,
        .limit = CALL_LIMIT,
        .is_ours = true,
    };
    fetch(t, &rq, ret);
}

static void unknown(struct acquirer_said *ret, str why)
{
    *ret = (struct acquirer_said){ .outcome = OUTCOME_UNKNOWN, .why = why };
}

/* What both kinds of object say of the operation they belong to must be what we asked for. */
static bool is_ours(const struct json_value *object, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    str key, currency, reference;
    int64_t amount;
    if (!json_get_str(object, "id", &ret->ref) || ret->ref.n == 0 || ret->ref.n > 200 ||
        !json_get_str(object, "key", &key) || !json_get_str(object, "currency", &currency) ||
        !json_get_str(object, "reference", &reference) || !json_get_i64(object, "amount", &amount)) {
        unknown(ret, STR("the object is incomplete"));
        return false;
    }
    if (!str_eq(key, ask->key) || !str_eq(currency, ask->currency) || !str_eq(reference, ask->reference) ||
        amount != ask->amount_minor) {
        unknown(ret, STR("the object is of another operation, amount or currency"));
        ret->is_wrong = true;
        return false;
    }
    return true;
}

static void decline_code_read(const struct json_value *object, struct acquirer_said *ret)
{
    if (!json_get_str(object, "decline_code", &ret->decline_code) || ret->decline_code.n > 64)
        ret->decline_code = STR("generic_decline");
}

void acquirer_charge_read(const struct json_value *charge, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    struct url url;
    str status = STR("");
    unknown(ret, STR("no status"));
    if (!is_ours(charge, ask, ret))
        return;
    json_get_str(charge, "status", &status);
    if (str_eq(status, STR("succeeded"))) {
        ret->outcome = OUTCOME_SUCCEEDED;
    } else if (str_eq(status, STR("declined"))) {
        ret->outcome = OUTCOME_DECLINED;
        decline_code_read(charge, ret);
    } else if (str_eq(status, STR("requires_action")) && json_get_str(charge, "action_url", &ret->action_url) &&
               url_parse(ret->action_url, &url)) {
        ret->outcome = OUTCOME_ACTION;
    }
}

void acquirer_refund_read(const struct json_value *refund, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    str status = STR(""), charge = STR("");
    unknown(ret, STR("no status"));
    if (!is_ours(refund, ask, ret))
        return;
    json_get_str(refund, "charge", &charge);
    if (str_given(ask->charge_ref) && !str_eq(charge, ask->charge_ref)) {
        unknown(ret, STR("the refund is of another charge"));
        ret->is_wrong = true;
        return;
    }
    json_get_str(refund, "status", &status);
    if (str_eq(status, STR("succeeded"))) {
        ret->outcome = OUTCOME_SUCCEEDED;
    } else if (str_eq(status, STR("declined"))) {
        ret->outcome = OUTCOME_DECLINED;
        decline_code_read(refund, ret);
    }
}

typedef void (*reader)(const struct json_value *object, const struct acquirer_ask *ask, struct acquirer_said *ret);

static bool answer_read(struct task *t, const struct fetch_answer *answer, const struct json_value **document,
                        struct acquirer_said *ret)
{
    if (answer->outcome != FETCH_ANSWERED) {
        unknown(ret, answer->why);
        return false;
    }
    if (answer->status != 200) {
        unknown(ret, arena_printf(t->arena, "status %d", answer->status));
        return false;
    }
    if (!json_parse(t->arena, answer->body, document) || json_kind(*document) != JSON_OBJECT) {
        unknown(ret, STR("the answer is no JSON object"));
        return false;
    }
    return true;
}

static void order(struct task *t, str path, const struct acquirer_ask *ask, str body, reader read,
                  struct acquirer_said *ret)
{
    struct fetch_answer answer;
    const struct json_value *document = NULL;
    call(t, "POST", path, ask->key, body, &answer);
    if (answer_read(t, &answer, &document, ret))
        read(document, ask, ret);
}

/* At most one object can have our key; anything else than that one or none is no answer. */
static void query(struct task *t, const char *path, const struct acquirer_ask *ask, reader read,
                  struct acquirer_said *ret)
{
    struct fetch_answer answer;
    const struct json_value *document = NULL;
    call(t, "GET", arena_printf(t->arena, "%s?key=%.*s", path, STR_ARG(percent_encode(t->arena, ask->key))), STR_NONE,
         STR_NONE, &answer);
    if (!answer_read(t, &answer, &document, ret))
        return;
    const struct json_value *data = json_get(document, "data");
    if (!data || json_kind(data) != JSON_ARRAY || json_size(data) > 1) {
        unknown(ret, STR("the answer is no list of at most one"));
    } else if (json_size(data) == 0) {
        unknown(ret, STR("not known there"));
        ret->is_absent = true;
    } else {
        read(json_item(data, 0), ask, ret);
    }
}

void acquirer_charge(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    struct buf body;
    struct json j;
    buf_init(&body, t->arena, BODY_MAX);
    json_begin(&j, &body);
    json_i64(&j, "amount", ask->amount_minor);
    json_str(&j, "currency", ask->currency);
    json_str(&j, "token", ask->token);
    json_str(&j, "reference", ask->reference);
    json_str(&j, "return_url", ask->return_url);
    json_end(&j);
    order(t, STR("/v1/charges"), ask, buf_str(&body), acquirer_charge_read, ret);
}

void acquirer_charge_query(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    query(t, "/v1/charges", ask, acquirer_charge_read, ret);
}

void acquirer_refund(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    struct buf body;
    struct json j;
    buf_init(&body, t->arena, BODY_MAX);
    json_begin(&j, &body);
    json_str(&j, "charge", ask->charge_ref);
    json_i64(&j, "amount", ask->amount_minor);
    json_str(&j, "reference", ask->reference);
    json_end(&j);
    order(t, STR("/v1/refunds"), ask, buf_str(&body), acquirer_refund_read, ret);
}

void acquirer_refund_query(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    query(t, "/v1/refunds", ask, acquirer_refund_read, ret);
}

err acquirer_card_session(struct task *t, const struct card_session *in, str *url)
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
    json_i64(&j, "amount", in->amount_minor);
    json_str(&j, "currency", in->currency);
    json_str(&j, "description", in->description);
    json_end(&j);
    call(t, "POST", STR("/v1/card_sessions"), STR_NONE, buf_str(&body), &answer);
    if (!answer_read(t, &answer, &document, &said))
        return FAIL(t, UNAVAILABLE, "no card page: %.*s", STR_ARG(said.why));
    if (!json_get_str(document, "url", url) || !url_parse(*url, &parsed))
        return FAIL(t, UNAVAILABLE, "the acquirer's card page has no address");
    return OK;
}
