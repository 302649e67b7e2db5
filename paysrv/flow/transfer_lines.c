/* See transfer_lines.h. */
#include "paysrv/flow/transfer_lines.h"

#include "paysrv/domain/creditor_reference.h"
#include "paysrv/faults.h"
#include "paysrv/flow/transfer.h"
#include "paysrv/store/transfer.sql.h"
#include "shared/ops/log.h"

/* What the payer gave as the reference of what he pays; else what stands in the bank's text, or in his own name of it.
 */
static str reference_of(struct task *t, bank_row *line)
{
    const str places[] = { line->remittance, line->note, line->end_to_end };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        str found = str_given(places[i]) ? creditor_reference_find(t->arena, places[i]) : STR_NONE;
        if (str_given(found))
            return found;
    }
    return STR_NONE;
}

static err transfer_of(struct task *t, bank_row *line, const struct transfer_find_row **ret)
{
    str reference = reference_of(t, line);
    *ret = NULL;
    return str_given(reference) ? transfer_of_reference(t, reference, ret) : OK;
}

static struct incoming incoming_of(bank_row *line)
{
    return (struct incoming){ .line = &line->line_id,
                              .message = line->message,
                              .amount_minor = line->amount,
                              .payer_name = line->payer_name,
                              .payer_iban = line->payer_iban,
                              .reference = line->reference,
                              .booked_on = line->booked_on,
                              .file = line->file_id };
}

err transfer_line_take(struct task *t, bank_row *line, bool *known)
{
    const struct transfer_find_row *x;
    const struct incoming in = incoming_of(line);
    bool taken;
    str credit;
    TRY(transfer_of(t, line, &x));
    *known = x != NULL;
    if (!x)
        return OK;
    if (line->amount == 0 || !str_eq(line->currency, x->currency))
        return bank_line_break(t, line, "amount", STR_NONE, "it is of another currency than its payment");
    TRY(transfer_credit(t, x, &in, &taken, &credit));
    pay_metrics_bank_line(t, taken ? LINE_APPLIED : LINE_KNOWN);
    err e = transfer_advance(t, x->call_id);
    if (e)
        log_failure(t, e); /* the credit is in the books, and the job goes on with it */
    return OK;
}

err transfer_reversal_take(struct task *t, bank_row *line)
{
    const struct transfer_find_row *x;
    const struct incoming in = incoming_of(line);
    enum transfer_reversal verdict = REVERSAL_UNKNOWN;
    TRY(transfer_of(t, line, &x));
    if (x && str_eq(line->currency, x->currency)) {
        TRY(transfer_advance(t, x->call_id));
        TRY(transfer_take_back(t, x, &in, &verdict));
    }
    switch (verdict) {
    case REVERSAL_UNKNOWN:
        return bank_line_break(t, line, "unmatched", STR_NONE, "a credit is taken back that nothing here knows");
    case REVERSAL_LATER:
        return FAIL(t, UNAVAILABLE, "line %lld: its transfer is being paid", (long long)line->line_id);
    case REVERSAL_KNOWN:
    case REVERSAL_TAKEN:
    case REVERSAL_BREAK:
        break;
    }
    pay_metrics_bank_line(t, verdict == REVERSAL_KNOWN   ? LINE_KNOWN
                             : verdict == REVERSAL_BREAK ? LINE_BREAK
                                                         : LINE_APPLIED);
    return OK;
}
