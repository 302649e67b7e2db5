/* The test cards (docs/protocol/acquirer.md, "Test cards") and the checks of what is typed into the card form. */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/base/instant.h"

enum card_does {
    CARD_SUCCEEDS = 1,
    CARD_DECLINES,
    CARD_TIMES_OUT,
    CARD_ERROR_BEFORE,
    CARD_ERROR_AFTER,
    CARD_NOTIFIES_TWICE,
    CARD_NOTIFIES_LATE,
    CARD_REFUNDS_FAIL,
    CARD_GIVES_BACK_LATE, /* the first two refunds or voids of a charge are declined */
    CARD_CAPTURES_FAIL,
    CARD_AUTHORIZES_BRIEFLY,
    CARD_DECLINES_LATER, /* what the merchant asks for on his own */
    CARD_DISPUTES,       /* a chargeback of all of it, right after it was charged */
    CARD_INQUIRES,       /* an inquiry */
};

/* What becomes of money that is sent to it. */
enum card_takes {
    TAKES_PUSHES = 0,
    TAKES_NOT_NOW,     /* declined, and may work another time */
    TAKES_NEVER,       /* declined: the card is closed */
    TAKES_NO_PUSHES,   /* the card is of a kind that cannot be paid to */
    TAKES_SILENTLY,    /* paid, and neither answer nor message ever comes */
    TAKES_SOMETIME,    /* pending, for ever */
    TAKES_AND_RETURNS, /* paid, and it comes back */
};

struct card {
    str number; /* 16 digits */
    str last4;  /* tells the cards apart: the number itself is never kept */
    enum card_does does;
    str decline_code; /* CARD_DECLINES, CARD_DECLINES_LATER */
    enum card_takes takes;
    char trans_status; /* what its bank says to 3-D Secure when the card holder is there; 0: it takes no part */
};

const struct card *card_of_number(str digits);
const struct card *card_of_last4(str last4);
/* The card behind tok_test_visa, tok_test_3ds and tok_test_ with the last four digits of any; NULL: no such standing
 * token. */
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
