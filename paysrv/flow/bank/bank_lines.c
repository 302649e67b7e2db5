/* See bank_lines.h; MONEY 4, 6.A8, A14; SECURITY L 309 to 314. */
#include "paysrv/flow/bank/bank_lines.h"

#include "paysrv/app.h"
#include "paysrv/domain/bank/bank_match.h"
#include "paysrv/faults.h"
#include "paysrv/flow/bank/bank_entered.h"
#include "paysrv/flow/bank/bank_line.h"
#include "paysrv/flow/payout/payout_step.h"
#include "paysrv/flow/settlement/settlement_book.h"
#include "paysrv/flow/transfer/repayment.h"
#include "paysrv/flow/transfer/repayment_lines.h"
#include "paysrv/flow/transfer/transfer_lines.h"
#include "paysrv/store/bank.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/repayment.sql.h"
#include "paysrv/store/settlement.sql.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"

#define TRIES 5
#define ASIDE_MAX_BYTES ((size_t)64 << 20)

typedef bank_row row;

/* ---- one payout ---- */

static int64_t kept_of(const struct task *t, row *line, const struct payout_of_bank_row *p)
{
    return bank_line_kept(t, line, p->amount, p->currency);
}

/* As much as came back by another line, whoever said that it was the return. */
static bool is_told_again(row *line, const struct payout_of_bank_row *p)
{
    return p->returned_given && p->returned == line->amount && str_eq(line->currency, p->currency);
}

static struct bank_case case_of(const struct task *t, row *line, const struct payout_of_bank_row *p)
{
    struct bank_case c = { .kind = bank_line_kind_of(line),
                           .is_booked_otherwise = p->is_booked_otherwise,
                           .is_held = p->is_held };
    (void)payout_state_parse(p->status, &c.state);
    c.amount_fits = c.kind == BANK_LINE_REJECTED ||
                    (line->amount == p->amount && str_eq(line->currency, p->currency)) ||
                    (c.kind == BANK_LINE_RETURN && (kept_of(t, line, p) >= 0 || is_told_again(line, p)));
    return c;
}

static err refuse_payout(struct task *t, row *line, const struct payout_of_bank_row *p, const int64_t *taking,
                         bool *done)
{
    if (bank_reason_is_duplicate(line->reason)) {
        bool lost;
        *done = true;
        TRY(payout_step_lose_sight(t, p->partner_id, p->payout_id, NULL, &lost));
        if (!taking)
            return OK;
        return bank_line_break(t, line, "order_duplicate", p->payout_id.v,
                               "the bank knows the transfer already, and may have made it");
    }
    const struct payout_closing closing = { .to = PAYOUT_REJECTED,
                                            .reason = line->reason,
                                            .ends_requisite = bank_reason_ends_requisite(line->reason),
                                            .by = { .line = taking } };
    return payout_step_close(t, p->partner_id, p->payout_id, &closing, done, NULL);
}

/* What the bank kept is for a person to see, and to close with a note. */
static err kept_note(struct task *t, row *line, const struct payout_of_bank_row *p, int64_t kept)
{
    const struct bank_break_open_args args = { .file = &line->file_id,
                                               .kind = STR("fee"),
                                               .ref = p->payout_id.v,
                                               .payout = p->payout_id.v,
                                               .amount = &kept,
                                               .currency = p->currency,
                                               .detail = STR("the bank kept this of what it returned") };
    int64_t affected;
    return bank_break_open(t, &args, &affected);
}

static err return_run(struct task *t, row *line, const struct payout_of_bank_row *p, bool *done)
{
    const struct payout_witness by = { .line = &line->line_id, .kept_minor = kept_of(t, line, p) };
    int64_t affected;
    if (by.kept_minor) {
        TRY(settlement_accounts_open(t, p->partner_id, STR(""), p->currency, &affected));
        TRY(kept_note(t, line, p, by.kept_minor));
    }
    return payout_step_return(t, p->partner_id, p->payout_id, &by, line->reason, done);
}

