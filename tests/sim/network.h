/*
 * The acquirer and the bank as they are behind the network: what they hold is the truth that the books are compared
 * with. They speak docs/protocol/acquirer.md; what comes of a request on its way is drawn, or told for the next one.
 */
#pragma once

#include "shared/net/fetch.h"
#include "tests/sim/sim.h"

void network_begin(void); /* with a world */

#define FATES(X)                                                                                                       \
    X(DRAWN) /* as the rates say */                                                                                    \
    X(GOOD)                                                                                                            \
    X(LOST)          /* never arrives, and nobody knows */                                                             \
    X(NOT_SENT)      /* no connection */                                                                               \
    X(SILENT)        /* done, and the answer is lost */                                                                \
    X(BROKEN)        /* 500, not done */                                                                               \
    X(LATE)          /* done some seconds later, the answer is lost */                                                 \
    X(MESSAGE_FIRST) /* done, and the message about it arrives before the answer */
#define FATE_ROW(name) FATE_##name,
enum fate { FATES(FATE_ROW) FATE_COUNT };
#undef FATE_ROW
const char *fate_name(enum fate fate);

void network_next(enum fate fate);         /* of the next order */
void network_rates(unsigned per_mille);    /* how often an order has another fate than GOOD, and a query none */
void network_declines(unsigned per_mille); /* how often a refund or capture is declined */
/* From now on the first such text in an answer of the acquirer's or the wallet's is another one. NULL: it is not. */
void network_twists(const char *what, const char *with);
str network_twisted(str body);

/* ---- the acquirer ---- */

void acquirer_serve(const struct fetch_request *rq, str path, struct fetch_answer *ret);
/* What was on its way and has arrived by now. */
void acquirer_tick(void);
/* A message that waits, any of them. False: there is none. It is sent until it was taken, and sometimes once more. */
bool acquirer_message(str *body);
void acquirer_message_taken(str body);
bool acquirer_is_quiet(void); /* nothing is on its way */
/* The buyer answers at his bank. False: nobody asks him anything. */
bool buyer_answers(bool approves);

struct acquirer_books {
    int64_t captured, refunded; /* of a payment, all its attempts; refunded: and disputed */
    int paid_attempts;          /* attempts of which more was captured than refunded */
    bool is_held;               /* an authorisation that is not released */
};
struct acquirer_books acquirer_books_of(str payment);
int64_t acquirer_balance(void); /* all that was captured, and neither refunded, disputed, paid out nor taken as a fee */
void acquirer_pays_out(int64_t minor);
void acquirer_gives_back(str charge, int64_t minor); /* by hand, in its back office */
/* NULL: whatever was asked for, here and at the bank, was right. Else what nobody should ask for. */
const char *network_complaint(void);

/* ---- what was settled ---- */

enum settled { SETTLED_NOT, SETTLED, SETTLED_NEVER /* the registry that should have it has not */ };
/* Something that moved money. What the acquirer gives is positive. */
struct settled_effect {
    const char *kind; /* as in docs/protocol/acquirer.md, Settlements */
    str id, key;
    int64_t gross_minor, fee_minor;
    int64_t booked_fee_minor; /* which was taken when it happened */
    enum settled *settled;
};
typedef void (*settled_visit)(void *context, const struct settled_effect *e);
void acquirer_effects(settled_visit visit, void *context);
void disputes_effects(settled_visit visit, void *context);
void wallet_effects(settled_visit visit, void *context);

/* ---- a wallet ---- */

void wallet_begin(void); /* with a world */
void wallet_serve(const struct fetch_request *rq, str path, struct fetch_answer *ret);
void wallet_tick(void);
bool wallet_is_quiet(void);
bool wallet_answers(bool approves); /* its user; false: nobody asks him anything */
void wallet_books_add(str payment, struct acquirer_books *books);
int64_t wallet_balance(void); /* all that was paid and not refunded */

/* ---- a card that a buyer lets a store keep ---- */

bool acquirer_was_paid_with(str token);
enum kept_mood {
    KEPT_GOOD,
    KEPT_EMPTY,  /* declined, and might not be another day */
    KEPT_LOST,   /* declined for good */
    KEPT_HOLDER, /* its bank wants to ask its holder */
    KEPT_MOODS
};
void kept_begin(void); /* with a world */
void kept_is(enum kept_mood mood);
/* It is charged for this payment. What nobody should ask for (again) like that is complained of. */
enum kept_mood kept_charge(str payment);
void card_serve(str token, struct fetch_answer *ret);

/* ---- disputes, at the acquirer ---- */

struct paid_charge {
    str id, key, currency;
    int64_t left; /* captured, and neither refunded nor disputed */
};
bool acquirer_paid_charge(size_t n, struct paid_charge *ret); /* the n-th with anything left */
void acquirer_say(str type, str data);                        /* a message */

void disputes_begin(void); /* with a world */
/* A buyer's bank takes a charge back, or asks about it. False: there is none that could be. */
bool bank_disputes(bool inquires);
bool bank_disputes_last(void); /* takes all of the newest back */
/* Its reason, of this world's disputes from now on. */
void bank_disputes_because(const char *reason);
/* The oldest dispute that is open. False: there is none. */
bool bank_decides(bool for_buyer);
int64_t bank_has_taken(str charge); /* in disputes that are open or lost */
int64_t bank_fees(void);
/* Evidence or acceptance. False: no such dispute. */
bool dispute_answer(str id, bool accepts, str *text);

/* ---- what both have ---- */

enum fate fate_draw(void); /* of an order that arrives now */
/* Whether it comes to where it goes; if not, what is seen of that here. */
bool fate_arrives(enum fate fate, struct fetch_answer *ret);
bool decline_is_drawn(void);
bool query_is_lost(void);
/* What the acquirer or the bank says of us that must never be said: the end of the test. */
void complain(const char *why);

/* ---- the bank ---- */

void bank_begin(void); /* with a world */
void bank_renew(void); /* with a database */
void bank_serve(const struct fetch_request *rq, str path, struct fetch_answer *ret);
/* From now on the bank's files are read in this world. */
void bank_use(void);
bool bank_is_used(void);
void bank_day_ends(void);
/* A buyer's transfer, or the bank's taking one back; booked at the end of the day. */
struct bank_credit {
    str reference; /* what we told the buyer */
    int64_t amount_minor;
    str payer_iban;
    str takes_back; /* the bank's name of the booking; absent: it is a transfer */
};
str bank_credit(const struct bank_credit *c); /* gives the bank's name of it */
/* The acquirer's transfer to our account, or out of it. */
void bank_settles(str reference, int64_t amount_minor);
bool bank_is_quiet(void); /* it will do nothing more, and all that it wrote was fetched */

enum transfer_state {
    TRANSFER_NONE, /* never ordered */
    TRANSFER_ORDERED,
    TRANSFER_SILENT, /* ordered, and the bank will never say anything */
    TRANSFER_REJECTED,
    TRANSFER_DEBITED,
    TRANSFER_RETURNED
};
enum transfer_state bank_transfer(str end_to_end);
/* The same of a payout to a card, by its key. */
enum transfer_state acquirer_push(str key);

/* ---- who is asked about payees ---- */

#define DENIED_MINOR 666                  /* of this amount nobody is let through */
#define REVIEWED_MINOR 667                /* of this one a person looks */
extern void (*screening_meanwhile)(void); /* what happens while it is asked; NULL: nothing */
void screening_serve(const struct fetch_request *rq, struct fetch_answer *ret);
