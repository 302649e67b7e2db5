/* See settlement_missing.h. */
#include "paysrv/flow/settlement/settlement_missing.h"

#include "paysrv/app.h"
#include "paysrv/store/ledger.sql.h"
#include "paysrv/store/settlement.sql.h"
#include "shared/ops/log.h"

#define ASIDE_MAX_BYTES ((size_t)16 << 20)
#define PER_ROUND 200 /* pages of a thousand entries */

err reconcile_begin(struct task *t)
{
    const struct app *app = t->app;
    int64_t affected;
    return reconcile_mark_begin(t, (instant){ t->now.us - app->config.settled_within.us }, &affected);
}

struct search {
    instant before;
    int64_t position, horizon;
    bool is_done;
};

/* What a registry would have. */
static str what_of(str entry_kind)
{
    static const struct {
        str kind, what;
    } others[] = {
        { STR("payout_paid"), STR("push") },
        { STR("payout_returned"), STR("the return of the push") },
        { STR("refund_returned"), STR("the return of the refund") },
        { STR("late_returned"), STR("the return of the refund") },
        { STR("dispute_hold"), STR("the chargeback") },
        { STR("dispute_return"), STR("the return of the chargeback") },
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (str_eq(entry_kind, others[i].kind))
            return others[i].what;
    return entry_kind;
}

static str detail_of(struct task *t, const struct entries_unsettled_row *row)
{
    str what = arena_printf(t->arena, "%.*s of %.*s", STR_ARG(what_of(row->kind)),
                            STR_ARG(instant_text(t->arena, row->created_at)));
    return str_given(row->resolved)
               ? arena_printf(t->arena, "%.*s: registry %.*s names it in a line that was resolved without it",
                              STR_ARG(what), STR_ARG(row->resolved))
               : arena_printf(t->arena, "%.*s is in no registry", STR_ARG(what));
}

static err page_search(struct task *t, void *context)
{
    struct search *s = context;
    const struct entries_unsettled_row *rows;
    size_t n;
    int64_t affected, from = s->position;
    TRY(entries_unsettled(t, s->position, &rows, &n));
    s->is_done = n == 0;
    for (size_t i = 0; i < n && !s->is_done; i++) {
        s->is_done = rows[i].entry_id > s->horizon || !instant_before(rows[i].created_at, s->before);
        if (s->is_done)
            break;
        if (!rows[i].is_named) {
            TRY(break_missing_open(t, rows[i].debt, rows[i].partner_id, rows[i].amount, rows[i].currency,
                                   detail_of(t, &rows[i]), &affected));
            log_warn(t, "settlement.missing", L_STR("debt", rows[i].debt));
        }
        s->position = rows[i].entry_id;
    }
    return s->position > from ? reconcile_mark_move(t, s->position, &affected) : OK;
}

/* Up to the horizon: what a sandbox books is never too young, and would take the mark past a live entry that was
 * numbered before it and is still on its way. */
err reconcile_missing(struct task *t, duration within)
{
    const struct ledger_horizon_read_row *row;
    const struct reconcile_mark_read_row *mark;
    TRY(reconcile_mark_read(t, &mark));
    if (!mark)
        return OK; /* no registry has come yet */
    TRY(ledger_horizon_read(t, &row));
    struct search s = { .before = { t->now.us - within.us }, .position = mark->position, .horizon = row->horizon };
    for (int i = 0; i < PER_ROUND && !s.is_done; i++)
        TRY(task_aside(t, ASIDE_MAX_BYTES, page_search, &s));
    return OK;
}
