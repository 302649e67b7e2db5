/*
 * How a payment is paid: by card, or by something else that has an acquirer of its own. What may be offered and taken
 * is one rule, for the API and for the buyer's pages.
 */
#pragma once

#include "shared/base/array.h"
#include "shared/base/str.h"

#define PAYMENT_METHODS(X)                                                                                             \
    X(CARD, "card")                                                                                                    \
    X(WALLET, "wallet")                                                                                                \
    X(BANK_TRANSFER, "bank_transfer")

#define PAYMENT_METHOD_ROW(name, text) METHOD_##name,
enum payment_method { PAYMENT_METHODS(PAYMENT_METHOD_ROW) PAYMENT_METHOD_COUNT };
#undef PAYMENT_METHOD_ROW
/* For messages: the names of all. */
#define PAYMENT_METHODS_TEXT "card, wallet or bank_transfer"

str payment_method_name(enum payment_method method);
bool payment_method_parse(str name, enum payment_method *ret);
/* Of a stored payment; absent: card, the only one that there was. */
enum payment_method payment_method_of(str stored);
/* For people and documents: the name of the attempt's method; absent when nothing was tried. */
str payment_method_shown(str stored, str charge);
/* A list of names as it is stored; an empty one allows all. */
bool payment_methods_allow(str_array names, enum payment_method method);

/* Whether a payment can be paid so. */
enum method_verdict {
    METHOD_GOOD = 1,
    METHOD_NOT_CONFIGURED,
    METHOD_NOT_OF_STORE,
    METHOD_TAKES_AT_ONCE,
    METHOD_AMOUNT
};
struct method_basis {
    bool is_configured;       /* there is an acquirer for it */
    bool can_authorize;       /* that can hold an amount and take it later */
    const char *amount_wrong; /* why that cannot move this amount; NULL: it can */
    str_array allowed;        /* of the payment */
    bool is_manual;           /* what succeeds is to be an authorisation */
};
enum method_verdict payment_method_judge(enum payment_method method, const struct method_basis *basis);
/* Half a sentence, for whoever asked for it. */
const char *method_verdict_text(enum method_verdict verdict);