static err pay_and_return(struct task *t, row *line, const struct payout_of_bank_row *p, bool *done)
{
    TRY(payout_step_pay(t, p->partner_id, p->payout_id, &(struct payout_witness){ .line = NULL }, done));
    CRASH_POINT("bank.between_paid_and_returned");
    return return_run(t, line, p, done);
}

/* *done false: the payout has changed meanwhile, and has to be looked at again. */
static err effect_run(struct task *t, row *line, const struct payout_of_bank_row *p, enum bank_effect effect,
                      bool *done)
{
    str payout = p->payout_id.v;
    *done = true;
    switch (effect) {
    case BANK_PAY:
        return payout_step_pay(t, p->partner_id, p->payout_id, &(struct payout_witness){ .line = &line->line_id },
                               done);
    case BANK_RETURN:
        return return_run(t, line, p, done);
    case BANK_PAY_AND_RETURN:
        return pay_and_return(t, line, p, done);
    case BANK_REJECT:
        return refuse_payout(t, line, p, &line->line_id, done);
    case BANK_KNOWN:
        return bank_line_finish(t, line, "known", payout, LINE_KNOWN);
    case BANK_BREAK_AMOUNT:
        return bank_line_break(t, line, "amount", payout, "the amount is not the payout's");
    case BANK_BREAK_DUPLICATE:
        return bank_line_break(t, line, "duplicate", payout, "it was booked before");
    case BANK_BREAK_STATE:
        return bank_line_break(t, line, "state", payout, "it contradicts what is known of the payout");
    }
    return OK;
}

static err payout_of_line(struct task *t, row *line, payout_id payout, const struct payout_of_bank_row **ret)
{
    return payout_of_bank(t, line->kind, line->message, line->line_id, payout, ret);
}

/* ---- a transfer of the acquirer's ---- */

/* *known false: it is none that a registry has announced. */
static err settlement_take(struct task *t, row *line, bool *known)
{
    const struct settlement_of_transfer_row *s = NULL;
    int64_t amount = bank_line_kind_of(line) == BANK_LINE_DEBIT ? -line->amount : line->amount;
    if (str_given(line->end_to_end))
        TRY(settlement_of_transfer(t, line->message, line->line_id, line->end_to_end, amount, line->currency, &s));
    *known = s && !str_eq(s->state, STR("open")); /* of one that is being taken up, it is a break that heals */
    if (!*known)
        return OK;
    if (amount != s->net || !str_eq(line->currency, s->currency))
        return bank_line_break(t, line, "amount", STR_NONE, "the amount is not the registry's");
    if (s->is_shown)
        return bank_line_break(t, line, "duplicate", STR_NONE, "it was booked before");
    if (str_eq(s->state, STR("paid"))) {
        const struct settlement_bank_line_row *taken;
        pay_metrics_bank_line(t, LINE_KNOWN);
        return settlement_bank_line(t, STR("known"), s->settlement_id, line->line_id, &taken);
    }
    pay_metrics_bank_line(t, LINE_APPLIED);
    return settlement_pay(t, s->settlement_id, line->line_id);
}

static err credit_take(struct task *t, row *line)
{
    bool known;
    TRY(settlement_take(t, line, &known));
    if (!known)
        TRY(transfer_line_take(t, line, &known));
    return known ? OK : bank_line_break(t, line, "unmatched", STR_NONE, "money came in that nothing here explains");
}

/* ---- a transfer of ours ---- */

static err transfer_take(struct task *t, row *line)
{
    str payout = bank_payout_of(t->arena, line->end_to_end);
    for (int i = 0; i < TRIES; i++) {
        const struct payout_of_bank_row *p = NULL;
        if (str_given(payout))
            TRY(payout_of_line(t, line, (payout_id){ payout }, &p));
        if (!p && bank_line_kind_of(line) == BANK_LINE_DEBIT) {
            bool known; /* the acquirer may take, too */
            TRY(settlement_take(t, line, &known));
            if (known)
                return OK;
        }
        if (!p)
            return bank_line_break(t, line, "unmatched", STR_NONE, "no payout has this reference");
        const struct bank_case c = case_of(t, line, p);
        enum bank_effect effect = bank_judge(&c);
        bool done;
        TRY(effect_run(t, line, p, effect, &done));
        if (done && effect <= BANK_REJECT)
            pay_metrics_bank_line(t, LINE_APPLIED);
        if (done)
            return OK;
    }
    return FAIL(t, UNAVAILABLE, "line %lld: the payout does not stand still", (long long)line->line_id);
}

