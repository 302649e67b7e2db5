/* See method.h. */
#include "paysrv/domain/acquirer/method.h"

#include "shared/text/shape.h"

SHAPE_TYPE(payment_method, "PaymentMethod", "'card' | 'wallet' | 'bank_transfer'")

#define METHOD_TEXT_ROW(name, text) [METHOD_##name] = text,
static const char *const method_text[PAYMENT_METHOD_COUNT] = { PAYMENT_METHODS(METHOD_TEXT_ROW) };

str payment_method_name(enum payment_method method)
{
    return str_of(method_text[method]);
}

bool payment_method_parse(str name, enum payment_method *ret)
{
    for (unsigned i = 0; i < PAYMENT_METHOD_COUNT; i++) {
        if (str_eq(name, str_of(method_text[i]))) {
            *ret = (enum payment_method)i;
            return true;
        }
    }
    return false;
}

enum payment_method payment_method_of(str stored)
{
    enum payment_method method = METHOD_CARD;
    payment_method_parse(stored, &method);
    return method;
}

str payment_method_shown(str stored, str charge)
{
    return str_given(stored) || str_given(charge) ? payment_method_name(payment_method_of(stored)) : STR_NONE;
}

bool payment_methods_allow(str_array names, enum payment_method method)
{
    for (size_t i = 0; i < names.n; i++)
        if (str_eq(names.items[i], payment_method_name(method)))
            return true;
    return names.n == 0;
}

enum method_verdict payment_method_judge(enum payment_method method, const struct method_basis *basis)
{
    if (!basis->is_configured)
        return METHOD_NOT_CONFIGURED;
    if (basis->is_manual && !basis->can_authorize)
        return METHOD_TAKES_AT_ONCE;
    if (basis->amount_wrong)
        return METHOD_AMOUNT;
    return payment_methods_allow(basis->allowed, method) ? METHOD_GOOD : METHOD_NOT_OF_STORE;
}

const char *method_verdict_text(enum method_verdict verdict)
{
    switch (verdict) {
    case METHOD_GOOD:
        return "it can be paid so";
    case METHOD_NOT_CONFIGURED:
        return "there is no acquirer for it here";
    case METHOD_NOT_OF_STORE:
        return "the payment's store does not take it";
    case METHOD_TAKES_AT_ONCE:
        return "it takes the amount at once, and this payment is to be captured later";
    case METHOD_AMOUNT:
        return "it cannot move this amount";
    }
    return "it cannot be paid so";
}
