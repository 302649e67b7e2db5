/* What a decline means for whoever would try again (MONEY 6.C 23). What buyers are told: flow/message/speech_words.h.
 */
#pragma once

#include "shared/base/str.h"

enum decline_class {
    DECLINE_SOFT = 1,     /* may succeed another time */
    DECLINE_HARD,         /* never will: the card is lost, closed, or may not be used so */
    DECLINE_NEEDS_HOLDER, /* only with the card holder's own confirmation */
};
enum decline_class decline_class_of(str decline_code);
/* What the API advises: "retry_later", "do_not_retry" or "ask_card_holder". */
str decline_advice(str decline_code);
