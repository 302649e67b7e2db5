/*
 * What a decline means: for a buyer, who is told enough to go on and nothing that helps a thief (lost, stolen), and for
 * whoever would try again (MONEY 6.C 23).
 */
#pragma once

#include "paysrv/domain/method.h"
#include "shared/base/str.h"

enum decline_class {
    DECLINE_SOFT = 1,     /* may succeed another time */
    DECLINE_HARD,         /* never will: the card is lost, closed, or may not be used so */
    DECLINE_NEEDS_HOLDER, /* only with the card holder's own confirmation */
};
enum decline_class decline_class_of(str decline_code);
/* What the API advises: "retry_later", "do_not_retry" or "ask_card_holder". */
str decline_advice(str decline_code);

/* A sentence for the acquirer's code; codes that are unknown or better not told have one in common. */
str decline_sentence(str decline_code);
/* The same of another method's. */
str decline_sentence_of(enum payment_method method, str decline_code);
