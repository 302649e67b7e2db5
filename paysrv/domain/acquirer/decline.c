/* See decline.h. */
#include "paysrv/domain/acquirer/decline.h"

enum decline_class decline_class_of(str decline_code)
{
    static const char *const hard[] = { "expired_card",   "incorrect_cvc",      "lost_card",
                                        "stolen_card",    "token_unusable",     "mandate_missing",
                                        "do_not_retry",   "method_unavailable", "authentication_rejected",
                                        "account_closed", "account_blocked" };
    if (str_eq(decline_code, STR("authentication_required")) || str_eq(decline_code, STR("authentication_failed")))
        return DECLINE_NEEDS_HOLDER;
    for (size_t i = 0; i < sizeof hard / sizeof hard[0]; i++)
        if (str_eq(decline_code, str_of(hard[i])))
            return DECLINE_HARD;
    return DECLINE_SOFT;
}

str decline_advice(str decline_code)
{
    switch (decline_class_of(decline_code)) {
    case DECLINE_SOFT:
        return STR("retry_later");
    case DECLINE_HARD:
        return STR("do_not_retry");
    case DECLINE_NEEDS_HOLDER:
        return STR("ask_card_holder");
    }
    return STR("do_not_retry");
}
