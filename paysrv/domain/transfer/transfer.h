/*
 * A buyer who pays by bank transfer: what is judged of the credits that come under the reference of one attempt. Money
 * that came in is kept apart (acquirer_receivable of "bank") until it pays the charge or goes back; it does one of the
 * two, to the last unit, and only once (docs/decisions/0058).
 */
#pragma once

#include "paysrv/domain/payment/payment.h"
#include "shared/base/arena.h"

/* How it stands with an attempt: only that of its call, so that nothing can say two things. */
enum transfer_state { TRANSFER_WAITS = 1, TRANSFER_PAID, TRANSFER_CLOSED };
enum transfer_state transfer_state_of(enum call_state call, bool is_abandoned);
str transfer_state_name(enum transfer_state state);

/* Why money goes back to who sent it. */
#define REPAYMENT_REASONS(X)                                                                                           \
    X(REFUND, "refund")                                                                                                \
    X(SURPLUS, "surplus")       /* more than was asked for */                                                          \
    X(INCOMPLETE, "incomplete") /* less, until the end */                                                              \
    X(LATE, "late")             /* after the end, or after it was paid otherwise */                                    \
    X(RESENT, "resent")         /* by an operator, to an account that he names */

#define REPAYMENT_REASON_ROW(name, text) REPAYMENT_##name,
enum repayment_reason { REPAYMENT_REASONS(REPAYMENT_REASON_ROW) REPAYMENT_REASON_COUNT };
#undef REPAYMENT_REASON_ROW
str repayment_reason_name(enum repayment_reason reason);

/* One credit that was not gone through before. */
struct transfer_credit {
    int64_t amount_minor;
    int64_t applied_minor;        /* out */
    int64_t back_minor;           /* out: what goes back of it now */
    bool is_late;                 /* it came when the attempt had its end already */
    enum repayment_reason reason; /* out */
};

/* What is there of what was asked for. */
bool transfer_is_complete(int64_t asked_minor, int64_t received_minor);
/* What the buyer is still to transfer. */
int64_t transfer_rest(int64_t asked_minor, int64_t received_minor);
/*
 * The attempt has its end: in the order in which they came credits pay what is left of what was asked for, if it was
 * paid, and the rest goes back. *left_minor: of what was asked for, without what earlier ones have paid; after it what
 * later ones have to. false: nothing is settled yet.
 */
bool transfer_settle(enum transfer_state state, int64_t *left_minor, struct transfer_credit *credits, size_t n);
/* What is left at first. */
int64_t transfer_left(enum transfer_state state, int64_t asked_minor, int64_t applied_minor);

/* One payer's account with what came from it and was not given back. */
struct transfer_payer {
    int64_t left_minor;
};
/* To whom a refund goes: the first to whom all of it can go; -1: none, and *most is what can go to one of them. */
int transfer_refund_payer(const struct transfer_payer *payers, size_t n, int64_t amount_minor, int64_t *most);

/* What banking applications read from a picture: EPC069-12, version 2, with a structured reference. */
struct transfer_code {
    str bic; /* absent: not said */
    str holder_name, iban, reference;
    int64_t amount_minor;
};
str transfer_code_text(struct arena *a, const struct transfer_code *code);
