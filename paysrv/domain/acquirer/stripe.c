/* Objects and errors of Stripe's. See stripe.h. */
#include "paysrv/domain/acquirer/stripe.h"

#include "paysrv/domain/acquirer/decline.h"

#define ID_MAX 255
#define CODE_MAX 64
#define UNTIL_MAX_S INT64_C(99999999999)
/* The shortest validity of an authorisation of a card that Stripe documents: 4 days and 18 hours. */
#define VALID_LEAST_S (INT64_C(114) * 3600)

#define SAYS(verdict, text) ((struct stripe_verdict){ .says = STRIPE_##verdict, .why = (text) })

static bool id_get(const struct json_value *object, const char *key, str *ret)
{
    return json_get_str(object, key, ret) && ret->n > 0 && ret->n <= ID_MAX;
}

/* Either the id or, expanded, the object. */
static bool reference_get(const struct json_value *object, const char *key, str *ret)
{
    return id_get(object, key, ret) || id_get(json_get(object, key), "id", ret);
}

/* ---- declines ---- */

/*
 * Stripe's decline codes that mean the same as one of ours, whose classes decline.h knows; all others stay as they are.
 * What tells a thief something is not told apart: those never retry.
 */
static str decline_of(str code)
{
    static const struct {
        const char *theirs, *ours;
    } same[] = {
        { "authentication_required", "authentication_required" },
        { "authentication_not_handled", "authentication_required" },
        { "offline_pin_required", "authentication_required" },
        { "online_or_offline_pin_required", "authentication_required" },
        { "mobile_device_authentication_required", "authentication_required" },
        { "payment_intent_authentication_failure", "authentication_failed" },
        { "incorrect_cvc", "incorrect_cvc" },
        { "invalid_cvc", "incorrect_cvc" },
        { "expired_card", "expired_card" },
        { "lost_card", "lost_card" },
        { "stolen_card", "stolen_card" },
        { "pickup_card", "do_not_retry" },
        { "restricted_card", "do_not_retry" },
        { "fraudulent", "do_not_retry" },
        { "merchant_blacklist", "do_not_retry" },
        { "invalid_account", "do_not_retry" },
        { "revocation_of_authorization", "do_not_retry" },
        { "revocation_of_all_authorizations", "do_not_retry" },
        { "stop_payment_order", "do_not_retry" },
        { "do_not_try_again", "do_not_retry" },
        { "testmode_decline", "do_not_retry" },
        { "incorrect_number", "token_unusable" },
        { "invalid_number", "token_unusable" },
        { "invalid_expiry_month", "token_unusable" },
        { "invalid_expiry_year", "token_unusable" },
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        if (str_eq(code, str_of(same[i].theirs)))
            return str_of(same[i].ours);
    return code.n > 0 && code.n <= CODE_MAX ? code : STR("generic_decline");
}

/* decline_code is the issuer's reason, code the kind of error; of one that may pass, the network may know better. */
static str error_decline(const struct json_value *error)
{
    str code = STR(""), advice = STR("");
    if (!json_get_str(error, "decline_code", &code) || code.n == 0)
        json_get_str(error, "code", &code);
    json_get_str(error, "advice_code", &advice);
    str ours = decline_of(code);
    if (str_eq(advice, STR("do_not_try_again")) && decline_class_of(ours) == DECLINE_SOFT)
        return STR("do_not_retry");
    return ours;
}

/* ---- reading ---- */

static void metadata_read(const struct json_value *object, const char *name, str *ret)
{
    *ret = STR_NONE;
    json_get_str(json_get(object, "metadata"), name, ret);
}

/* PaymentMethodDetails.card.three_d_secure of a charge; what is not told here stays untold. */
static three_d_secure three_d_secure_read(const struct json_value *said)
{
    static const struct {
        const char *theirs;
        enum three_d_secure_result ours;
    } same[] = {
        { "authenticated", THREE_D_SECURE_AUTHENTICATED },
        { "attempt_acknowledged", THREE_D_SECURE_ATTEMPTED },
        { "exempted", THREE_D_SECURE_EXEMPTED },
        { "failed", THREE_D_SECURE_FAILED },
        { "processing_error", THREE_D_SECURE_UNAVAILABLE },
        { "not_supported", THREE_D_SECURE_UNAVAILABLE },
    };
    str flow = STR_NONE, result = STR_NONE, reason = STR_NONE;
    three_d_secure ret = { FLOW_UNTOLD, THREE_D_SECURE_NONE };
    json_get_str(said, "authentication_flow", &flow);
    json_get_str(said, "result", &result);
    json_get_str(said, "result_reason", &reason);
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        if (str_eq(result, str_of(same[i].theirs)))
            ret = (three_d_secure){ three_d_secure_flow_of(flow), same[i].ours };
    if (ret.result == THREE_D_SECURE_FAILED && str_eq(reason, STR("rejected")))
        ret.result = THREE_D_SECURE_REJECTED;
    return ret;
}

/* latest_charge, which we ask to be expanded. */
static void charge_read(const struct json_value *charge, struct stripe_intent *ret)
{
    const struct json_value *card = json_get(json_get(charge, "payment_method_details"), "card");
    json_get_i64(charge, "created", &ret->charged_at_s);
    json_get_i64(card, "capture_before", &ret->capture_before_s);
    json_get_str(card, "brand", &ret->card_brand);
    json_get_str(card, "last4", &ret->card_last4);
    ret->three_d_secure = three_d_secure_read(json_get(card, "three_d_secure"));
}

bool stripe_intent_read(const struct json_value *object, struct stripe_intent *ret)
{
    str kind, type;
    *ret = (struct stripe_intent){ 0 };
    if (!json_get_str(object, "object", &kind) || !str_eq(kind, STR("payment_intent")) ||
        !id_get(object, "id", &ret->id) || !json_get_str(object, "status", &ret->status) ||
        !json_get_str(object, "currency", &ret->currency) || !json_get_i64(object, "amount", &ret->amount) ||
        !json_get_bool(object, "livemode", &ret->is_live))
        return false;
    json_get_i64(object, "amount_received", &ret->amount_received);
    json_get_str(object, "capture_method", &ret->capture_method);
    metadata_read(object, STRIPE_KEY, &ret->key);
    metadata_read(object, STRIPE_REFERENCE, &ret->reference);
    metadata_read(object, STRIPE_CAPTURE, &ret->capture_key);
    const struct json_value *action = json_get(object, "next_action");
    if (json_get_str(action, "type", &type) && str_eq(type, STR("redirect_to_url")))
        json_get_str(json_get(action, "redirect_to_url"), "url", &ret->action_url);
    const struct json_value *error = json_get(object, "last_payment_error");
    if (error && json_kind(error) == JSON_OBJECT)
        ret->decline_code = error_decline(error);
    charge_read(json_get(object, "latest_charge"), ret);
    /* Of an attempt that fails before any authorisation there is no charge. */
    if (ret->three_d_secure.result == THREE_D_SECURE_NONE && str_eq(ret->decline_code, STR("authentication_failed")))
        ret->three_d_secure.result = THREE_D_SECURE_FAILED;
    return true;
}

bool stripe_refund_read(const struct json_value *object, struct stripe_refund *ret)
{
    str kind, reason;
    *ret = (struct stripe_refund){ .decline_code = STR("refund_failed") };
    if (!json_get_str(object, "object", &kind) || !str_eq(kind, STR("refund")) || !id_get(object, "id", &ret->id) ||
        !json_get_str(object, "status", &ret->status) || !json_get_str(object, "currency", &ret->currency) ||
        !json_get_i64(object, "amount", &ret->amount))
        return false;
    metadata_read(object, STRIPE_KEY, &ret->key);
    metadata_read(object, STRIPE_REFERENCE, &ret->reference);
    reference_get(object, "payment_intent", &ret->intent);
    if (json_get_str(object, "failure_reason", &reason) && reason.n > 0 && reason.n <= CODE_MAX)
        ret->decline_code = reason;
    return true;
}

/* ---- judging ---- */

static struct stripe_verdict declined(str code)
{
    return (struct stripe_verdict){ .says = STRIPE_DECLINED, .decline_code = code };
}

static struct stripe_verdict attempt_succeeded(const struct stripe_intent *i, const struct stripe_wanted *wanted)
{
    bool is_manual = str_eq(i->capture_method, STR("manual"));
    if (is_manual != (wanted->op == OP_AUTHORIZE))
        return SAYS(WRONG, "captured where an authorization was asked for, or the other way round");
    if (is_manual ? !str_given(i->capture_key) : i->amount_received != wanted->amount)
        return SAYS(WRONG, is_manual ? "captured by somebody else" : "another amount was received than was asked for");
    return SAYS(SUCCEEDED, NULL);
}

static bool is_time(int64_t s)
{
    return s > 0 && s <= UNTIL_MAX_S;
}

static bool has_end(const struct stripe_intent *i)
{
    return is_time(i->capture_before_s) || is_time(i->charged_at_s);
}

/*
 * Nobody goes on with it: the card was refused, or the buyer is to do what no address leads him to, or Stripe has made
 * the intent and broke off before it confirmed it.
 */
static struct stripe_verdict failed(const struct stripe_intent *i)
{
    str code = str_eq(i->status, STR("requires_action"))         ? STR("authentication_required")
               : str_eq(i->status, STR("requires_confirmation")) ? STR("processing_error")
                                                                 : STR("generic_decline");
    return (struct stripe_verdict){ .says = STRIPE_FAILED,
                                    .decline_code = str_given(i->decline_code) ? i->decline_code : code };
}

static struct stripe_verdict attempt_judge(const struct stripe_intent *i, const struct stripe_wanted *wanted)
{
    if (str_eq(i->status, STR("succeeded")))
        return attempt_succeeded(i, wanted);
    if (str_eq(i->status, STR("requires_capture")) && wanted->op != OP_AUTHORIZE)
        return SAYS(WRONG, "authorized only");
    if (str_eq(i->status, STR("requires_capture")))
        return has_end(i) ? SAYS(SUCCEEDED, NULL) : SAYS(UNKNOWN, "the authorization has no end");
    if (str_eq(i->status, STR("requires_action")) && str_given(i->action_url))
        return SAYS(ACTION, NULL);
    if (str_eq(i->status, STR("canceled")))
        return declined(str_given(i->decline_code) ? i->decline_code : STR("canceled"));
    if (str_eq(i->status, STR("requires_action")) || str_eq(i->status, STR("requires_confirmation")) ||
        str_eq(i->status, STR("requires_payment_method")))
        return failed(i);
    return SAYS(UNKNOWN, "not decided yet");
}

/* An intent is captured once, and the capture leaves its key on it. */
static struct stripe_verdict capture_judge(const struct stripe_intent *i, const struct stripe_wanted *wanted)
{
    if (str_eq(i->status, STR("succeeded"))) {
        if (!str_given(i->capture_key) || !str_eq(i->capture_key, wanted->key))
            return SAYS(WRONG, "captured by somebody else");
        if (i->amount_received != wanted->amount)
            return SAYS(WRONG, "another amount was captured than was asked for");
        return SAYS(SUCCEEDED, NULL);
    }
    if (str_eq(i->status, STR("requires_capture")))
        return SAYS(ABSENT, "not captured");
    if (str_eq(i->status, STR("canceled")))
        return declined(STR("authorization_released"));
    return SAYS(UNKNOWN, "neither captured nor open");
}

static struct stripe_verdict void_judge(const struct stripe_intent *i)
{
    if (str_eq(i->status, STR("canceled")))
        return SAYS(SUCCEEDED, NULL);
    if (str_eq(i->status, STR("requires_capture")))
        return SAYS(ABSENT, "not released");
    if (str_eq(i->status, STR("succeeded")))
        return declined(STR("charge_not_authorized"));
    return SAYS(UNKNOWN, "neither released nor open");
}

struct stripe_verdict stripe_intent_judge(const struct stripe_intent *i, const struct stripe_wanted *wanted)
{
    if (i->is_live != wanted->is_live)
        return SAYS(WRONG, "live where test was asked for, or the other way round");
    if (!str_eq_nocase(i->currency, wanted->currency))
        return SAYS(WRONG, "another currency than was asked for");
    if (!call_op_is_attempt(wanted->op) && !str_eq(i->id, wanted->intent))
        return SAYS(WRONG, "another payment intent than was asked for");
    if (wanted->op == OP_CAPTURE)
        return capture_judge(i, wanted);
    if (wanted->op == OP_VOID || wanted->op == OP_LATE_VOID)
        return void_judge(i);
    if (!call_op_is_attempt(wanted->op) || !str_given(i->key) || !str_eq(i->key, wanted->key) ||
        !str_eq(i->reference, wanted->reference) || i->amount != wanted->amount)
        return SAYS(WRONG, "the payment intent is of another operation or amount");
    return attempt_judge(i, wanted);
}

struct stripe_verdict stripe_refund_judge(const struct stripe_refund *r, const struct stripe_wanted *wanted)
{
    if (!str_given(r->key) || !str_eq(r->key, wanted->key) || !str_eq(r->reference, wanted->reference) ||
        r->amount != wanted->amount || !str_eq_nocase(r->currency, wanted->currency) ||
        !str_eq(r->intent, wanted->intent))
        return SAYS(WRONG, "the refund is of another operation, amount or currency");
    if (str_eq(r->status, STR("succeeded")))
        return SAYS(SUCCEEDED, NULL);
    if (str_eq(r->status, STR("failed")) || str_eq(r->status, STR("canceled")))
        return declined(r->decline_code);
    return SAYS(UNKNOWN, "the refund is on its way");
}

bool stripe_refund_has_failed(const struct stripe_refund *r)
{
    return str_eq(r->status, STR("failed"));
}

bool stripe_refund_is_release(const struct stripe_refund *r, const struct stripe_intent *i, bool is_first)
{
    if (!str_eq(r->intent, i->id) || !str_eq(i->capture_method, STR("manual")))
        return false;
    if (str_eq(i->status, STR("canceled")) || str_eq(i->status, STR("requires_capture")))
        return true;
    return is_first && str_eq(i->status, STR("succeeded")) && i->amount_received < i->amount &&
           r->amount == i->amount - i->amount_received;
}

instant stripe_capture_before(const struct stripe_intent *i)
{
    if (is_time(i->capture_before_s))
        return instant_of_seconds(i->capture_before_s);
    return instant_of_seconds(is_time(i->charged_at_s) ? i->charged_at_s + VALID_LEAST_S : 0);
}

/* ---- errors ---- */

static const char *const refund_refusals[] = { "charge_already_refunded", "charge_disputed", "refund_disputed_payment",
                                               "charge_not_refundable", NULL };
static const char *const other_states[] = { "payment_intent_unexpected_state",
                                            "amount_too_large",
                                            "charge_already_captured",
                                            "charge_expired_for_capture",
                                            "capture_charge_authorization_expired",
                                            NULL };

static bool is_one_of(str code, const char *const *codes)
{
    while (*codes && !str_eq(code, str_of(*codes)))
        codes++;
    return *codes != NULL;
}

/* What was refused before anything was done, for a reason that will stay. */
static struct stripe_verdict request_refused(const struct json_value *error, enum call_op op)
{
    str code = STR(""), param = STR("");
    json_get_str(error, "code", &code);
    json_get_str(error, "param", &param);
    if (call_op_is_attempt(op) &&
        (str_eq(param, STR("payment_method")) || str_eq(code, STR("payment_method_unactivated")) ||
         str_eq(code, STR("payment_method_unexpected_state"))))
        return declined(STR("token_unusable"));
    if (call_op_is_attempt(op) && (str_eq(param, STR("return_url")) || str_eq(param, STR("currency"))))
        return declined(STR("acquirer_refuses"));
    if (call_op_is_attempt(op) && (str_eq(code, STR("amount_too_small")) || str_eq(code, STR("amount_too_large"))))
        return declined(code);
    if (call_op_is_refund(op) && is_one_of(code, refund_refusals))
        return declined(code);
    /* More than is left there, as somebody has given back without us; it has no code of its own. */
    if (call_op_is_refund(op) && str_eq(param, STR("amount")))
        return declined(STR("amount_too_large"));
    /* What it is in by now is asked for: a capture or a void of it may be why it is not as it was. */
    if (is_one_of(code, other_states))
        return SAYS(UNKNOWN, "not in a state for this");
    return SAYS(WRONG, "the request was refused");
}

struct stripe_verdict stripe_error_judge(int status, const struct json_value *document, enum call_op op)
{
    const struct json_value *error = json_get(document, "error");
    str type = STR("");
    json_get_str(error, "type", &type);
    if (status == 402 && str_eq(type, STR("card_error")))
        return declined(error_decline(error));
    if (status == 409) /* the same key is being worked on at this moment, whatever type of error that is called */
        return SAYS(UNKNOWN, "a request with this key is under way");
    if (str_eq(type, STR("idempotency_error")))
        return SAYS(WRONG, "the key was used for another request");
    if (status == 401 || status == 403)
        return SAYS(UNKNOWN, "the key is not accepted");
    if ((status == 400 || status == 404) && str_eq(type, STR("invalid_request_error")))
        return request_refused(error, op);
    return SAYS(UNKNOWN, "no answer about the outcome");
}
