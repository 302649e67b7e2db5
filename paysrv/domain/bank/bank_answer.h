/*
 * What the bank says of our orders and of our account, as lines: ISO 20022 pain.002 (status of an order), camt.054
 * (notice of bookings), camt.053 (statement), or a statement as 1CClientBankExchange (client_bank.h). A file is read
 * whole or refused; which payout a line is about, and what follows, is decided elsewhere (payout.h).
 */
#pragma once

#include <stdint.h>

#include "shared/base/arena.h"
#include "shared/base/bytes.h"

#define BANK_ANSWER_MAX_BYTES ((size_t)4 << 20)
#define BANK_ANSWER_MAX_ELEMENTS 120000
#define BANK_REASON_MAX_BYTES 35 /* ISO 20022 has codes of 4 */

enum bank_message { BANK_STATUS_REPORT = 1, BANK_NOTIFICATION, BANK_STATEMENT, BANK_TEXT_STATEMENT };
/* "pain.002", "camt.054", "camt.053", "1c" */
str bank_message_name(enum bank_message kind);

#define BANK_LINES(X)                                                                                                  \
    X(ACCEPTED, "accepted") /* taken for execution, which is not yet paid */                                           \
    X(REJECTED, "rejected")                                                                                            \
    X(PENDING, "pending")                                                                                              \
    X(DEBIT, "debit")       /* money left our account */                                                               \
    X(RETURN, "return")     /* money that had left came back */                                                        \
    X(CREDIT, "credit")     /* any other money that came in */                                                         \
    X(REVERSAL, "reversal") /* money that had come in is taken back: it pays nothing of ours */

#define BANK_LINE_ROW(name, text) BANK_LINE_##name,
enum bank_line_kind { BANK_LINES(BANK_LINE_ROW) BANK_LINE_COUNT };
#undef BANK_LINE_ROW
str bank_line_name(enum bank_line_kind kind);

struct bank_line {
    enum bank_line_kind kind;
    str end_to_end;       /* of one transfer; absent: the line is about a whole order, or about nothing of ours */
    str order;            /* message id or batch of our order; absent: not said */
    int64_t amount_minor; /* 0: not said (status reports) */
    str currency;
    str reference;              /* the bank's own, of the booking, the same in whatever message tells of it */
    str own;                    /* another one of its transfer alone, by which it may be known already; absent: none */
    str label;                  /* what its key has in place of the reference: a number of this message alone, too */
    str date;                   /* of the booking, as the bank wrote it */
    str reason;                 /* ISO code of a rejection or return: AC04 */
    str text;                   /* what the bank adds */
    str identity;               /* of a text statement: the date and the other party, in its key in place of the name */
    str remittance;             /* of a credit: the reference that its payer gave, structured, else his words */
    str payer_name, payer_iban; /* of a credit */
    str other;                  /* of a text statement: the account of the other party; absent: not said */
    int64_t number, written_day; /* of a document that is not named otherwise: its number, and the day of its date since
                                  * 1970; 0: it is, or has none */
    digest key;                  /* the same line of the same message has the same key, in whatever file it comes */
};

struct bank_answer {
    enum bank_message kind;
    str message_id;
    str account;                 /* IBAN, or a number; absent in status reports */
    str statement_id;            /* of statements and notices */
    int64_t sequence;            /* of statements; 0: not said */
    int64_t first_day, last_day; /* of text statements, since 1970; 0: not said */
    int64_t opening_minor, closing_minor;
    int64_t closing_day; /* of a camt.053's closing balance, since 1970; 0: not said */
    str currency;        /* of the balances */
    const struct bank_line *lines;
    size_t n;
};

/* false: not one of these messages in a version that is taken, malformed, or a statement that does not add up. */
bool bank_answer_read(struct arena *a, str document, struct bank_answer *ret, str *why);

/* "12.5" in the currency's minor unit; false: a sign, an exponent, more digits than the currency has. */
bool bank_amount_parse(str text, str currency, int64_t *ret);
