/*
 * A buyer's visit (docs/protocol/pay/pages.md): sets out for the acquirer's card page with a state that works
 * once and by itself only in the browser that set out; comes back with a card token, and the payment is charged under a
 * key derived from that state. Two tabs make two visits and one charge: T1 decides. Browsers keep no cookies for frames
 * as a rule: what comes back without one is charged when its buyer has said yes on a page of ours, which says to whom.
 */
#pragma once

#include "paysrv/flow/payment/charge.h"
#include "shared/base/task.h"
#include "shared/text/language.h"

struct checkout {
    const struct payment_find_row *payment;
    const struct payment_shown_row *shown;
    enum payment_status status;               /* now */
    instant pay_until;                        /* the payment's end, or that of the invoice it is for */
    const struct transfer_find_row *transfer; /* that it waits for; NULL: none */
    int64_t going_back_minor;                 /* what he transferred that pays nothing of it */
    str session;
    str accepts;                       /* Accept-Language */
    str locale;                        /* that the page was asked for in; absent: none of the store's */
    struct languages languages;        /* that the page can be read in; none: there is nothing to choose */
    bool offers[PAYMENT_METHOD_COUNT]; /* what he may pay by here, as long as it waits for that */
    bool is_card_check;                /* what is or was reserved only checks another card: nothing is charged */
    bool is_consent_missing;           /* he set out without agreeing to what this payment needs */
};

/* NOT_FOUND for a session that is none of ours. */
MUST_USE err checkout_find(struct task *t, str session, struct checkout *ret);
/* Speaks as domain/store_speech.h says; the pages after it too. */
void checkout_speak(struct task *t, struct checkout *c, str locale);
struct checkout_visit {
    str browser; /* the secret in the buyer's cookie */
    bool is_embedded;
    bool keeps_card; /* he agrees that the store keeps his card */
};
/* The address of the card page for this visit. */
MUST_USE err checkout_start(struct task *t, const struct checkout *c, const struct checkout_visit *visit,
                            str *card_page);

/* Pays by a method that has a page of its own: the payment then waits for him there, or is not ready any more. */
MUST_USE err checkout_set_out(struct task *t, const struct checkout *c, enum payment_method method);
/* The method of the attempt that runs, or was the last one. */
enum payment_method checkout_method(const struct checkout *c);

struct checkout_return {
    str state, card_token;
    str browser;       /* absent: no cookie */
    bool is_confirmed; /* he was asked, and said yes */
};
struct checkout_visited {
    bool is_embedded; /* how the visit began; as it was where nothing is known of it */
    bool is_to_ask;   /* not charged: a browser that keeps no cookies, or another one. He is asked whether he pays */
    bool keeps_card;
};
/* Charges the token when state and browser are those that set out, or when who has the state has said yes. */
MUST_USE err checkout_return(struct task *t, const struct checkout *c, const struct checkout_return *in,
                             struct checkout_visited *ret);
/* Gives up the attempt that waits for the buyer's bank: he wants to pay with another card, or in another way. */
MUST_USE err checkout_give_up(struct task *t, const struct checkout *c);
/* Asks the acquirer when it may know more than we do: after a challenge, or while the outcome is unknown. */
MUST_USE err checkout_refresh(struct task *t, const struct checkout *c);
