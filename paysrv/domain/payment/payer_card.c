/* See payer_card.h. */
#include "paysrv/domain/payment/payer_card.h"

#define DIGITS 4

static bool is_brand(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '_')
            return false;
    return s.n > 0 && s.n <= PAYER_CARD_BRAND_MAX;
}

static bool is_last4(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n == DIGITS;
}

str payer_card_text(struct arena *a, str brand, str last4)
{
    if (!is_brand(brand) || !is_last4(last4))
        return STR_NONE;
    return arena_printf(a, "%.*s %.*s", STR_ARG(brand), STR_ARG(last4));
}

bool payer_card_parse(str stored, str *brand, str *last4)
{
    str rest = stored;
    if (!str_given(stored) || !str_cut(&rest, ' ', brand))
        return false;
    *last4 = rest;
    return is_brand(*brand) && is_last4(*last4);
}

void payer_card_write(struct json *j, str stored)
{
    str brand, last4;
    if (!payer_card_parse(stored, &brand, &last4))
        return;
    json_object(j, "card");
    json_str(j, "brand", brand);
    json_str(j, "last4", last4);
    json_close(j);
}
