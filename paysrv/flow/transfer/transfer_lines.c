/* See transfer_lines.h. */
#include "paysrv/flow/transfer/transfer_lines.h"

#include "paysrv/domain/bank/creditor_reference.h"
#include "paysrv/faults.h"
#include "paysrv/flow/ledger/manual_entry.h"
#include "paysrv/flow/transfer/transfer.h"
#include "paysrv/store/bank.sql.h"
#include "paysrv/store/transfer.sql.h"
#include "shared/db/db.h"
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

err transfer_of_line(struct task *t, bank_row *line, const struct transfer_find_row **ret)
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

/* Given to a payment by an operator when another message showed it. */
static err known_line_take(struct task *t, bank_row *line, bool *known)
{
    const struct credit_named_row *credit = NULL;
    int64_t affected;
    if (str_given(line->reference))
        TRY(credit_named(t, line->reference, line->amount, line->currency, line->payer_iban, line->end_to_end,
                         line->message, &credit));
    *known = credit != NULL;
    if (!credit)
        return OK;
    pay_metrics_bank_line(t, LINE_KNOWN);
    return bank_line_credit(t, STR("known"), credit->credit_id, line->line_id, &affected);
}

err transfer_line_take(struct task *t, bank_row *line, bool *known)
{
    const struct transfer_find_row *x;
    const struct incoming in = incoming_of(line);
    bool taken;
    str credit;
    TRY(transfer_of_line(t, line, &x));
    *known = x != NULL;
    if (!x)
        return known_line_take(t, line, known);
    if (line->amount == 0 || !str_eq(line->currency, x->currency))
        return bank_line_break(t, line, "amount", STR_NONE, "it is of another currency than its payment");
    TRY(transfer_credit(t, x, &in, &taken, &credit));
    pay_metrics_bank_line(t, taken ? LINE_APPLIED : LINE_KNOWN);
    err e = transfer_advance(t, x->call_id);
    if (e)
        log_failure(t, e); /* the credit is in the books, and the job goes on with it */
    return OK;
}

/* By its payer's reference, or by the bank's name of a booking that named nothing when an operator gave it to a
 * payment.
 */
static err transfer_taken_back(struct task *t, bank_row *line, const struct transfer_find_row **ret)
{
    const struct credit_given_row *given = NULL;
    TRY(transfer_of_line(t, line, ret));
    if (!*ret && str_given(line->reference))
        TRY(credit_given(t, line->reference, line->amount, line->currency, &given));
    return given ? transfer_of_reference(t, given->reference, ret) : OK;
}

err transfer_reversal_take(struct task *t, bank_row *line)
{
    const struct transfer_find_row *x;
    const struct incoming in = incoming_of(line);
    enum transfer_reversal verdict = REVERSAL_UNKNOWN;
    TRY(transfer_taken_back(t, line, &x));
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

/* ---- by hand ---- */

static err assigned_to(struct task *t, const struct transfer_assigning *in, bank_row *line,
                       const struct transfer_find_row **ret)
{
    const struct transfer_find_row *latest;
    size_t n;
    *ret = NULL;
    TRY(transfers_of_payment(t, in->payment, &latest, &n));
    if (n)
        TRY(transfer_of_reference(t, latest[0].reference, ret)); /* of a live partner's, as the bank's money is */
    return *ret && str_eq((*ret)->currency, line->currency)
               ? OK
               : FAIL_PARAM(t, INVALID_PARAMETER, STR("payment"), STR("was never to be paid by such a transfer"));
}

static err assign_ask(struct task *t, struct transfer_assigning *in, bank_row *line, const struct transfer_find_row *x)
{
    const struct manual_entry entry = { .kind = "assign",
                                        .object = arena_printf(t->arena, "%lld %.*s", (long long)in->break_id,
                                                               STR_ARG(in->payment.v)),
                                        .partner = x->partner_id,
                                        .currency = x->currency,
                                        .amount_minor = line->amount,
                                        .borne_by = STR("payment"),
                                        .reason = in->note,
                                        .by = in->by,
                                        .by_name = in->by_name };
    return in->approved_minor == line->amount ? OK : manual_entry_ask(t, &entry, &in->waits);
}

err transfer_assign_in_tx(struct task *t, struct transfer_assigning *in)
{
    bank_row *line;
    const struct transfer_find_row *x;
    str document;
    int64_t affected;
    in->waits = STR_NONE;
    TRY(credit_line_of_break(t, in->break_id, &line));
    if (!line)
        return FAIL_PARAM(t, BREAK_STATE, STR("break"),
                          STR("is no open one of money that came in, named nothing and is there"));
    TRY(bank_line_unbooked(t, line->line_id));
    TRY(assigned_to(t, in, line, &x));
    TRY(assign_ask(t, in, line, x));
    if (str_given(in->waits))
        return OK;
    const struct incoming incoming = incoming_of(line);
    TRY(bank_line_reopen(t, line->line_id, &affected));
    TRY(transfer_credit_in_tx(t, x, &incoming, &document));
    in->call = x->call_id;
    TRY(credit_given_known(t, line->line_id, in->by, in->note, &affected));
    return bank_break_close(t, in->by, in->note, in->break_id, &affected);
}

static err assign_in_tx(struct task *t, void *context)
{
    return transfer_assign_in_tx(t, context);
}

err transfer_assign(struct task *t, struct transfer_assigning *in)
{
    TRY(db_tx(t, assign_in_tx, in));
    if (str_given(in->waits))
        return OK;
    log_warn(t, "transfer.assigned", L_I64("break", in->break_id), L_STR("payment", in->payment.v),
             L_STR("by", in->by));
    return transfer_advance(t, in->call);
}

err transfer_suggestions(struct task *t, const struct bank_break_list_row *breaks, size_t n,
                         const struct transfers_like_row **ret, size_t *n_ret)
{
    int64_t *ids = arena_array(t->arena, int64_t, n + 1);
    for (size_t i = 0; i < n; i++)
        ids[i] = breaks[i].break_id;
    return transfers_like(t, (i64_array){ ids, n }, ret, n_ret);
}
