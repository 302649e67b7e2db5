/*
 * The sandbox wallet (docs/protocol/wallet.md): people with accounts, payments that they approve on its own page, and
 * refunds to them. It lives beside the acquirer of cards in one program and one journal, and shares nothing else with
 * it. Its test users are the ones who pay by it, and to whose accounts is paid out.
 */
#pragma once

#include "paysrv/sandbox/table.h"
#include "shared/base/buf.h"
#include "shared/base/instant.h"
#include "shared/text/json_in.h"
#include "shared/text/json_out.h"

enum wallet_does {
    WALLET_PAYS = 1,
    WALLET_DECLINES,
    WALLET_PAYS_LATE, /* approved at once, done seconds later */
    WALLET_SILENT,    /* nobody is told what came of it: the merchant has to ask */
    WALLET_NOTIFIES_TWICE,
    WALLET_REFUNDS_FAIL,
    WALLET_REFUNDS_UNKNOWN, /* made, answered with an error, and nobody is told */
};

struct wallet_user {
    str name; /* what he logs in with, and is paid out to */
    enum wallet_does does;
    str decline_code; /* WALLET_DECLINES */
};
/* NULL: nobody is called so. */
const struct wallet_user *wallet_user_of(str name);
/* The n-th of them, for the list on the page; NULL: there are no more. */
const struct wallet_user *wallet_user_at(size_t n);

enum wallet_status { WALLET_PENDING = 1, WALLET_SUCCEEDED, WALLET_DECLINED };
str wallet_status_name(enum wallet_status status);

struct wallet_payment {
    str id, key, reference, currency, return_url, decline_code;
    int64_t amount_minor, refunded_minor;
    const struct wallet_user *user; /* NULL until somebody has logged in and answered */
    enum wallet_status status;      /* what was decided; what is to be seen of it is wallet_status_at */
    instant done_at;                /* before this a decision is not to be seen */
    instant expires_at;             /* what nobody has approved by then is declined */
    int64_t settled_in;             /* number of the registry that has it; 0: none yet */
    struct wallet_payment *next;
};

struct wallet_refund {
    str id, key, reference, decline_code;
    struct wallet_payment *payment;
    int64_t amount_minor;
    enum wallet_status status;
    instant at;
    int64_t settled_in;
    struct wallet_refund *next;
};

struct wallet {
    struct arena *arena;
    struct wallet_payment *first_payment, *last_payment;
    struct wallet_refund *first_refund, *last_refund;
    struct table payments, payment_keys, refunds, refund_keys;
};

void wallet_init(struct wallet *w, struct arena *a);
/* How a payment stands now. *decline_code when it is declined. */
enum wallet_status wallet_status_at(const struct wallet_payment *p, instant now, str *decline_code);
/* Why it cannot be refunded; absent: it can. */
str wallet_refund_refused(const struct wallet_payment *p, int64_t amount_minor, instant now);

/* Copies what it is given and enters it. */
struct wallet_payment *wallet_payment_enter(struct wallet *w, const struct wallet_payment *in);
void wallet_payment_decide(struct wallet *w, struct wallet_payment *p, const struct wallet_payment *decided);
struct wallet_refund *wallet_refund_enter(struct wallet *w, const struct wallet_refund *in);

/* The members of objects, and the lines of the journal; a line that is not the wallet's is passed over. */
void wallet_payment_write(struct json *j, struct arena *a, const struct wallet_payment *p, instant now, str public_url);
void wallet_refund_write(struct json *j, const struct wallet_refund *r);
void wallet_payment_line(struct buf *out, const struct wallet_payment *p);
void wallet_decided_line(struct buf *out, const struct wallet_payment *p);
void wallet_refund_line(struct buf *out, const struct wallet_refund *r);
void wallet_apply(struct wallet *w, const struct json_value *line);
