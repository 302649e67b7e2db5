/*
 * Stripe: payment intents, captures, cancellations and refunds of its public API, and its messages, which are hints:
 * the object is asked for again and judged as it stands (docs/protocol/connectors.md, Stripe; 0053). See connector.h.
 */
#include "paysrv/flow/acquirer/connector_stripe.h"

#include "paysrv/app.h"
#include "paysrv/domain/acquirer/stripe.h"
#include "paysrv/domain/payment/payer_card.h"
#include "shared/text/encode.h"
#include "shared/text/url.h"

#define CALL_LIMIT SECONDS(20)
#define FORM_MAX_BYTES 8192
#define ANSWER_MAX_BYTES ((size_t)1 << 17)
#define PAGES_MAX 50

static const struct config *config_of(struct task *t)
{
    return &((const struct app *)t->app)->config;
}

bool stripe_is_live(struct task *t)
{
    return str_eq(config_of(t)->acquirer_mode, STR("live"));
}

/* ---- exchanges ---- */

void stripe_form_add(struct task *t, struct buf *form, const char *name, str value)
{
    buf_printf(form, "%s%s=%.*s", form->n ? "&" : "", name, STR_ARG(percent_encode(t->arena, value)));
}

static void form_i64(struct task *t, struct buf *form, const char *name, int64_t value)
{
    stripe_form_add(t, form, name, arena_printf(t->arena, "%lld", (long long)value));
}

static void call(struct task *t, const char *method, str path, str key, str body, size_t max_bytes,
                 struct fetch_answer *ret)
{
    const struct config *c = config_of(t);
    const struct fetch_header headers[] = {
        { "Authorization", arena_printf(t->arena, "Bearer %.*s", STR_ARG(c->acquirer_key_file.hidden)) },
        { "Stripe-Version", STR(STRIPE_VERSION) },
        { "Content-Type", STR("application/x-www-form-urlencoded") },
        { "Idempotency-Key", key },
    };
    const struct fetch_request rq = {
        .method = method,
        .url = arena_printf(t->arena, "%.*s%.*s", STR_ARG(c->acquirer_url), STR_ARG(path)),
        .headers = headers,
        .n_headers = str_given(key) ? 4 : 2,
        .body = body,
        .max_bytes = max_bytes,
        .limit = CALL_LIMIT,
        .is_ours = true,
    };
    fetch(t, &rq, ret);
}

void stripe_call(struct task *t, const char *method, str path, str key, str body, struct fetch_answer *ret)
{
    call(t, method, path, key, body, ANSWER_MAX_BYTES, ret);
}

void stripe_get(struct task *t, str path, size_t max_bytes, struct fetch_answer *ret)
{
    call(t, "GET", path, STR_NONE, STR_NONE, max_bytes, ret);
}

/* The document of an answer; NULL: nothing came that is JSON, and *ret says why. */
static const struct json_value *document_of(struct task *t, const struct fetch_answer *answer,
                                            struct acquirer_said *ret)
{
    const struct json_value *document;
    if (answer->outcome != FETCH_ANSWERED)
        acquirer_silent(ret, answer->why);
    else if (!json_parse(t->arena, answer->body, &document) || json_kind(document) != JSON_OBJECT)
        acquirer_silent(ret, arena_printf(t->arena, "status %d without a JSON object", answer->status));
    else
        return document;
    return NULL;
}

/* ---- what it says ---- */

static struct stripe_wanted wanted_of(struct task *t, const struct acquirer_ask *ask)
{
    struct stripe_wanted ret = {
        .op = ask->op,
        .key = ask->key,
        .reference = ask->reference,
        .currency = ask->currency,
        .intent = ask->charge_ref,
        .is_live = stripe_is_live(t),
    };
    (void)stripe_amount(ask->currency, ask->amount_minor, &ret.amount); /* what it cannot say was never sent: 0 */
    return ret;
}

