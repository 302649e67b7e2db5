/*
 * A payment's life: statuses, what may follow what, and what an attempt's outcome means for it. The statements of
 * the store have predicates of their own, which the simulation (tests/sim) holds against the table here. A payment that
 * nobody paid in time is "expired" from that moment on, and stored so when it is told (paysrv/flow/payment/timers.h).
 */
#pragma once

#include "shared/base/instant.h"
#include "shared/base/str.h"

#define PAYMENT_STATUSES(X)                                                                                            \
    X(REQUIRES_PAYMENT_METHOD, "requires_payment_method")                                                              \
    X(PROCESSING, "processing")                                                                                        \
    X(REQUIRES_ACTION, "requires_action")                                                                              \
    X(REQUIRES_CAPTURE, "requires_capture")                                                                            \
    X(SUCCEEDED, "succeeded")                                                                                          \
    X(CANCELED, "canceled")                                                                                            \
    X(EXPIRED, "expired")

#define PAYMENT_STATUS_ROW(name, text) PAYMENT_##name,
enum payment_status { PAYMENT_STATUSES(PAYMENT_STATUS_ROW) PAYMENT_STATUS_COUNT };
#undef PAYMENT_STATUS_ROW

/* Until it expires; of an invoice or a bank transfer longer, and never less. */
#define PAYMENT_LIFE HOURS(24)

str payment_status_name(enum payment_status status);
bool payment_status_parse(str name, enum payment_status *ret);
/* What the stored status means at this time. */
enum payment_status payment_status_at(str stored, instant expires_at, instant now);
bool payment_may_become(enum payment_status from, enum payment_status to);
/* True in the statuses that no event of the acquirer changes any more. */
bool payment_is_final(enum payment_status status);

/* What an operation at the acquirer came to. Whatever is not one of the first three is UNKNOWN, never "declined". */
enum outcome { OUTCOME_SUCCEEDED = 1, OUTCOME_DECLINED, OUTCOME_ACTION, OUTCOME_UNKNOWN };
const char *outcome_name(enum outcome outcome);
/* What a payment has taken: of one in two steps what was captured, of others all when it has succeeded. */
int64_t payment_taken(enum payment_status status, int64_t amount_minor, const int64_t *captured_minor);

/* What is asked of the acquirer (acquirer_call.op). The late ones take back what an abandoned attempt brought; a payout
 * sends a seller's money to his card or wallet. */
#define CALL_OPS(X)                                                                                                    \
    X(CHARGE, "charge")                                                                                                \
    X(AUTHORIZE, "authorize")                                                                                          \
    X(REFUND, "refund")                                                                                                \
    X(CAPTURE, "capture")                                                                                              \
    X(VOID, "void")                                                                                                    \
    X(LATE_VOID, "late_void")                                                                                          \
    X(LATE_REFUND, "late_refund")                                                                                      \
    X(PAYOUT, "payout")

#define CALL_OP_ROW(name, text) OP_##name,
enum call_op { CALL_OPS(CALL_OP_ROW) CALL_OP_COUNT };
#undef CALL_OP_ROW

str call_op_name(enum call_op op);
bool call_op_parse(str name, enum call_op *ret);

/* Asks a card for money, now or as far as it goes; gives some back. */
static inline bool call_op_is_attempt(enum call_op op)
{
    return op == OP_CHARGE || op == OP_AUTHORIZE;
}

static inline bool call_op_is_refund(enum call_op op)
{
    return op == OP_REFUND || op == OP_LATE_REFUND;
}

/* Takes back what an abandoned attempt brought. */
static inline bool call_op_is_reversal(enum call_op op)
{
    return op == OP_LATE_VOID || op == OP_LATE_REFUND;
}

/* States of one operation at the acquirer (table acquirer_call). */
#define CALL_STATES(X)                                                                                                 \
    X(INTENT, "intent")                                                                                                \
    X(SENT, "sent")                                                                                                    \
    X(UNKNOWN, "unknown")                                                                                              \
    X(ACTION, "action")                                                                                                \
    X(OK, "ok")                                                                                                        \
    X(DECLINED, "declined")

#define CALL_STATE_ROW(name, text) CALL_##name,
enum call_state { CALL_STATES(CALL_STATE_ROW) CALL_STATE_COUNT };
#undef CALL_STATE_ROW

bool call_state_parse(str name, enum call_state *ret);

/*
 * What the reconciler does with an operation that the acquirer does not know: an intent never left, so it is sent now;
 * one that was sent may still be on its way until the bound; past the retention of keys only the query remains.
 */
enum absent_verdict { ABSENT_SEND = 1, ABSENT_WAIT, ABSENT_ASK_ONLY };
struct absent_basis {
    enum call_state state;
    instant created_at, sent_at;
    duration in_flight;     /* nothing that was sent can arrive after this */
    duration key_retention; /* the acquirer's */
};
enum absent_verdict call_absent_judge(const struct absent_basis *basis, instant now);
