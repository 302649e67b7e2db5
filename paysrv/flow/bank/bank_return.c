/* See bank_return.h; MONEY 6.A8; docs/decisions/0039. */
#include "paysrv/flow/bank/bank_return.h"

#include "paysrv/domain/bank/bank_match.h"
#include "paysrv/faults.h"
#include "paysrv/flow/bank/bank_line.h"
#include "paysrv/flow/ledger/manual_entry.h"
#include "paysrv/flow/payout/payout_step.h"
#include "paysrv/flow/transfer/repayment.h"
#include "paysrv/flow/transfer/repayment_lines.h"
#include "paysrv/store/bank.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/repayment.sql.h"
#include "paysrv/store/settlement.sql.h"

struct transfer {
    const struct payout_of_bank_row *payout; /* NULL: it is a refund, */
    const struct repayment_find_row *repayment;
    partner_id partner;
    user_id user; /* absent: no seller's */
    int64_t amount_minor, kept_minor;
    bool is_paid; /* else the debit was never shown */
};

/* ---- what it is of ---- */

/* In whichever state it was paid, it has left. */
static err state_judge(struct task *t, str status, bool is_held, struct transfer *x)
{
    struct bank_case c = { .kind = BANK_LINE_RETURN, .amount_fits = true, .is_held = is_held };
    (void)payout_state_parse(status, &c.state);
    enum bank_effect effect = bank_judge(&c);
    x->is_paid = effect == BANK_RETURN;
    if (x->is_paid || effect == BANK_PAY_AND_RETURN)
        return OK;
    return FAIL_PARAM(t, BREAK_STATE, STR("break"), STR("names what has not left, or has come back already"));
}

static err amount_judge(struct task *t, bank_row *line, int64_t amount_minor, str currency, struct transfer *x)
{
    x->amount_minor = amount_minor;
    x->kept_minor = str_eq(line->currency, currency) ? bank_return_kept(amount_minor, line->amount, amount_minor) : -1;
    return x->kept_minor >= 0 ? OK
                              : FAIL_PARAM(t, INVALID_PARAMETER, STR("as"),
                                           STR("returned: more has come than had left, or another currency"));
}

static err payout_look(struct task *t, bank_row *line, struct transfer *x)
{
    const struct payout_find_row *row;
    str payout = bank_payout_of(t->arena, line->end_to_end);
    if (str_given(payout))
        TRY(payout_of_bank(t, line->kind, line->message, line->line_id, (payout_id){ payout }, &x->payout));
    if (!x->payout)
        return FAIL_PARAM(t, BREAK_STATE, STR("break"), STR("names no payout and no refund"));
    TRY(payout_find(t, x->payout->partner_id, x->payout->payout_id, STR_NONE, &row));
    if (!row)
        return FAIL(t, INTERNAL, "the payout vanished");
    x->partner = x->payout->partner_id;
    x->user = row->user_id;
    TRY(state_judge(t, x->payout->status, x->payout->is_held, x));
    return amount_judge(t, line, x->payout->amount, x->payout->currency, x);
}

static err repayment_look(struct task *t, bank_row *line, struct transfer *x)
{
    const struct repayment_booked_row *booked;
    TRY(repayment_find(t, repayment_of_line(t, line), &x->repayment));
    if (!x->repayment || x->repayment->clock.n)
        return FAIL_PARAM(t, BREAK_STATE, STR("break"), STR("names no payout and no refund"));
    TRY(repayment_booked(t, x->repayment->repayment_id, line->kind, line->message, line->line_id, &booked));
    x->partner = x->repayment->partner_id;
    TRY(state_judge(t, x->repayment->status, booked->is_held, x));
    return amount_judge(t, line, x->repayment->amount, x->repayment->currency, x);
}

static err transfer_look(struct task *t, bank_row *line, struct transfer *x)
{
    *x = (struct transfer){ .user = { STR_NONE } };
    return str_given(repayment_of_line(t, line)) ? repayment_look(t, line, x) : payout_look(t, line, x);
}

/* ---- booking ---- */

static err ask(struct task *t, bank_row *line, const struct transfer *x, struct break_resolution *r)
{
    const struct manual_entry entry = { .kind = "resolve",
                                        .object = arena_printf(t->arena, "%lld", (long long)r->break_id),
                                        .partner = x->partner,
                                        .user = x->user,
                                        .currency = line->currency,
                                        .amount_minor = x->amount_minor,
                                        .borne_by = r->as,
                                        .reason = r->reason,
                                        .by = r->by,
                                        .by_name = r->by_name };
    return r->approved_minor == x->amount_minor ? OK : manual_entry_ask(t, &entry, &r->waits);
}

static err payout_take(struct task *t, bank_row *line, const struct transfer *x, bool *done)
{
    const struct payout_witness by = { .line = &line->line_id, .kept_minor = x->kept_minor };
    int64_t affected;
    *done = true;
    TRY(settlement_accounts_open(t, x->partner, STR(""), line->currency, &affected));
    if (!x->is_paid)
        TRY(payout_step_pay(t, x->partner, x->payout->payout_id, &(struct payout_witness){ .line = NULL }, done));
    return *done ? payout_step_return(t, x->partner, x->payout->payout_id, &by, line->reason, done) : OK;
}

static err repayment_take(struct task *t, bank_row *line, const struct transfer *x, bool *done)
{
    int64_t affected;
    *done = true;
    if (!x->is_paid)
        TRY(repayment_step_pay(t, x->repayment, done));
    if (*done)
        TRY(repayment_return_in_tx(t, x->repayment, line->reason, x->kept_minor, done));
    return bank_line_repayment(t, STR("applied"), x->repayment->repayment_id, line->line_id, &affected);
}

err bank_return_by_hand(struct task *t, struct break_resolution *r)
{
    bank_row *line;
    struct transfer x;
    int64_t affected;
    bool done;
    TRY(return_line_of_break(t, r->break_id, &line));
    if (!line)
        return FAIL_PARAM(t, BREAK_STATE, STR("break"), STR("is no open one of a return of another amount"));
    TRY(bank_line_unbooked(t, line->line_id));
    TRY(transfer_look(t, line, &x));
    TRY(ask(t, line, &x, r));
    if (str_given(r->waits))
        return OK;
    TRY(bank_line_reopen(t, line->line_id, &affected));
    TRY(x.payout ? payout_take(t, line, &x, &done) : repayment_take(t, line, &x, &done));
    if (!done)
        return FAIL_PARAM(t, BREAK_STATE, STR("break"), STR("names what has changed at this moment"));
    return break_resolved(t, r->by, r->reason, r->as, NULL, x.partner.v, r->break_id, &affected);
}
