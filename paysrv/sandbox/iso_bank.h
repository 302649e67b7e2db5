/*
 * The sandbox bank (docs/protocol/acquirer.md, The bank): takes payment orders, and says in files what became of them,
 * on days that somebody ends. What it does with a transfer stands in the name of the one who is to get it. Orders and
 * ends of days are in the journal; files are made from them again, the same.
 */
#pragma once

#include "paysrv/sandbox/table.h"
#include "shared/base/buf.h"
#include "shared/base/bytes.h"
#include "shared/base/err.h"
#include "shared/base/instant.h"
#include "shared/text/json_in.h"

#define ISO_RETURN_DAYS 3

enum iso_fate { ISO_PAY = 1, ISO_REJECT, ISO_RETURN, ISO_SILENT, ISO_TIMEOUT };

struct iso_transfer {
    str end_to_end;
    str fate_code; /* ISO reason of a rejection or a return */
    int64_t amount_minor;
    int64_t day; /* on which it was ordered */
    enum iso_fate fate;
    str number, other, purpose; /* of an order as text: what its documents say; absent: it is a pain.001 */
    int64_t written_day;        /* since 1970 */
    struct iso_transfer *next;
};

/* The customer has an account in each, known by the first order or credit. */
enum iso_currency { ISO_EUR, ISO_RUB, ISO_CURRENCY_COUNT };
bool iso_currency_parse(str code, enum iso_currency *ret);
/* An IBAN, or the 20 digits of an account in roubles. */
enum iso_currency iso_currency_of(str account);

/* What orders are written in; an account is answered in that of the last one. */
enum iso_language { ISO_XML, ISO_TEXT_WINDOWS, ISO_TEXT_UTF8 };

struct iso_account {
    enum iso_language language;
    int64_t last_day; /* of the last statement as text, since 1970; 0: there was none */
    str number;       /* absent: none yet */
    str withheld;     /* a statement that comes a day late; absent: none */
    int64_t balance_minor;
};

struct iso_order {
    str msg_id;
    str account; /* whose money it is */
    enum iso_currency currency;
    digest hash; /* of the bytes: the same order again is the same bytes */
    enum iso_language language;
    struct iso_transfer *transfers;
    size_t n;
    instant at;
    bool times_out; /* the first answer never arrives */
    struct iso_order *next;
};

/* What somebody else transfers to the account; a minus takes it. */
struct iso_incoming {
    str reference; /* the payer's own */
    int64_t amount_minor;
    int64_t day;
    str creditor_reference, text; /* what he pays, structured and in his words; either may be absent */
    str payer_name, payer_iban;   /* absent: not said */
    str takes_back;               /* the booking that the bank takes back; absent: it is none such */
    int64_t number;               /* of credits that were sent here; 0: of the acquirer */
    enum iso_currency currency;
    struct iso_incoming *next;
};

struct iso_file {
    int64_t number; /* in the order in which they are to be had */
    str xml;
    struct iso_file *next;
};

struct iso_bank {
    struct arena *arena;
    struct table orders; /* by message id */
    struct iso_order *first_order, *last_order;
    struct iso_file *first_file, *last_file;
    struct iso_incoming *first_incoming, *last_incoming;
    struct iso_account accounts[ISO_CURRENCY_COUNT];
    int64_t n_credits;
    struct iso_transfer *replayed; /* of the order whose line comes next in the journal, last first */
    int64_t n_files, day;
};

/* How the statement of a day is sent. */
enum iso_statement { ISO_ONCE = 1, ISO_TWICE, ISO_LATE };

void iso_bank_init(struct iso_bank *b, struct arena *a);
/* A pain.001 as an order in a; false: *why is for the sender. */
bool iso_order_read(struct arena *a, str xml, struct iso_order *ret, str *why);
/* The same of 1CClientBankExchange. Such an order has no answer of its own; what it became is in statements as text. */
bool text_order_is(str body);
bool text_order_read(struct arena *a, str body, struct iso_order *ret, str *why);
/* "12.34"; "Return AC06" as the name of who is to get it */
bool iso_amount_read(str text, int64_t *ret);
void iso_fate_read(struct arena *a, str holder, struct iso_transfer *x);
/* Enters a copy and makes its pain.002. */
struct iso_order *iso_order_enter(struct iso_bank *b, const struct iso_order *in);
/* Booked at the end of the day. */
void iso_transfer_in(struct iso_bank *b, str reference, int64_t amount_minor);
/* A buyer's transfer, or the bank's taking it back, to be booked at the end of the day; account: whose it is. Gives its
 * number. */
int64_t iso_credit_enter(struct iso_bank *b, const struct iso_incoming *in, str account);
void iso_write_credit(struct buf *out, const struct iso_incoming *in, str account);
void iso_credit_apply(struct iso_bank *b, const struct json_value *line);
/* Its entry in a file. */
void iso_incoming_entry(struct buf *out, const struct iso_incoming *in, str date);
/* <Amt> and <CdtDbtInd> */
void iso_money(struct buf *out, enum iso_currency currency, int64_t minor);
bool iso_is_debited(const struct iso_transfer *x, int64_t day);
bool iso_is_returned(const struct iso_transfer *x, int64_t day);
/* Of the account in roubles; *sum of what was booked. */
str text_statement(struct iso_bank *b, instant at, int64_t *sum);
/* Debits what was ordered, returns what is due, closes the day with a statement. */
void iso_day_end(struct iso_bank *b, enum iso_statement how, instant at);

void iso_bank_apply(struct iso_bank *b, const struct json_value *line);
void iso_write_order(struct buf *out, const struct iso_order *o);
void iso_write_day(struct buf *out, enum iso_statement how, instant at);
