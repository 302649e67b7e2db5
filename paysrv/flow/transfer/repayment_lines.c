/* See repayment_lines.h. A line is marked last: what was begun with it is gone through again. */
#include "paysrv/flow/transfer/repayment_lines.h"

#include "paysrv/app.h"
#include "paysrv/domain/bank/bank_match.h"
#include "paysrv/faults.h"
#include "paysrv/flow/transfer/repayment.h"
#include "paysrv/store/repayment.sql.h"
#include "shared/ops/process.h"

#define TRIES 5

typedef const struct repayment_find_row repayment_row;

str repayment_of_line(struct task *t, bank_row *line)
{
    if (!str_given(line->end_to_end) || !str_starts(line->end_to_end, STR("rp-")) || line->end_to_end.n > 35)
        return STR_NONE;
    char *copy = arena_cstr(t->arena, line->end_to_end);
    copy[2] = '_';
    return (str){ copy, line->end_to_end.n };
}

static err line_mark(struct task *t, bank_row *line, str repayment, const char *outcome, enum bank_outcome counted)
{
    int64_t affected;
    pay_metrics_bank_line(t, counted);
    return bank_line_repayment(t, str_of(outcome), repayment, line->line_id, &affected);
}

static int64_t kept_of(struct task *t, bank_row *line, repayment_row *r)
{
    return bank_line_kept(t, line, r->amount, r->currency);
}

/* As much as came back by another line, whoever said that it was the return. */
static bool is_told_again(bank_row *line, repayment_row *r, const struct repayment_booked_row *booked)
{
    return booked->returned_given && booked->returned == line->amount && str_eq(line->currency, r->currency);
}

static err case_of(struct task *t, bank_row *line, repayment_row *r, struct bank_case *ret)
{
    const struct repayment_booked_row *booked;
    TRY(repayment_booked(t, r->repayment_id, line->kind, line->message, line->line_id, &booked));
    *ret = (struct bank_case){ .kind = bank_line_kind_of(line),
                               .is_booked_otherwise = booked->is_booked,
                               .is_held = booked->is_held };
    (void)payout_state_parse(r->status, &ret->state);
    ret->amount_fits = ret->kind == BANK_LINE_REJECTED ||
                       (line->amount == r->amount && str_eq(line->currency, r->currency)) ||
                       (ret->kind == BANK_LINE_RETURN && (kept_of(t, line, r) >= 0 || is_told_again(line, r, booked)));
    return OK;
}

/* The bank has seen it before, and may have made it then. */
static err reject(struct task *t, bank_row *line, repayment_row *r, bool *done)
{
    int64_t affected;
    if (!bank_reason_is_duplicate(line->reason))
        return repayment_step_reject(t, r, line->reason, done);
    *done = true;
    return repayment_lose_sight(t, r->repayment_id, &affected);
}

static err pay_and_return(struct task *t, bank_row *line, repayment_row *r, bool *done)
{
    TRY(repayment_step_pay(t, r, done));
    CRASH_POINT("repayment.between_paid_and_returned");
    return *done ? repayment_step_return(t, r, line->reason, kept_of(t, line, r), done) : OK;
}

/* *done false: it has changed meanwhile, and has to be looked at again. */
static err effect_run(struct task *t, bank_row *line, repayment_row *r, enum bank_effect effect, bool *done)
{
    *done = true;
    switch (effect) {
    case BANK_PAY:
        return repayment_step_pay(t, r, done);
    case BANK_RETURN:
        return repayment_step_return(t, r, line->reason, kept_of(t, line, r), done);
    case BANK_PAY_AND_RETURN:
        return pay_and_return(t, line, r, done);
    case BANK_REJECT:
        return reject(t, line, r, done);
    case BANK_KNOWN:
        return OK;
    case BANK_BREAK_AMOUNT:
        return bank_line_break(t, line, "amount", STR_NONE, "the amount is not the repayment's");
    case BANK_BREAK_DUPLICATE:
        return bank_line_break(t, line, "duplicate", STR_NONE, "it was booked before");
    case BANK_BREAK_STATE:
        return bank_line_break(t, line, "state", STR_NONE, "it contradicts what is known of the repayment");
    }
    return OK;
}

/* After its effect, unless that was a break. */
static err line_end(struct task *t, bank_row *line, repayment_row *r, enum bank_effect effect)
{
    if (effect == BANK_REJECT && bank_reason_is_duplicate(line->reason))
        return bank_line_break(t, line, "order_duplicate", STR_NONE,
                               "the bank knows the repayment already, and may have made it");
    if (effect <= BANK_REJECT)
        return line_mark(t, line, r->repayment_id, "applied", LINE_APPLIED);
    return effect == BANK_KNOWN ? line_mark(t, line, r->repayment_id, "known", LINE_KNOWN) : OK;
}

err repayment_line_take(struct task *t, bank_row *line)
{
    str id = repayment_of_line(t, line);
    for (int i = 0; i < TRIES; i++) {
        repayment_row *r;
        struct bank_case c;
        bool done;
        TRY(repayment_find(t, id, &r));
        if (!r || r->clock.n)
            return bank_line_break(t, line, "unmatched", STR_NONE, "no repayment has this reference");
        TRY(case_of(t, line, r, &c));
        enum bank_effect effect = bank_judge(&c);
        TRY(effect_run(t, line, r, effect, &done));
        if (done)
            return line_end(t, line, r, effect);
    }
    return FAIL(t, UNAVAILABLE, "line %lld: the repayment does not stand still", (long long)line->line_id);
}

err repayment_member_take(struct task *t, bank_row *line, str repayment)
{
    repayment_row *r;
    struct bank_case c;
    bool done;
    TRY(repayment_find(t, repayment, &r));
    if (!r)
        return OK;
    TRY(case_of(t, line, r, &c));
    c.amount_fits = true;
    enum bank_effect effect = bank_judge(&c);
    if (effect == BANK_PAY)
        return repayment_step_pay(t, r, &done);
    return effect == BANK_REJECT ? reject(t, line, r, &done) : OK;
}
