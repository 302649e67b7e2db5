/*
 * The port to the card acquirer: what is asked and what is said, and the calls, which go to the connector of the
 * partner whose clock it is (connector.h). Every call carries the key of its operation; whatever is not a clear final
 * answer to exactly that operation is OUTCOME_UNKNOWN (SECURITY O).
 */
#pragma once

#include "paysrv/domain/payment.h"
#include "shared/base/task.h"

struct acquirer_ask {
    enum call_op op;
    str key; /* the operation's own id, the same for ever */
    int64_t amount_minor;
    str currency;
    str reference;         /* of an attempt the payment's id, of all others their own */
    str token;             /* of an attempt: the card token */
    str network_reference; /* of an attempt without the card holder: what he once paid himself; absent: he is there */
    str return_url;        /* of an attempt: where the challenge leads back to; absent: none */
    str ref;               /* the acquirer's name of the object, when it is known from before */
    str charge_ref;        /* of all others: the acquirer's name of the charge */
    bool is_final;         /* capture: what is left is released */
};

struct acquirer_said {
    enum outcome outcome;
    bool is_absent; /* a query found nothing under the key: says nothing about what will be */
    bool is_wrong;  /* an answer came that is not about our operation: for a human */
    str ref;        /* the acquirer's name of the object */
    str decline_code;
    str action_url;
    instant authorized_until; /* of an authorisation that succeeded */
    str why;                  /* for the log */
};

static inline void acquirer_unknown(struct acquirer_said *ret, str why)
{
    *ret = (struct acquirer_said){ .outcome = OUTCOME_UNKNOWN, .why = why };
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
/* Whether the partner whose clock it is has an acquirer at all. TEST_ACQUIRER_MISSING. */
MUST_USE err acquirer_usable(struct task *t);
/* Whether the acquirer can move exactly this; whether it takes such a capture. ACQUIRER_REFUSES, naming the field. */
MUST_USE err acquirer_amount_check(struct task *t, enum call_op op, str currency, int64_t amount_minor);
MUST_USE err acquirer_capture_check(struct task *t, bool is_final);

struct card_session {
    str return_url;
    int64_t amount_minor;
    str currency;
    str description;
    bool is_to_save; /* its token may be used again, and without the card holder */
};
/* The address of a card page for this visit; ACQUIRER_REFUSES where there is none. */
MUST_USE err acquirer_card_page(struct task *t, const struct card_session *in, str *url);
