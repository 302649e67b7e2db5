/*
 * The port to the acquirers: what is asked and what is said, and the calls, which go to the connector that the
 * operation names, of the partner whose clock it is (connector.h). Every call carries the key of its operation;
 * whatever is not a clear final answer to exactly that operation is OUTCOME_UNKNOWN (SECURITY O).
 */
#pragma once

#include "paysrv/domain/acquirer/method.h"
#include "paysrv/domain/acquirer/three_d_secure.h"
#include "paysrv/domain/party/requisite.h"
#include "paysrv/domain/payment/payment.h"
#include "shared/base/task.h"

struct acquirer_ask {
    enum call_op op;
    str acquirer; /* the connector's name; absent: that of cards */
    str key;      /* the operation's own id, the same for ever */
    int64_t amount_minor;
    str currency;
    str reference;         /* of an attempt the payment's id, of all others their own */
    str token;             /* of an attempt: the card token; of a payout: who gets it; absent where there is none */
    str network_reference; /* of an attempt without the card holder: what he once paid himself; absent: he is there */
    str descriptor;        /* of an attempt: what the buyer's statement is to say; absent: what the acquirer says */
    str locale;            /* of an attempt: of the buyer's pages, as the payment has it; absent: none */
    str return_url;        /* of an attempt: where the challenge leads back to; absent: none */
    str ref;               /* the acquirer's name of the object, when it is known from before */
    str charge_ref;        /* of all others: the acquirer's name of the charge */
    bool is_final;         /* capture: what is left is released */
    bool is_again;         /* of an attempt: it may have come to the acquirer before */
    bool is_abandoned;     /* of an attempt: nobody waits for it; what still asks the buyer is to be ended */
};

struct transfer_find_row;
struct acquirer_said {
    enum outcome outcome;
    bool is_absent;   /* a query found nothing under the key: says nothing about what will be */
    bool is_returned; /* of a payout or a refund: where it had succeeded it has come back since, for decline_code */
    bool is_silent;   /* no answer came, or one that says to ask another time */
    bool is_wrong;    /* an answer came that is not about our operation: for a human */
    str ref;          /* the acquirer's name of the object */
    str decline_code;
    str action_url;
    const struct transfer_find_row *transfer; /* in place of an address: what the buyer is to transfer */
    instant authorized_until;                 /* of an authorisation that succeeded */
    three_d_secure three_d_secure;            /* of an attempt that came to something */
    str card;                                 /* the same: domain/payer_card.h; absent: it does not say */
    str why;                                  /* for the log */
};

static inline void acquirer_unknown(struct acquirer_said *ret, str why)
{
    *ret = (struct acquirer_said){ .outcome = OUTCOME_UNKNOWN, .why = why };
}

static inline void acquirer_silent(struct acquirer_said *ret, str why)
{
    *ret = (struct acquirer_said){ .outcome = OUTCOME_UNKNOWN, .is_silent = true, .why = why };
}

/* Asks for it; asks what came of it. */
void acquirer_order(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret);
void acquirer_query(struct task *t, const struct acquirer_ask *ask, struct acquirer_said *ret);
/* A card that its holder lets us keep. */
enum card_standing {
    CARD_STANDING_UNKNOWN = 1, /* no answer */
    CARD_STANDING_UNPAID,      /* nothing was paid with it by himself, so nothing can be without him */
    CARD_STANDING_GOOD,
};
struct acquirer_card {
    enum card_standing standing;
    str brand, last4, network_reference; /* when it is good */
    int64_t exp_month, exp_year;
};
void acquirer_card(struct task *t, str token, struct acquirer_card *ret);
struct connector;
struct payment_find_row;
/* What the partner whose clock it is is paid with so. TEST_ACQUIRER_MISSING; METHOD_UNAVAILABLE, naming the field. */
MUST_USE err acquirer_usable(struct task *t, enum payment_method method, const struct connector **ret);
/* Whether this payment can be paid so, now. */
enum method_verdict acquirer_method_judge(struct task *t, const struct payment_find_row *p, enum payment_method method);
/*
 * What a payment that is about to be made can be paid by at all: fixed in it when cards, which nothing is asked for
 * before T1, are not among that. ACQUIRER_REFUSES, METHOD_UNAVAILABLE, naming the field: nothing.
 */
MUST_USE err acquirer_methods_fix(struct task *t, struct payment_find_row *p);
/* Whether the acquirer of the payment can move exactly this; whether it takes such a capture. ACQUIRER_REFUSES, naming
 * the field. */
MUST_USE err acquirer_part_check(struct task *t, const struct payment_find_row *p, enum call_op op,
                                 int64_t amount_minor);
MUST_USE err acquirer_capture_check(struct task *t, const struct payment_find_row *p, bool is_final);
struct config;
/* Where it is and with what, as configured; for partners of this kind. */
struct acquirer_door {
    str base, key, secret; /* the secret signs its messages */
};
struct acquirer_door acquirer_door(const struct config *config, enum payment_method method, bool is_live);
/* Whose account what this acquirer owes stands on (account.user_id); absent: that of cards. */
str acquirer_clearing(str acquirer);

/* Who can be paid to: a card or a wallet, as the connector knows it. */
enum payee_standing {
    PAYEE_UNKNOWN = 1, /* no answer */
    PAYEE_REFUSED,     /* none of this name */
    PAYEE_INELIGIBLE,  /* it cannot receive money */
    PAYEE_GOOD,
};
struct acquirer_payee {
    enum payee_standing standing;
    str fingerprint;  /* the same for the same card or wallet */
    str brand, last4; /* of a card */
    int64_t exp_month, exp_year;
};
/* The connector that pays out by this rail, for the partner whose clock it is. ACQUIRER_REFUSES, naming the type. */
MUST_USE err payout_connector(struct task *t, enum rail rail, const struct connector **ret);

struct card_session {
    str return_url;
    int64_t amount_minor;
    str currency;
    str description;
    str locale;        /* that the buyer is spoken to in; absent: as his browser accepts */
    bool is_to_save;   /* its token may be used again, and without the card holder */
    bool is_for_payee; /* of a card to be paid to: there is no amount */
};
/* The address of a card page for this visit; ACQUIRER_REFUSES where there is none. */
MUST_USE err acquirer_card_page(struct task *t, const struct card_session *in, str *url);
