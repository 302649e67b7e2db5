/* See transfer.h. */
#include "paysrv/domain/transfer/transfer.h"

#include "paysrv/domain/bank/bank_text.h"
#include "shared/base/num.h"

#define NAME_MAX_CHARS 70

#define REASON_TEXT_ROW(name, text) [REPAYMENT_##name] = text,
static const char *const reason_text[REPAYMENT_REASON_COUNT] = { REPAYMENT_REASONS(REASON_TEXT_ROW) };

str repayment_reason_name(enum repayment_reason reason)
{
    return str_of(reason_text[reason]);
}

enum transfer_state transfer_state_of(enum call_state call, bool is_abandoned)
{
    if (call == CALL_OK)
        return TRANSFER_PAID;
    return is_abandoned || call == CALL_DECLINED ? TRANSFER_CLOSED : TRANSFER_WAITS;
}

str transfer_state_name(enum transfer_state state)
{
    switch (state) {
    case TRANSFER_WAITS:
        return STR("waiting");
    case TRANSFER_PAID:
        return STR("paid");
    case TRANSFER_CLOSED:
        break;
    }
    return STR("closed");
}

bool transfer_is_complete(int64_t asked_minor, int64_t received_minor)
{
    return received_minor >= asked_minor;
}

int64_t transfer_rest(int64_t asked_minor, int64_t received_minor)
{
    return transfer_is_complete(asked_minor, received_minor) ? 0 : asked_minor - received_minor;
}

static enum repayment_reason reason_of(enum transfer_state state, const struct transfer_credit *c)
{
    if (c->is_late)
        return REPAYMENT_LATE;
    return state == TRANSFER_PAID ? REPAYMENT_SURPLUS : REPAYMENT_INCOMPLETE;
}

int64_t transfer_left(enum transfer_state state, int64_t asked_minor, int64_t applied_minor)
{
    return (state == TRANSFER_PAID ? asked_minor : 0) - applied_minor;
}

bool transfer_settle(enum transfer_state state, int64_t *left_minor, struct transfer_credit *credits, size_t n)
{
    if (state == TRANSFER_WAITS || *left_minor < 0)
        return false;
    for (size_t i = 0; i < n; i++) {
        struct transfer_credit *c = &credits[i];
        c->applied_minor = c->is_late ? 0 : c->amount_minor < *left_minor ? c->amount_minor : *left_minor;
        c->back_minor = c->amount_minor - c->applied_minor;
        c->reason = reason_of(state, c);
        *left_minor -= c->applied_minor;
    }
    return true;
}

int transfer_refund_payer(const struct transfer_payer *payers, size_t n, int64_t amount_minor, int64_t *most)
{
    int found = -1;
    *most = 0;
    for (size_t i = 0; i < n; i++) {
        *most = payers[i].left_minor > *most ? payers[i].left_minor : *most;
        if (found < 0 && payers[i].left_minor >= amount_minor)
            found = (int)i;
    }
    return found;
}

str transfer_code_text(struct arena *a, const struct transfer_code *code)
{
    str name = bank_text(a, code->holder_name, NAME_MAX_CHARS);
    return arena_printf(a, "BCD\n002\n1\nSCT\n%.*s\n%.*s\n%.*s\nEUR%lld.%02lld\n\n%.*s", STR_ARG(code->bic),
                        STR_ARG(name), STR_ARG(code->iban), (long long)(code->amount_minor / 100),
                        (long long)(code->amount_minor % 100), STR_ARG(code->reference));
}
