/* The state machine of payments as one table. See payment.h. */
#include "paysrv/domain/payment/payment.h"

#define STATUS_TEXT_ROW(name, text) [PAYMENT_##name] = text,
static const char *const status_text[PAYMENT_STATUS_COUNT] = { PAYMENT_STATUSES(STATUS_TEXT_ROW) };

#define STATE_TEXT_ROW(name, text) [CALL_##name] = text,
static const char *const state_text[CALL_STATE_COUNT] = { CALL_STATES(STATE_TEXT_ROW) };

#define OP_TEXT_ROW(name, text) [OP_##name] = text,
static const char *const op_text[CALL_OP_COUNT] = { CALL_OPS(OP_TEXT_ROW) };

#define TO(status) (1u << PAYMENT_##status)
static const unsigned follows[PAYMENT_STATUS_COUNT] = {
    [PAYMENT_REQUIRES_PAYMENT_METHOD] = TO(PROCESSING) | TO(CANCELED) | TO(EXPIRED),
    [PAYMENT_PROCESSING] = TO(SUCCEEDED) | TO(REQUIRES_CAPTURE) | TO(REQUIRES_ACTION) | TO(REQUIRES_PAYMENT_METHOD),
    [PAYMENT_REQUIRES_ACTION] = TO(SUCCEEDED) | TO(REQUIRES_CAPTURE) | TO(REQUIRES_PAYMENT_METHOD) | TO(CANCELED),
    [PAYMENT_REQUIRES_CAPTURE] = TO(SUCCEEDED) | TO(CANCELED),
    [PAYMENT_SUCCEEDED] = 0,
    [PAYMENT_CANCELED] = 0,
    [PAYMENT_EXPIRED] = 0,
};

str payment_status_name(enum payment_status status)
{
    return str_of(status_text[status]);
}

bool payment_status_parse(str name, enum payment_status *ret)
{
    for (unsigned i = 0; i < PAYMENT_STATUS_COUNT; i++) {
        if (str_eq(name, str_of(status_text[i]))) {
            *ret = (enum payment_status)i;
            return true;
        }
    }
    return false;
}

enum payment_status payment_status_at(str stored, instant expires_at, instant now)
{
    enum payment_status status = PAYMENT_PROCESSING;
    payment_status_parse(stored, &status);
    if (status == PAYMENT_REQUIRES_PAYMENT_METHOD && !instant_before(now, expires_at))
        return PAYMENT_EXPIRED;
    return status;
}

bool payment_may_become(enum payment_status from, enum payment_status to)
{
    return (follows[from] & 1u << to) != 0;
}

bool payment_is_final(enum payment_status status)
{
    return follows[status] == 0;
}

const char *outcome_name(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_SUCCEEDED:
        return "succeeded";
    case OUTCOME_DECLINED:
        return "declined";
    case OUTCOME_ACTION:
        return "action";
    case OUTCOME_UNKNOWN:
        return "unknown";
    }
    return "unknown";
}

int64_t payment_taken(enum payment_status status, int64_t amount_minor, const int64_t *captured_minor)
{
    if (captured_minor)
        return *captured_minor;
    return status == PAYMENT_SUCCEEDED ? amount_minor : 0;
}

str call_op_name(enum call_op op)
{
    return str_of(op_text[op]);
}

bool call_op_parse(str name, enum call_op *ret)
{
    for (unsigned i = 0; i < CALL_OP_COUNT; i++) {
        if (str_eq(name, str_of(op_text[i]))) {
            *ret = (enum call_op)i;
            return true;
        }
    }
    return false;
}

bool call_state_parse(str name, enum call_state *ret)
{
    for (unsigned i = 0; i < CALL_STATE_COUNT; i++) {
        if (str_eq(name, str_of(state_text[i]))) {
            *ret = (enum call_state)i;
            return true;
        }
    }
    return false;
}

enum absent_verdict call_absent_judge(const struct absent_basis *basis, instant now)
{
    if (instant_before(instant_add(basis->created_at, basis->key_retention), now))
        return ABSENT_ASK_ONLY;
    if (basis->state == CALL_ACTION)
        return ABSENT_ASK_ONLY;
    if (basis->state != CALL_INTENT && !instant_before(instant_add(basis->sent_at, basis->in_flight), now))
        return ABSENT_WAIT;
    return ABSENT_SEND;
}
