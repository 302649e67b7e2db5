/* See means_request.h. */
#include "paysrv/means_request.h"

#include "paysrv/domain/payment/luhn.h"
#include "paysrv/faults.h"

const struct param means_params[2] = {
    P_STR(struct means_in, method, .need = OPTIONAL, .set = ID, .max = 40, .words = PAYMENT_METHODS(STR_LISTED)),
    P_STR(struct means_in, payment_token, .need = OPTIONAL, .set = TOKEN, .min = 1, .max = 200),
};

static err wrong(struct task *t, const char *at, const char *field, const char *explain)
{
    return FAIL_PARAM(t, INVALID_PARAMETER, arena_printf(t->arena, "%s%s", at, field), str_of(explain));
}

err means_read(struct task *t, const struct means_in *in, const char *at, enum payment_method *ret)
{
    *ret = METHOD_CARD;
    if (str_given(in->method) && !payment_method_parse(in->method, ret))
        return wrong(t, at, "method", "must be " PAYMENT_METHODS_TEXT);
    if (*ret == METHOD_CARD && !str_given(in->payment_token))
        return wrong(t, at, "payment_token", "is required for a card");
    if (*ret != METHOD_CARD && str_given(in->payment_token))
        return wrong(t, at, "payment_token", "only cards have one");
    if (is_card_number(in->payment_token))
        return wrong(t, at, "payment_token", CARD_NUMBER_REFUSED);
    return OK;
}