/* ---- a whole order ---- */

struct order {
    str currency;
    const struct batch_payouts_row *payouts;
    const struct batch_repayments_row *back;
    size_t n, n_back;
    bool is_held;
};

/* What of the order the bank has executed or may have: its debit is the sum of these. */
static bool total_fits(row *line, const struct order *o)
{
    int64_t sum = 0;
    for (size_t i = 0; i < o->n; i++)
        sum += str_eq(o->payouts[i].status, payout_state_name(PAYOUT_REJECTED)) ? 0 : o->payouts[i].amount;
    for (size_t i = 0; i < o->n_back; i++)
        sum += str_eq(o->back[i].status, payout_state_name(PAYOUT_REJECTED)) ? 0 : o->back[i].amount;
    return sum == line->amount && str_eq(line->currency, o->currency);
}

struct member {
    row *line;
    const struct batch_payouts_row *payout;
};

/* Members carry no line of their own: that of the order is taken last, so that all of it is gone through again after an
 * end in the middle. */
static err member_take(struct task *t, void *context)
{
    const struct member *member = context;
    row *line = member->line;
    const struct payout_of_bank_row *p;
    TRY(payout_of_line(t, line, member->payout->payout_id, &p));
    struct bank_case c = case_of(t, line, p);
    bool done;
    c.amount_fits = true;
    switch (bank_judge(&c)) {
    case BANK_PAY:
        return payout_step_pay(t, p->partner_id, p->payout_id, &(struct payout_witness){ .line = NULL }, &done);
    case BANK_REJECT:
        return refuse_payout(t, line, p, NULL, &done);
    case BANK_RETURN:
    case BANK_PAY_AND_RETURN:
    case BANK_KNOWN:
    case BANK_BREAK_AMOUNT:
    case BANK_BREAK_DUPLICATE:
    case BANK_BREAK_STATE:
        return OK;
    }
    return OK;
}

static bool is_paid(str status)
{
    return str_eq(status, payout_state_name(PAYOUT_PAID)) || str_eq(status, payout_state_name(PAYOUT_RETURNED));
}

/* A refusal of a whole of which something is known to be paid is not believed. */
static bool is_contradicted(row *line, const struct order *o)
{
    if (bank_line_kind_of(line) != BANK_LINE_REJECTED)
        return false;
    for (size_t i = 0; i < o->n; i++)
        if (is_paid(o->payouts[i].status))
            return true;
    for (size_t i = 0; i < o->n_back; i++)
        if (is_paid(o->back[i].status))
            return true;
    return false;
}

static err members_take(struct task *t, row *line, const struct order *o)
{
    for (size_t i = 0; i < o->n; i++) {
        struct member member = { line, &o->payouts[i] };
        TRY(task_aside(t, ASIDE_MAX_BYTES, member_take, &member));
        CRASH_POINT("bank.within_order");
    }
    for (size_t i = 0; i < o->n_back; i++)
        TRY(repayment_member_take(t, line, o->back[i].repayment_id));
    return OK;
}

static err order_of(struct task *t, row *line, struct order *o)
{
    *o = (struct order){ .n = 0 };
    if (!str_given(line->order_id))
        return OK;
    const struct batch_find_row *batch;
    TRY(batch_find(t, line->order_id, &batch));
    if (!batch)
        return OK;
    o->currency = batch->currency;
    o->is_held = batch->held;
    TRY(batch_payouts(t, line->order_id, &o->payouts, &o->n));
    return batch_repayments(t, line->order_id, &o->back, &o->n_back);
}

