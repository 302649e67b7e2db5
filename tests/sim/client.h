/*
 * The partner's software: calls the API with keys and asks again until it has an answer, through crashes and trouble.
 * Requests go from the route on: path, parameters, idempotency and answer are paysrv's own. The token is taken for
 * good.
 */
#pragma once

#include "tests/sim/sim.h"

struct call {
    enum method method;
    str path, body; /* JSON, or what the route takes; absent: none */
    str query;
    const struct http_header *headers; /* besides the key */
    size_t n_headers;
    str key; /* of a POST */
    /* out */
    bool ended; /* false after a crash */
    int status; /* of the last answer; 0: there was none */
    str answer;
    str mailed; /* the digits of a code that was mailed for it */
    int tries;
};

struct call *call_make(const char *path, const char *body); /* a POST with a key of its own */
/* What the operator's forms carry. */
#define OPERATOR_CSRF "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
/* One request, by an actor. */
void call_begin(struct call *c);
/* The same as a sim_work, for whoever races. */
void call_serve(struct task *t, void *call);
/* 200 to 499 but 409 of a request in progress: nothing else will come under this key. */
bool call_is_answered(const struct call *c);
/* Until it is answered, whatever happens on the way; others who work go on meanwhile. */
void call_finish(struct call *c);
/* A member of the answer. Absent when there is none. */
str call_member(const struct call *c, const char *name);
/* Of an object in it. */
str call_inner(const struct call *c, const char *object, const char *name);
int64_t call_number(const struct call *c, const char *name); /* 0: there is none */

/* What partners do. POST /v1/payments/{payment}/<step>, until it is answered. */
struct call *client_post(str payment, const char *step, const char *body);
str payment_make(const char *more);         /* of 1001 minor units; more: members of the body, with a comma in front */
struct call *payment_ask(const char *more); /* the same, not begun */
struct call *payment_ask_of(int64_t amount_minor, const char *more);
str payment_status_of(str payment);

/* A payout to one of the seller's requisites, a list of such to any of them; the confirmation of either with the code
 * that was mailed. Not begun. */
struct call *payout_ask(size_t requisite, int64_t amount_minor);
/* Of another user, to the n-th of his (payees_make). */
struct call *payout_ask_of(str user, const str *requisites, size_t n, int64_t amount_minor);
struct call *payout_list_ask(size_t n);
struct call *payout_confirm_ask(const struct call *asked);

/* Every day, all that is available to one of the requisites. Not begun. And all of them end. */
struct call *schedule_ask(size_t requisite);
void schedules_end(void);

/*
 * A buyer pays a month and lets the store keep his card: the subscription's id. The consent comes with the checkout's
 * page, which is not played here.
 */
str client_subscribe(void);
void client_unsubscribe(str subscription);
str client_owed(str subscription); /* the payment of its newest invoice, if that is open */
str client_owed_invoice(str subscription);

/* ---- who calls ---- */

#define SELLER_REQUISITES 8
#define SELLER_ACCOUNTS 5 /* the first ones: bank accounts */

struct seller {
    str partner, user, store;
    str requisites[SELLER_REQUISITES]; /* paid, rejected, returned, never answered, ordered without an answer; then
                                        * cards: paid, declined, returned */
};
/* One of the seller's; from now on somebody pays out to such. */
str requisite_of(size_t n);
/* Requisites under these names, SELLER_REQUISITES of them. */
void payees_make(struct task *t, partner_id p, user_id u, const str *requisites);
/* A partner with one store; a sandbox has a test clock, and the bank never hears of it. */
void client_begin(bool is_sandbox);
void client_begin_in(bool is_sandbox, str currency); /* in which the store sells; EUR otherwise */
str client_currency(void);
bool client_is_sandbox(void);
bool client_uses_cards(void);
/* Sets the test clock forward by so many days. */
void client_days(int64_t days);
const struct seller *client_seller(void);

/* From now on the guard looks how the partner stands, which costs a statement. */
void client_is_guarded(bool is_guarded);

/* Whose token requests have from now on, until the next client_begin: the partner's own; that of a user of his who has
 * nothing; another partner's, who has nothing either. */
enum client_token { TOKEN_OF_PARTNER = 1, TOKEN_OF_ANOTHER_USER, TOKEN_OF_ANOTHER_PARTNER };
void client_as(enum client_token whose);