/* FAILED is none of ours: it is settled by whoever can cancel. */
static void said_of(const struct stripe_verdict *v, struct acquirer_said *ret)
{
    str why = v->why ? str_of(v->why) : STR_NONE;
    switch (v->says) {
    case STRIPE_SUCCEEDED:
        ret->outcome = OUTCOME_SUCCEEDED;
        return;
    case STRIPE_DECLINED:
        ret->outcome = OUTCOME_DECLINED;
        ret->decline_code = v->decline_code;
        return;
    case STRIPE_ACTION:
        ret->outcome = OUTCOME_ACTION;
        return;
    case STRIPE_ABSENT:
        acquirer_unknown(ret, why);
        ret->is_absent = true;
        return;
    case STRIPE_WRONG:
        acquirer_unknown(ret, why);
        ret->is_wrong = true;
        return;
    case STRIPE_FAILED:
    case STRIPE_UNKNOWN:
        break;
    }
    acquirer_unknown(ret, str_given(why) ? why : STR("not final"));
}

static void intent_said(struct task *t, const struct stripe_intent *i, const struct stripe_verdict *v,
                        struct acquirer_said *ret)
{
    *ret = (struct acquirer_said){ .ref = i->id };
    said_of(v, ret);
    if (ret->outcome == OUTCOME_ACTION) {
        ret->action_url = i->action_url;
        if (!url_is_web(i->action_url))
            acquirer_unknown(ret, STR("the challenge has no address"));
    }
    if (ret->outcome == OUTCOME_SUCCEEDED)
        ret->authorized_until = stripe_capture_before(i);
    if (ret->outcome != OUTCOME_UNKNOWN) {
        ret->three_d_secure = i->three_d_secure;
        ret->card = payer_card_text(t->arena, i->card_brand, i->card_last4);
    }
}

static str intent_path(struct task *t, str intent, const char *rest)
{
    return arena_printf(t->arena, "/v1/payment_intents/%.*s%s", STR_ARG(percent_encode(t->arena, intent)), rest);
}

/*
 * The attempt failed, or its buyer has left the challenge for good, and who has its client secret, which a challenge
 * shows to the buyer's browser, could try another card on the same intent. Cancelled it is final; until then it is
 * unknown.
 */
static void failed_end(struct task *t, const struct stripe_intent *i, const struct acquirer_ask *ask, str decline_code,
                       struct acquirer_said *ret)
{
    const struct stripe_wanted wanted = wanted_of(t, ask);
    const struct json_value *document;
    struct fetch_answer answer;
    struct stripe_intent ended;
    str key = arena_printf(t->arena, "%.*s-end", STR_ARG(ask->key));
    stripe_call(t, "POST", intent_path(t, i->id, "/cancel"), key, STR("cancellation_reason=abandoned"), &answer);
    document = document_of(t, &answer, ret);
    if (!document)
        return;
    if (answer.status != 200 || !stripe_intent_read(document, &ended))
        return acquirer_unknown(ret, STR("the failed attempt could not be ended"));
    struct stripe_verdict v = stripe_intent_judge(&ended, &wanted);
    if (v.says == STRIPE_DECLINED)
        v.decline_code = decline_code;
    ended.three_d_secure = i->three_d_secure; /* whose charge the answer to an end does not tell of */
    intent_said(t, &ended, &v, ret);
}

static void intent_judge(struct task *t, const struct json_value *object, const struct acquirer_ask *ask,
                         struct acquirer_said *ret)
{
    const struct stripe_wanted wanted = wanted_of(t, ask);
    struct stripe_intent i;
    if (!stripe_intent_read(object, &i))
        return acquirer_unknown(ret, STR("the answer is no payment intent"));
    struct stripe_verdict v = stripe_intent_judge(&i, &wanted);
    if (v.says == STRIPE_ACTION && ask->is_abandoned)
        v = (struct stripe_verdict){ .says = STRIPE_FAILED, .decline_code = STR("canceled") };
    if (v.says == STRIPE_FAILED)
        failed_end(t, &i, ask, v.decline_code, ret);
    else
        intent_said(t, &i, &v, ret);
}

static void refund_judge(struct task *t, const struct json_value *object, const struct acquirer_ask *ask,
                         struct acquirer_said *ret)
{
    const struct stripe_wanted wanted = wanted_of(t, ask);
    struct stripe_refund r;
    if (!stripe_refund_read(object, &r))
        return acquirer_unknown(ret, STR("the answer is no refund"));
    struct stripe_verdict v = stripe_refund_judge(&r, &wanted);
    *ret = (struct acquirer_said){ .ref = r.id };
    said_of(&v, ret);
    ret->is_returned = v.says == STRIPE_DECLINED && stripe_refund_has_failed(&r);
}

