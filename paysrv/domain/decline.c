/* See decline.h. */
#include "paysrv/domain/decline.h"

struct sentence {
    const char *code, *say;
};
static const struct sentence sentences[] = {
    { "insufficient_funds", "The card does not have enough money for this." },
    { "expired_card", "The card has expired." },
    { "incorrect_cvc", "The three digits on the back were not right." },
    { "authentication_failed", "The bank could not make sure that it is you." },
    { "authentication_required", "The bank wants to make sure that it is you." },
};
static const struct sentence of_wallets[] = {
    { "insufficient_funds", "There is not enough money in the wallet for this." },
    { "canceled_by_buyer", "You canceled the payment there." },
    { "expired", "The payment was not confirmed there in time." },
};

str decline_sentence_of(enum payment_method method, str decline_code)
{
    if (method == METHOD_CARD)
        return decline_sentence(decline_code);
    for (size_t i = 0; i < sizeof of_wallets / sizeof of_wallets[0]; i++)
        if (str_eq(decline_code, str_of(of_wallets[i].code)))
            return str_of(of_wallets[i].say);
    return STR("The payment was declined there.");
}

str decline_sentence(str decline_code)
{
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
        if (str_eq(decline_code, str_of(sentences[i].code)))
            return str_of(sentences[i].say);
    return STR("The bank declined the card.");
}

enum decline_class decline_class_of(str decline_code)
{
    static const char *const hard[] = { "expired_card",   "incorrect_cvc",   "lost_card",   "stolen_card",
                                        "token_unusable", "mandate_missing", "do_not_retry" };
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
