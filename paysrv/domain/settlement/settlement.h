/*
 * What the acquirer settles with us, line by line: which of our operations a line is, and what follows for the ledger
 * (MONEY 6.A14; SECURITY 373). Nothing is guessed: a line that does not fit one operation exactly moves no money.
 */
#pragma once

#include "paysrv/domain/ledger/posting.h"

#define SETTLEMENT_LINES(X)                                                                                            \
    X(CHARGE, "charge")                                                                                                \
    X(CAPTURE, "capture")                                                                                              \
    X(REFUND, "refund")                                                                                                \
    X(REFUND_RETURN, "refund_return") /* it failed after it had succeeded, and came back */                            \
    X(CHARGEBACK, "chargeback")                                                                                        \
    X(CHARGEBACK_REVERSAL, "chargeback_reversal") /* the dispute was won */                                            \
    X(PUSH, "push")                               /* a payout to a card */                                             \
    X(PUSH_RETURN, "push_return")                 /* it came back */                                                   \
    X(ADJUSTMENT, "adjustment")                   /* anything else that the acquirer gives or takes */

#define SETTLEMENT_LINE_ROW(name, text) SETTLEMENT_##name,
enum settlement_kind { SETTLEMENT_LINES(SETTLEMENT_LINE_ROW) SETTLEMENT_KIND_COUNT };
#undef SETTLEMENT_LINE_ROW
str settlement_kind_name(enum settlement_kind kind);
bool settlement_kind_parse(str text, enum settlement_kind *ret);

/* What the acquirer takes for a charge or a capture, as agreed: a part and a fixed amount. */
struct settlement_rate {
    str currency;
    int64_t bp, fixed_minor;
};

#define SETTLEMENT_RATES_MAX 200
struct settlement_rates {
    struct settlement_rate items[SETTLEMENT_RATES_MAX];
    size_t n;
};

/* "EUR 140 25, JPY 180 0": each currency once, basis points and minor units. *ret points into text. */
bool settlement_rates_parse(str text, struct settlement_rates *ret);
/* NULL: nothing was agreed for this currency. */
const struct settlement_rate *settlement_rate_of(const struct settlement_rates *rates, str currency);
/* Rounded half up. */
int64_t settlement_fee(const struct settlement_rate *rate, int64_t gross_minor);

/* A line as the acquirer says it: what he gives is positive. */
struct settlement_said {
    enum settlement_kind kind;
    int64_t gross_minor, fee_minor;
    bool is_repeated; /* a line of this kind and name was there before */
};

/* The operation that it names, as our books have it. */
struct settlement_ours {
    bool is_known;            /* there is one of this name, kind and currency */
    bool is_final;            /* and the ledger has it */
    bool is_written_off;      /* but somebody has given up on its money */
    int64_t gross_minor;      /* what we say he owes us for it, before any fee; refunds are negative */
    int64_t booked_fee_minor; /* what the ledger has deducted from that already (a chargeback's fee) */
    int64_t fee_minor;        /* what he was to take; -1: not agreed */
};

enum settlement_verdict {
    SETTLEMENT_MATCHED = 1,
    SETTLEMENT_OTHER_FEE, /* matched as well: the money has come as it has, and the fee is for a person */
    SETTLEMENT_UNMATCHED,
    SETTLEMENT_OTHER_AMOUNT,
    SETTLEMENT_DUPLICATE,
    SETTLEMENT_OTHER_STATE, /* our side does not have it, not yet perhaps */
};

enum settlement_verdict settlement_judge(const struct settlement_said *said, const struct settlement_ours *ours);
bool settlement_is_matched(enum settlement_verdict verdict);
/* What of the acquirer's debt the line settles: 0 unless the operation is known and final and not given up. */
int64_t settlement_expected(const struct settlement_ours *ours);

/* By the name of a debt (debt_of in the database): whose it is, and that it is the second one, what was to come back.
 */
str settlement_debt_op(str debt);
bool settlement_debt_is_return(str debt);

/* What settles, of one line or many, as sums. */
struct settlement_sums {
    int64_t gross_minor, fee_minor; /* as said */
    int64_t expected_minor;         /* of the acquirer's debt in our books */
    int64_t booked_fee_minor;       /* which was deducted from that debt before, and is no cost again */
    bool is_partners_cost;          /* what the acquirer keeps: the partner's, as was agreed, or the platform's */
};

/*
 * cash: where the money is, "settlement" (on its way to the bank) or "bank". rest: who has the difference between what
 * was said and what was expected; absent: there may be none. false: there is, or it leaves the range of a posting. No
 * lines: nothing moved.
 */
bool posting_of_settlement(const struct settlement_sums *sums, str cash, str rest, struct posting *ret);
/* What the bank has moved, below zero taken, and is booked on an account by a person's word. */
bool posting_of_bank_line(int64_t moved_minor, str account, struct posting *ret);
/* The bank shows what was on its way. */
bool posting_of_settlement_paid(int64_t on_the_way_minor, struct posting *ret);