/* A 402 brings the intent that failed: it has to be the one that we asked for. */
static bool error_is_ours(const struct json_value *document, const struct acquirer_ask *ask, str *ref)
{
    const struct json_value *intent = json_get(json_get(document, "error"), "payment_intent");
    struct stripe_intent i;
    if (!intent || json_kind(intent) != JSON_OBJECT)
        return true;
    if (!stripe_intent_read(intent, &i))
        return false;
    *ref = i.id;
    return call_op_is_attempt(ask->op) ? str_given(i.key) && str_eq(i.key, ask->key) : str_eq(i.id, ask->charge_ref);
}

static void error_said(const struct fetch_answer *answer, const struct json_value *document,
                       const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    struct stripe_verdict v = stripe_error_judge(answer->status, document, ask->op);
    *ret = (struct acquirer_said){ 0 };
    if (v.says == STRIPE_DECLINED && !error_is_ours(document, ask, &ret->ref))
        v = (struct stripe_verdict){ .says = STRIPE_WRONG, .why = "the error is about another payment intent" };
    said_of(&v, ret);
}

/* ---- orders ---- */

static void attempt_form(struct task *t, const struct acquirer_ask *ask, int64_t amount, struct buf *form)
{
    form_i64(t, form, "amount", amount);
    stripe_form_add(t, form, "currency", ask->currency);
    stripe_form_add(t, form, "payment_method", ask->token);
    stripe_form_add(t, form, "payment_method_types[0]", STR("card"));
    stripe_form_add(t, form, "confirm", STR("true"));
    stripe_form_add(t, form, "capture_method", ask->op == OP_AUTHORIZE ? STR("manual") : STR("automatic"));
    stripe_form_add(t, form, "metadata[" STRIPE_KEY "]", ask->key);
    stripe_form_add(t, form, "metadata[" STRIPE_REFERENCE "]", ask->reference);
    if (str_given(stripe_descriptor_suffix(ask->descriptor)))
        stripe_form_add(t, form, "statement_descriptor_suffix", stripe_descriptor_suffix(ask->descriptor));
    if (str_given(ask->return_url))
        stripe_form_add(t, form, "return_url", ask->return_url);
    else
        stripe_form_add(t, form, "error_on_requires_action", STR("true"));
    stripe_form_add(t, form, "expand[0]", STR("latest_charge"));
}

static str order_path(struct task *t, const struct acquirer_ask *ask)
{
    if (call_op_is_attempt(ask->op))
        return STR("/v1/payment_intents");
    if (call_op_is_refund(ask->op))
        return STR("/v1/refunds");
    return intent_path(t, ask->charge_ref, ask->op == OP_CAPTURE ? "/capture" : "/cancel");
}

static str order_form(struct task *t, const struct acquirer_ask *ask, int64_t amount)
{
    struct buf form;
    buf_init(&form, t->arena, FORM_MAX_BYTES);
    if (call_op_is_attempt(ask->op)) {
        attempt_form(t, ask, amount, &form);
    } else if (ask->op == OP_CAPTURE) {
        form_i64(t, &form, "amount_to_capture", amount);
        stripe_form_add(t, &form, "metadata[" STRIPE_CAPTURE "]", ask->key);
    } else if (call_op_is_refund(ask->op)) {
        stripe_form_add(t, &form, "payment_intent", ask->charge_ref);
        form_i64(t, &form, "amount", amount);
        stripe_form_add(t, &form, "metadata[" STRIPE_KEY "]", ask->key);
        stripe_form_add(t, &form, "metadata[" STRIPE_REFERENCE "]", ask->reference);
    } else {
        stripe_form_add(t, &form, "cancellation_reason", STR("abandoned"));
    }
    return buf_str(&form);
}

/* What cannot be sent is final: nothing was. Kept cards are another acquirer's, as none are kept through this one. */
static bool order_is_possible(const struct acquirer_ask *ask, int64_t *amount, struct acquirer_said *ret)
{
    *ret = (struct acquirer_said){ .outcome = OUTCOME_DECLINED, .decline_code = STR("mandate_missing") };
    if (str_given(ask->network_reference))
        return false;
    ret->decline_code = STR("amount_not_representable");
    return !stripe_amount(ask->currency, ask->amount_minor, amount);
}

