/* The test cards (docs/protocol/acquirer.md, "Test cards") and the checks of what is typed into the card form. */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/base/instant.h"

enum card_does {
    CARD_SUCCEEDS = 1,
    CARD_CHALLENGES,
    CARD_DECLINES,
    CARD_TIMES_OUT,
    CARD_ERROR_BEFORE,
    CARD_ERROR_AFTER,
    CARD_NOTIFIES_TWICE,
    CARD_NOTIFIES_LATE,
    CARD_REFUNDS_FAIL,
    CARD_CAPTURES_FAIL,
    CARD_AUTHORIZES_BRIEFLY,
    CARD_DECLINES_LATER, /* what the merchant asks for on his own */
    CARD_DISPUTES,       /* a chargeback of all of it, right after it was charged */
    CARD_INQUIRES,       /* an inquiry */
};

struct card {
    str number; /* 16 digits */
    str last4;  /* tells the cards apart: the number itself is never kept */
    enum card_does does;
    str decline_code; /* CARD_DECLINES, CARD_DECLINES_LATER */
};

const struct card *card_of_number(str digits);
const struct card *card_of_last4(str last4);
/* The card behind tok_test_visa and tok_test_3ds; NULL: no such standing token. */
const struct card *card_of_test_token(str token);

/* Digits of a typed number, without spaces and hyphens. false: anything else is in it, or more than 19. */
bool card_digits(struct arena *a, str typed, str *ret);
bool luhn_holds(str digits);
/* MM/YY, MM / YY, MMYY, MM/YYYY; the card is good to the end of the month. */
struct expiry {
    int64_t month, year;
};
enum expiry_verdict { EXPIRY_GOOD = 1, EXPIRY_MALFORMED, EXPIRY_PAST };
/* *ret is written when it is good. */
enum expiry_verdict expiry_judge(str typed, instant now, struct expiry *ret);
bool cvc_holds(str typed);
