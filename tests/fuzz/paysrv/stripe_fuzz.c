/* Stripe's messages: the first line is the signature, the rest the body. Nothing is final that is not exactly about
 * what was asked. */
#include "paysrv/domain/acquirer/stripe.h"

#include "paysrv/domain/acquirer/stripe_dispute.h"
#include "tests/fuzz/fuzz.h"

#define SECRET STR("whsec_ZnV6enNlY3JldGZ1enpzZWNyZXRmdXp6")

static const struct stripe_wanted charge = { OP_CHARGE,   { "ch_1", 4 }, { "pay_1", 5 }, { "eur", 3 },
                                             { NULL, 0 }, 1000,          false };
static const struct stripe_wanted refund = { OP_REFUND,     { "re_1", 4 }, { "pay_1", 5 }, { "eur", 3 },
                                             { "pi_1", 4 }, 400,           false };

static void verdict_is_whole(const struct stripe_verdict *v)
{
    MUST(v->says >= STRIPE_SUCCEEDED && v->says <= STRIPE_WRONG);
    MUST(v->says != STRIPE_DECLINED || (v->decline_code.n > 0 && v->decline_code.n <= 64));
    MUST((v->says != STRIPE_UNKNOWN && v->says != STRIPE_WRONG) || v->why);
}

static void intent(const struct json_value *object)
{
    struct stripe_intent i;
    if (!stripe_intent_read(object, &i))
        return;
    const struct stripe_verdict v = stripe_intent_judge(&i, &charge);
    verdict_is_whole(&v);
    if (v.says == STRIPE_SUCCEEDED)
        MUST(i.amount_received == charge.amount && str_eq_nocase(i.currency, charge.currency) &&
             str_eq(i.key, charge.key) && !i.is_live);
    (void)stripe_capture_before(&i);
}

static void back(const struct json_value *object)
{
    struct stripe_refund r;
    if (!stripe_refund_read(object, &r))
        return;
    const struct stripe_verdict v = stripe_refund_judge(&r, &refund);
    verdict_is_whole(&v);
    if (v.says == STRIPE_SUCCEEDED)
        MUST(r.amount == refund.amount && str_eq_nocase(r.currency, refund.currency) &&
             str_eq(r.intent, refund.intent));
}

static void dispute(const struct json_value *object)
{
    struct stripe_dispute d;
    if (!stripe_dispute_read(object, &d))
        return;
    MUST(dispute_is_possible(d.state.phase, d.state.status) && d.state.sequence > 0 && d.state.amount_minor > 0);
    MUST(d.currency.n == 3 && d.id.n > 0 && d.fee_minor >= 0 && d.due_s >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = fuzz_arena();
    str text = fuzz_text(data, size), header = text, body = STR("");
    const char *end = memchr(text.p, '\n', text.n);
    const struct json_value *document;
    if (end) {
        header.n = (size_t)(end - text.p);
        body = (str){ end + 1, text.n - header.n - 1 };
    }
    enum stripe_signature s = stripe_signature_judge(a, SECRET, header, body, instant_of_seconds(1700000000));
    MUST(s == STRIPE_SIGNATURE_MALFORMED || s == STRIPE_SIGNATURE_BAD || s == STRIPE_SIGNATURE_OLD ||
         s == STRIPE_SIGNED);
    if (!json_parse(a, body, &document))
        return 0;
    intent(document);
    back(document);
    dispute(document);
    for (int status = 400; status <= 500; status += 2) {
        const struct stripe_verdict v = stripe_error_judge(status, document, OP_CHARGE);
        verdict_is_whole(&v);
        MUST(v.says != STRIPE_SUCCEEDED);
    }
    return 0;
}
