/*
 * What Stripe's documentation says and needs no network: amounts, the signature of its messages, keys, and what its
 * objects and errors mean for an operation of ours (docs/protocol/connectors.md, Stripe). Whatever is not a clear final
 * answer about exactly what we asked is STRIPE_UNKNOWN, and what contradicts it STRIPE_WRONG.
 */
#pragma once

#include "paysrv/domain/acquirer/three_d_secure.h"
#include "paysrv/domain/money.h"
#include "paysrv/domain/payment/payment.h"
#include "shared/base/arena.h"
#include "shared/text/json_in.h"

/* The names of our metadata on its objects: the operation's key, our reference, and of a capture its key. */
#define STRIPE_KEY "stoa_key"
#define STRIPE_REFERENCE "stoa_reference"
#define STRIPE_CAPTURE "stoa_capture"

/* ---- amounts: ours are of ISO 4217's minor unit, Stripe's of a unit of its own in some currencies ---- */

/* NULL: *ret is what Stripe calls this amount. Else why it cannot be moved there. */
const char *stripe_amount(str currency, int64_t amount_minor, int64_t *ret);
/* The way back: false when it is none of ours. */
bool stripe_amount_ours(str currency, int64_t amount, int64_t *ret_minor);
/* Least amount of a charge in our minor units; 0: no minimum is known. */
int64_t stripe_charge_least(str currency);
/* The same, 1 where none is known, with the steps in which it charges. */
struct charge_grain stripe_charge_grain(str currency);

/*
 * The statement_descriptor_suffix of a card's charge, which the buyer's statement shows after the account's own prefix
 * of at most 10 characters and "* ", 22 in all: the first words of ours that surely have room. Absent: nothing of it.
 */
str stripe_descriptor_suffix(str descriptor);

/* ---- keys ---- */

enum stripe_mode { STRIPE_MODE_NONE, STRIPE_MODE_TEST, STRIPE_MODE_LIVE };
/* Of a secret or restricted key; NONE: it is none, or one that stands in documentation. */
enum stripe_mode stripe_key_mode(str key);
bool stripe_secret_is_good(str webhook_secret);

/* ---- Stripe-Signature: t=SECONDS,v1=HEX[,v1=HEX] over t.body, HMAC-SHA-256 under the whole secret ---- */

enum stripe_signature { STRIPE_SIGNED = 1, STRIPE_SIGNATURE_MALFORMED, STRIPE_SIGNATURE_BAD, STRIPE_SIGNATURE_OLD };
enum stripe_signature stripe_signature_judge(struct arena *a, str webhook_secret, str header, str body, instant now);

/* ---- objects ---- */

struct stripe_intent {
    str id, status, currency, capture_method;
    str key, reference, capture_key; /* our metadata; absent: none */
    str action_url;                  /* absent: none */
    str decline_code;                /* of the last error, in our words; absent: no error */
    int64_t amount, amount_received;
    int64_t charged_at_s, capture_before_s; /* of the latest charge; 0: unknown */
    three_d_secure three_d_secure;          /* of the latest charge */
    str card_brand, card_last4;             /* the same; absent: it does not say */
    bool is_live;
};
/* false: it is no payment intent. */
bool stripe_intent_read(const struct json_value *object, struct stripe_intent *ret);

struct stripe_refund {
    str id, status, currency, key, reference, intent, decline_code;
    int64_t amount;
};
bool stripe_refund_read(const struct json_value *object, struct stripe_refund *ret);

/* What we asked. */
struct stripe_wanted {
    enum call_op op;
    str key, reference, currency, intent; /* intent: of all but attempts */
    int64_t amount;                       /* Stripe's */
    bool is_live;
};
enum stripe_says {
    STRIPE_SUCCEEDED = 1,
    STRIPE_DECLINED, /* final; decline_code */
    STRIPE_FAILED,   /* no charge came of it, but one still could: it has to be cancelled to be final */
    STRIPE_ACTION,
    STRIPE_UNKNOWN,
    STRIPE_ABSENT, /* nothing of the operation is there */
    STRIPE_WRONG,  /* for a human */
};
struct stripe_verdict {
    enum stripe_says says;
    const char *why; /* of what is unknown or wrong */
    str decline_code;
};
/* Of an attempt, a capture or a void by its intent; of a refund by the refund. */
struct stripe_verdict stripe_intent_judge(const struct stripe_intent *i, const struct stripe_wanted *wanted);
struct stripe_verdict stripe_refund_judge(const struct stripe_refund *r, const struct stripe_wanted *wanted);
/* It may have succeeded before, and its money is with us again. */
bool stripe_refund_has_failed(const struct stripe_refund *r);
/*
 * What is released of an authorisation (by a void, a capture of less, its end) is a refund there, too, without our key:
 * of an intent of which nothing was captured anything, else the first one if it is what was not captured.
 */
bool stripe_refund_is_release(const struct stripe_refund *r, const struct stripe_intent *i, bool is_first);
/* Until when an authorisation can be captured; the documented least when Stripe does not say; what is judged to
 * be authorised says one of them. */
instant stripe_capture_before(const struct stripe_intent *i);

/* An answer that is no 200: document may be NULL. */
struct stripe_verdict stripe_error_judge(int status, const struct json_value *document, enum call_op op);