static err order_take(struct task *t, row *line)
{
    struct order o;
    const struct order_booked_row *booked;
    TRY(order_of(t, line, &o));
    if (o.n + o.n_back == 0 || bank_line_kind_of(line) == BANK_LINE_RETURN)
        return bank_line_break(t, line, "unmatched", STR_NONE, "it names no transfer and no order of ours");
    if (o.is_held)
        return bank_line_break(t, line, "state", STR_NONE, "the order is held: nobody here has sent it");
    if (bank_line_kind_of(line) == BANK_LINE_DEBIT && !total_fits(line, &o))
        return bank_line_break(t, line, "amount", STR_NONE, "the amount is not the order's");
    if (is_contradicted(line, &o))
        return bank_line_break(t, line, "state", STR_NONE, "transfers of the order were paid");
    TRY(order_booked(t, line->order_id, line->message, line->line_id, &booked));
    if (bank_line_kind_of(line) == BANK_LINE_DEBIT && booked->is_booked)
        return bank_line_break(t, line, "duplicate", STR_NONE, "the order, or a transfer of it, was booked before");
    TRY(members_take(t, line, &o));
    if (bank_line_kind_of(line) == BANK_LINE_REJECTED && bank_reason_is_duplicate(line->reason))
        return bank_line_break(t, line, "order_duplicate", STR_NONE,
                               "the bank knows the order already, and may have made it");
    int64_t affected;
    TRY(batch_settled(t, line->order_id, &affected));
    return bank_line_finish(t, line, "applied", STR_NONE, LINE_APPLIED);
}

/* ---- all ---- */

static err answer_note(struct task *t, row *line)
{
    int64_t affected;
    if (str_given(line->order_id))
        TRY(batch_answered(t, line->order_id, &affected));
    return bank_line_finish(t, line, "noted", bank_payout_of(t->arena, line->end_to_end), LINE_NOTED);
}

static err kind_take(struct task *t, row *line)
{
    switch (bank_line_kind_of(line)) {
    case BANK_LINE_ACCEPTED:
    case BANK_LINE_PENDING:
        return answer_note(t, line);
    case BANK_LINE_CREDIT:
        return credit_take(t, line);
    case BANK_LINE_REVERSAL:
        return transfer_reversal_take(t, line);
    case BANK_LINE_REJECTED:
    case BANK_LINE_DEBIT:
    case BANK_LINE_RETURN:
    case BANK_LINE_COUNT:
        break;
    }
    if (str_given(repayment_of_line(t, line)))
        return repayment_line_take(t, line);
    return str_given(line->end_to_end) ? transfer_take(t, line) : order_take(t, line);
}

struct one {
    row *line;
};

static err line_take(struct task *t, void *context)
{
    row *line = ((const struct one *)context)->line;
    bool done;
    TRY(bank_entered_note(t, line, &done));
    return done ? OK : kind_take(t, line);
}

struct pass {
    int64_t file, line; /* the last that was looked at */
    size_t n;           /* how many there were after it */
};

/* One line that cannot be taken up now must not keep the others waiting. */
static err some_take(struct task *t, void *context)
{
    struct pass *p = context;
    row *rows;
    err first = OK;
    TRY(bank_lines_open(t, p->file, p->line, &rows, &p->n));
    for (size_t i = 0; i < p->n; i++) {
        CRASH_POINT("bank.before_line");
        struct one one = { &rows[i] };
        err e = task_aside(t, ASIDE_MAX_BYTES, line_take, &one);
        CRASH_POINT("bank.after_line");
        if (e)
            log_failure(t, e);
        first = first ? first : e;
        p->file = rows[i].file_id;
        p->line = rows[i].line_id;
    }
    return first;
}

err bank_lines_work(struct task *t)
{
    struct pass p = { 0 };
    err first = OK;
    int64_t affected;
    do {
        p.n = 0;
        err e = task_aside(t, ASIDE_MAX_BYTES, some_take, &p);
        first = first ? first : e;
    } while (p.n);
    TRY(bank_files_finish(t, &affected));
    return first;
}