static void order(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    const struct json_value *document;
    struct fetch_answer answer;
    int64_t amount;
    if (!order_is_possible(ask, &amount, ret))
        return;
    stripe_call(t, "POST", order_path(t, ask), ask->key, order_form(t, ask, amount), &answer);
    document = document_of(t, &answer, ret);
    if (!document)
        return;
    if (answer.status != 200)
        error_said(&answer, document, ask, ret);
    else if (call_op_is_refund(ask->op))
        refund_judge(t, document, ask, ret);
    else
        intent_judge(t, document, ask, ret);
}

/* ---- questions ---- */

/* The status; 0: none, or no document with it. Where it is not 200, *ret says what is unknown. That it does not know
 * what it named itself is for a human: no time mends it. */
static int ask_for(struct task *t, str path, const struct json_value **document, struct acquirer_said *ret)
{
    struct fetch_answer answer;
    stripe_call(t, "GET", path, STR_NONE, STR_NONE, &answer);
    *document = document_of(t, &answer, ret);
    if (*document && answer.status != 200) {
        acquirer_unknown(ret, arena_printf(t->arena, "status %d", answer.status));
        ret->is_wrong = answer.status == 404;
        ret->is_silent = !ret->is_wrong;
    }
    return *document ? answer.status : 0;
}

static void intent_query(struct task *t, str intent, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    const struct json_value *document;
    if (ask_for(t, intent_path(t, intent, "?expand%5B%5D=latest_charge"), &document, ret) == 200)
        intent_judge(t, document, ask, ret);
}

static void absent(struct acquirer_said *ret)
{
    acquirer_unknown(ret, STR("not known there"));
    ret->is_absent = true;
}

/*
 * Search lags behind, and some accounts and restricted keys have none: that nothing is found says nothing, and the
 * reconciler sends the same key again, to which Stripe gives the answer of the first time. What is found is asked for
 * by its name, as what search says may be old.
 */
static void attempt_search(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    const struct json_value *document;
    str question = arena_printf(t->arena, "metadata['" STRIPE_KEY "']:'%.*s'", STR_ARG(ask->key)), intent;
    str path = arena_printf(t->arena, "/v1/payment_intents/search?limit=2&query=%.*s",
                            STR_ARG(percent_encode(t->arena, question)));
    int status = ask_for(t, path, &document, ret);
    if (status == 400 || status == 403)
        return absent(ret);
    if (status != 200)
        return;
    const struct json_value *data = json_get(document, "data");
    if (!data || json_kind(data) != JSON_ARRAY || json_size(data) > 1) {
        acquirer_unknown(ret, STR("the answer is no list of at most one"));
        ret->is_wrong = data && json_size(data) > 1;
    } else if (json_size(data) == 0) {
        absent(ret);
    } else if (json_get_str(json_item(data, 0), "id", &intent) && intent.n <= STRIPE_ID_MAX) {
        intent_query(t, intent, ask, ret);
    } else {
        acquirer_unknown(ret, STR("what was found has no name"));
    }
}

/* The refund with our key among those of the page; *last is where the next page begins, absent: there is none. */
static const struct json_value *refund_find(const struct json_value *page, str wanted_key, str *last)
{
    const struct json_value *data = json_get(page, "data");
    bool has_more = false;
    str key;
    *last = STR_NONE;
    for (size_t i = 0; data && i < json_size(data); i++) {
        const struct json_value *item = json_item(data, i);
        if (json_get_str(json_get(item, "metadata"), STRIPE_KEY, &key) && str_eq(key, wanted_key))
            return item;
        json_get_str(item, "id", last);
    }
    if (!json_get_bool(page, "has_more", &has_more) || !has_more)
        *last = STR_NONE;
    return NULL;
}

/* Only a list that says whether it goes on, and where, can say that something is not in it. */
static bool page_is_whole(const struct json_value *page, str last)
{
    const struct json_value *data = json_get(page, "data");
    bool has_more;
    return data && json_kind(data) == JSON_ARRAY && json_get_bool(page, "has_more", &has_more) &&
           has_more == str_given(last);
}

