/*
 * What the acquirer knows: card sessions, tokens, charges and the operations on them. Every change is a journal line
 * first and is applied by the same function live and at the next start, so both come to the same state.
 */
#pragma once

#include "paysrv/sandbox/cards.h"
#include "paysrv/sandbox/table.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"

enum object_status {
    STATUS_SUCCEEDED = 1,
    STATUS_DECLINED,
    STATUS_REQUIRES_ACTION,
    STATUS_AUTHORIZED,
    STATUS_PENDING,
    STATUS_RETURNED
};
str object_status_name(enum object_status s);

struct card_session {
    str id, return_url, currency, description;
    str locale; /* that the merchant speaks with the card holder in; absent: what the browser accepts */
    int64_t amount_minor;
    instant expires_at;
    bool is_to_save;
    bool is_payee; /* a card to be paid to: there is no amount */
    str token;     /* absent until the card was typed */
};

struct charge;
struct push;

struct token {
    str id;
    str locale; /* of the session that it was typed in; absent: none */
    const struct card *card;
    bool standing; /* may be used any number of times */
    bool used;
    bool is_saved; /* the card holder lets the merchant keep it: may be used again, and without him */
    struct expiry expiry;
    const struct charge *first; /* the last that he made himself, once it is good: what later ones refer to */
};

struct charge {
    str id, key, reference, currency, token, return_url, decline_code;
    int64_t amount_minor, captured_minor, refunded_minor;
    int64_t kept; /* how often it was declined to give it back */
    bool is_authorization;
    str descriptor;         /* what his statement says; absent: the merchant's name */
    str locale;             /* that his bank asks him in; absent: what the browser accepts */
    str network_reference;  /* given: the card holder is not there, and this was his own charge */
    bool is_released;       /* what is not captured of it is free */
    instant capture_before; /* of an authorisation */
    enum object_status status;
    const struct card *card;
    instant at;
    int64_t settled_in; /* number of the registry that has it; 0: none yet */
    struct charge *next;
};

/* What is done about a charge that is there. */
#define OPERATION_KINDS(X)                                                                                             \
    X(REFUND, "refund")                                                                                                \
    X(CAPTURE, "capture")                                                                                              \
    X(VOID, "void")
#define OPERATION_KIND_ROW(name, text) OPERATION_##name,
enum operation_kind { OPERATION_KINDS(OPERATION_KIND_ROW) OPERATION_KIND_COUNT };
#undef OPERATION_KIND_ROW
str operation_kind_name(enum operation_kind kind);

struct operation {
    enum operation_kind kind;
    str id, key, reference, currency, decline_code;
    struct charge *charge;
    int64_t amount_minor;
    bool is_final; /* capture: what is left is released */
    enum object_status status;
    instant at;
    int64_t settled_in;
    struct operation *next;
};

/* A buyer's bank that wants money back. Every change is one more of the sequence, and a whole line of the journal. */
#define BANK_DISPUTE_STATES(X)                                                                                         \
    X(NEEDS_RESPONSE, "needs_response")                                                                                \
    X(UNDER_REVIEW, "under_review")                                                                                    \
    X(WON, "won")                                                                                                      \
    X(LOST, "lost")                                                                                                    \
    X(CLOSED, "closed")
#define BANK_DISPUTE_ROW(name, text) DISPUTE_##name,
enum bank_dispute_state { BANK_DISPUTE_STATES(BANK_DISPUTE_ROW) BANK_DISPUTE_COUNT };
#undef BANK_DISPUTE_ROW
struct bank_dispute {
    str id, reason, text; /* text: the evidence */
    struct charge *charge;
    int64_t amount_minor, sequence, files;
    bool is_chargeback; /* else an inquiry */
    enum bank_dispute_state state;
    instant evidence_due;
    int64_t settled_in, reversed_in; /* taken, and given back when it was won */
    struct bank_dispute *next;
};

/* The bank's fee for a chargeback, whatever becomes of it. */
#define DISPUTE_FEE_MINOR 1500

struct bank {
    struct arena *arena;
    struct table disputes;
    struct table sessions, tokens, charges, charge_keys;
    struct table pushes, push_keys;
    struct push *first_push, *last_push;
    struct table operation_keys[OPERATION_KIND_COUNT];
    struct table tried; /* keys whose first try was answered 500 on purpose; not in the journal */
    struct charge *first_charge, *last_charge;
    struct operation *first_operation, *last_operation;
    struct bank_dispute *first_dispute, *last_dispute;
};

void bank_init(struct bank *b, struct arena *a);
/* Copies what it is given and enters it. */
struct card_session *bank_session(struct bank *b, const struct card_session *in);
struct token *bank_token(struct bank *b, const struct token *in, str session);
struct charge *bank_charge(struct bank *b, const struct charge *in);
void bank_settle(struct charge *c, enum object_status status, str decline_code);
struct operation *bank_operation(struct bank *b, const struct operation *in);
/* What charges without the card holder have to name; absent: no charge that he made has been good yet. */
str token_network_reference(const struct token *tok);
str bank_dispute_state_name(enum bank_dispute_state state);
/* Enters a new one, or the next state of one that is known. */
struct bank_dispute *bank_dispute(struct bank *b, const struct bank_dispute *in);
void bank_write_dispute(struct buf *out, const struct bank_dispute *d);
/* Why it cannot be done now; absent: it can. */
str operation_refused(const struct operation *o, instant now);
/* The token of that id that may still be used; *fresh holds standing ones. NULL: none. */
struct token *bank_token_usable(struct bank *b, str id, struct token *standing);

/* One line of the journal, applied. Unknown lines are of other parts. */
void bank_apply(struct bank *b, const struct json_value *line);
void bank_write_session(struct buf *out, const struct card_session *s);
void bank_write_token(struct buf *out, const struct token *tok, str session);
void bank_write_charge(struct buf *out, const struct charge *c);
void bank_write_settle(struct buf *out, const struct charge *c, enum object_status status, str decline_code);
void bank_write_operation(struct buf *out, const struct operation *o);
