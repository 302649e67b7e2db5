/* See bank_entered.h; docs/decisions/0039. */
#include "paysrv/flow/bank/bank_entered.h"

#include "paysrv/domain/bank/bank_match.h"
#include "paysrv/flow/transfer/repayment_lines.h"
#include "paysrv/flow/transfer/transfer_lines.h"
#include "paysrv/store/bank.sql.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/repayment.sql.h"
#include "paysrv/store/settlement.sql.h"

/* ---- what a line names ---- */

struct named {
    str what; /* "payout po_..."; absent: nothing of ours */
    str payout;
    str call; /* of a payment by transfer */
};

static err payout_named(struct task *t, bank_row *line, struct named *ret)
{
    const struct payout_of_bank_row *p = NULL;
    str id = bank_payout_of(t->arena, line->end_to_end);
    if (str_given(id))
        TRY(payout_of_bank(t, line->kind, line->message, line->line_id, (payout_id){ id }, &p));
    if (p)
        *ret = (struct named){ .what = arena_printf(t->arena, "payout %.*s", STR_ARG(id)), .payout = id };
    return OK;
}

static err repayment_named(struct task *t, bank_row *line, struct named *ret)
{
    const struct repayment_find_row *r = NULL;
    str id = repayment_of_line(t, line);
    if (str_given(id))
        TRY(repayment_find(t, id, &r));
    if (r)
        *ret = (struct named){ .what = arena_printf(t->arena, "repayment %.*s", STR_ARG(id)) };
    return OK;
}

static err settlement_named(struct task *t, bank_row *line, struct named *ret)
{
    const struct settlement_of_transfer_row *s = NULL;
    if (str_given(line->end_to_end))
        TRY(settlement_of_transfer(t, line->message, line->line_id, line->end_to_end, line->amount, line->currency,
                                   &s));
    if (s)
        *ret = (struct named){ .what = arena_printf(t->arena, "registry %lld", (long long)s->settlement_id) };
    return OK;
}

static err order_named(struct task *t, bank_row *line, struct named *ret)
{
    const struct batch_find_row *order = NULL;
    if (str_given(line->order_id))
        TRY(batch_find(t, line->order_id, &order));
    if (order)
        *ret = (struct named){ .what = arena_printf(t->arena, "order %.*s", STR_ARG(line->order_id)) };
    return OK;
}

static err transfer_named(struct task *t, bank_row *line, struct named *ret)
{
    const struct transfer_find_row *x;
    TRY(transfer_of_line(t, line, &x));
    if (x)
        *ret = (struct named){ .what = arena_printf(t->arena, "payment %.*s", STR_ARG(x->payment_id.v)),
                               .call = x->call_id };
    return OK;
}

static err thing_named(struct task *t, bank_row *line, struct named *ret)
{
    static err (*const ways[])(struct task * t, bank_row * line, struct named * ret) = { payout_named, repayment_named,
                                                                                         settlement_named,
                                                                                         transfer_named, order_named };
    *ret = (struct named){ .what = STR_NONE, .payout = STR_NONE, .call = STR_NONE };
    for (size_t i = 0; i < sizeof ways / sizeof ways[0] && !str_given(ret->what); i++)
        TRY(ways[i](t, line, ret));
    return OK;
}

/* ---- noting ---- */

static err noted(struct task *t, bank_row *line, const struct named *named, str how, bool is_news)
{
    if (is_news && str_given(named->what)) {
        str why = arena_printf(t->arena, "%.*s when another message showed it, and by this one it is of %.*s",
                               STR_ARG(how), STR_ARG(named->what));
        TRY(bank_line_point_out(t, line, named->payout, why));
    }
    return bank_line_finish(t, line, "noted", bank_payout_of(t->arena, line->end_to_end), LINE_NOTED);
}

err bank_entered_note(struct task *t, bank_row *line, bool *done)
{
    const struct bank_line_told_row *told;
    struct named named;
    int64_t waited_for;
    *done = false;
    if (!str_given(line->reference))
        return OK;
    TRY(bank_breaks_touch(t, line->line_id, &waited_for)); /* after which nobody books it while this line is open */
    TRY(bank_line_told(t, line->line_id, &told));
    if (!told->is_entered && !str_given(told->given_call))
        return OK;
    TRY(thing_named(t, line, &named));
    *done = told->is_entered || (str_given(named.what) && !str_eq(named.call, told->given_call));
    if (!*done)
        return OK;
    str how = told->is_entered
                  ? arena_printf(t->arena, "it was booked by an entry (%.*s)", STR_ARG(told->resolution))
                  : arena_printf(t->arena, "it was given to payment %.*s by hand", STR_ARG(told->given_payment));
    return noted(t, line, &named, how, told->is_news || !told->is_entered);
}