static void refund_query(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    const struct json_value *document, *found = NULL;
    str last = STR_NONE;
    for (int i = 0; i < PAGES_MAX; i++) {
        str path = arena_printf(t->arena, "/v1/refunds?payment_intent=%.*s&limit=50%s%.*s",
                                STR_ARG(percent_encode(t->arena, ask->charge_ref)),
                                str_given(last) ? "&starting_after=" : "", STR_ARG(percent_encode(t->arena, last)));
        if (ask_for(t, path, &document, ret) != 200)
            return;
        found = refund_find(document, ask->key, &last);
        if (found)
            return refund_judge(t, found, ask, ret);
        if (!page_is_whole(document, last))
            return acquirer_unknown(ret, STR("the answer is no list of refunds"));
        if (!str_given(last))
            return absent(ret);
    }
    acquirer_unknown(ret, STR("more refunds than are read"));
}

void stripe_query(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret)
{
    if (call_op_is_refund(ask->op))
        refund_query(t, ask, ret);
    else if (!call_op_is_attempt(ask->op))
        intent_query(t, ask->charge_ref, ask, ret);
    else if (str_given(ask->ref))
        intent_query(t, ask->ref, ask, ret);
    else
        attempt_search(t, ask, ret);
}

/* ---- the table ---- */

/* Cards are kept where the partner's own page has put them; none is kept through ours. */
static void card_look(struct task *t, str token, struct acquirer_card *ret)
{
    (void)t;
    (void)token;
    *ret = (struct acquirer_card){ .standing = CARD_STANDING_UNPAID };
}

static const char *config_wrong(const struct config *c)
{
    enum stripe_mode key = stripe_key_mode(c->acquirer_key_file.hidden);
    bool is_live = str_eq(c->acquirer_mode, STR("live"));
    if (!is_live && !str_eq(c->acquirer_mode, STR("test")))
        return "acquirer_mode: must be test or live";
    if (key == STRIPE_MODE_NONE)
        return "acquirer_key_file: must hold a secret or restricted key of Stripe's (sk_ or rk_), and none from its "
               "documentation";
    if ((key == STRIPE_MODE_LIVE) != is_live)
        return "acquirer_key_file: the key is of the other mode than acquirer_mode says";
    if (!stripe_secret_is_good(c->acquirer_webhook_secret_file.hidden))
        return "acquirer_webhook_secret_file: must hold the secret of a webhook endpoint of Stripe's (whsec_)";
    if (is_live && !str_eq(c->acquirer_url, STR(STRIPE_API)))
        return "acquirer_url: must be " STRIPE_API " in live mode";
    return NULL;
}

static const char *amount_wrong(enum call_op op, str currency, int64_t amount_minor)
{
    int64_t unused;
    if (call_op_is_attempt(op) && amount_minor < stripe_charge_least(currency))
        return "less than the acquirer charges at least";
    return stripe_amount(currency, amount_minor, &unused);
}

/* Of refunds some methods have another name; all else is known by its intent, and never by its charge. */
static const char *name_wrong(enum call_op op, str name)
{
    if (call_op_is_refund(op))
        return str_starts(name, STR("re_")) || str_starts(name, STR("pyr_")) ? NULL
                                                                             : "begins with re_ or pyr_ at Stripe";
    return str_starts(name, STR("pi_")) ? NULL : "is the PaymentIntent at Stripe, which begins with pi_";
}

const struct connector connector_stripe = {
    .name = "stripe",
    .method = METHOD_CARD,
    .can = CAN_AUTHORIZE,
    .clearing = "",
    .key_retention = HOURS(23), /* Stripe's is at least 24 h from when it got the key, which is after we made it */
    .signature_headers = { "stripe-signature" },
    .config_wrong = config_wrong,
    .amount_wrong = amount_wrong,
    .charge_grain = stripe_charge_grain,
    .name_wrong = name_wrong,
    .order = order,
    .query = stripe_query,
    .verify = stripe_verify,
    .message_read = stripe_message_read,
    .message_judge = stripe_message_judge,
    .card = card_look,
    .dispute_read = stripe_dispute_said,
    .disputes = stripe_disputes,
    .dispute_tell = stripe_dispute_tell,
};
