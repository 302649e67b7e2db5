/* See decline.h. */
#include "paysrv/domain/decline.h"

static const struct {
    const char *code, *say;
} sentences[] = {
    { "insufficient_funds", "The card does not have enough money for this." },
    { "expired_card", "The card has expired." },
    { "incorrect_cvc", "The three digits on the back were not right." },
    { "authentication_failed", "The bank could not make sure that it is you." },
};

str decline_sentence(str decline_code)
{
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++)
        if (str_eq(decline_code, str_of(sentences[i].code)))
            return str_of(sentences[i].say);
    return STR("The bank declined the card.");
}
