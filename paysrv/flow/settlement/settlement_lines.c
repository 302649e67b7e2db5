/* See settlement_lines.h; MONEY 6.A14; SECURITY 373. */
#include "paysrv/flow/settlement/settlement_lines.h"

#include "paysrv/app.h"
#include "paysrv/domain/settlement/settlement.h"
#include "paysrv/faults.h"
#include "paysrv/flow/pay_metrics.h"
#include "paysrv/flow/settlement/settlement_book.h"
#include "paysrv/flow/walk.h"
#include "paysrv/store/settlement.sql.h"
#include "shared/ops/log.h"
#include "shared/ops/process.h"
#include "shared/text/money_text.h"

#define ASIDE_MAX_BYTES ((size_t)16 << 20)

typedef const struct settlement_lines_open_row row;

/* ---- one line ---- */

static const char *break_of(enum settlement_verdict verdict)
{
    switch (verdict) {
    case SETTLEMENT_MATCHED:
        return "";
    case SETTLEMENT_OTHER_FEE:
        return "fee";
    case SETTLEMENT_UNMATCHED:
        return "unmatched";
    case SETTLEMENT_OTHER_AMOUNT:
        return "amount";
    case SETTLEMENT_DUPLICATE:
        return "duplicate";
    case SETTLEMENT_OTHER_STATE:
        return "state";
    }
    return "";
}

static str detail_of(struct task *t, row *line, const struct settlement_case *c)
{
    if (c->verdict == SETTLEMENT_MATCHED)
        return STR("");
    str said = money_text(t->arena, line->gross, line->currency), fee = money_text(t->arena, line->fee, line->currency);
    str ours = str_given(line->op)
                   ? arena_printf(t->arena, "ours %.*s of %.*s",
                                  STR_ARG(money_text(t->arena, line->our_gross, line->currency)), STR_ARG(line->op))
                   : STR("nothing of ours");
    return arena_printf(t->arena, "%.*s %.*s: said %.*s, fee %.*s; %.*s", STR_ARG(line->kind),
                        STR_ARG(line->acquirer_id), STR_ARG(said), STR_ARG(fee), STR_ARG(ours));
}

static struct settlement_lines_done_item line_judge(struct task *t, row *line)
{
    const struct settlement_case found = settlement_case_of(t, line);
    bool is_matched = settlement_is_matched(found.verdict);
    const char *kind = break_of(found.verdict);
    pay_metrics_settlement_line(t, found.verdict);
    if (found.verdict != SETTLEMENT_MATCHED)
        log_warn(t, "settlement.break", L_STR("kind", str_of(kind)), L_STR("line", line->acquirer_id));
    return (struct settlement_lines_done_item){ .line_id = line->line_id,
                                                .outcome = is_matched ? STR("matched") : STR("break"),
                                                .partner_id = line->partner_id,
                                                .expected = is_matched ? settlement_expected(&found.ours) : 0,
                                                .break_kind = str_of(kind),
                                                .detail = detail_of(t, line, &found),
                                                .debt = line->debt };
}

/* ---- a registry ---- */

struct pass {
    int64_t settlement, line; /* the last that was looked at */
    size_t n;
};

static err some_take(struct task *t, void *context)
{
    struct pass *p = context;
    row *rows;
    int64_t affected;
    TRY(settlement_lines_open(t, p->settlement, p->line, &rows, &p->n));
    if (p->n == 0)
        return OK;
    struct settlement_lines_done_item *done = arena_array(t->arena, struct settlement_lines_done_item, p->n);
    for (size_t i = 0; i < p->n; i++)
        done[i] = line_judge(t, &rows[i]);
    p->line = rows[p->n - 1].line_id;
    CRASH_POINT("settlement.before_lines");
    TRY(settlement_lines_done(t, done, p->n, &affected));
    CRASH_POINT("settlement.after_lines");
    return OK;
}

static err registry_take(struct task *t, int64_t settlement)
{
    struct pass p = { .settlement = settlement };
    do {
        TRY(task_aside(t, ASIDE_MAX_BYTES, some_take, &p));
    } while (p.n);
    return settlement_book(t, settlement);
}

/* ---- what was a break ---- */

static err heal(struct task *t, void *context)
{
    const struct settlement_breaks_healing_row *b = context;
    row *line;
    TRY(settlement_line_find(t, b->line_id, &line));
    if (!line)
        return OK;
    const struct settlement_case now = settlement_case_of(t, line);
    return settlement_is_matched(now.verdict) ? settlement_heal(t, b->break_id) : OK;
}

static err some_heal(struct task *t, void *context)
{
    const struct settlement_breaks_healing_row *rows;
    struct walk *w = context;
    TRY(settlement_breaks_healing(t, w->id, w->step_most, &rows, &w->n));
    for (size_t i = 0; i < w->n; i++) {
        struct settlement_breaks_healing_row one = rows[i];
        walk_note(t, w, task_aside(t, ASIDE_MAX_BYTES, heal, &one));
    }
    w->id = w->n > 0 ? rows[w->n - 1].break_id : w->id;
    return OK;
}

static err breaks_heal(struct task *t)
{
    struct walk w = walk_begin(t, WALK_STEP, WALK_LIMIT);
    TRY(walk_run(t, &w, some_heal));
    return w.failed ? FAIL(t, INTERNAL, "%lld breaks could not be healed", (long long)w.failed) : OK;
}

struct early_credits {
    struct walk walk; /* id: the line */
    int64_t settlement;
};

static err some_early_credits_take(struct task *t, void *context)
{
    const struct settlement_credits_early_row *rows;
    struct early_credits *early = context;
    struct walk *w = &early->walk;
    TRY(settlement_credits_early(t, w->id, early->settlement, w->step_most, &rows, &w->n));
    for (size_t i = 0; i < w->n; i++) {
        walk_note(t, w, settlement_pay(t, rows[i].settlement_id, rows[i].line_id));
        w->id = rows[i].line_id;
        early->settlement = rows[i].settlement_id;
    }
    return OK;
}

/* Past those that cannot be taken. */
static err early_credits_take(struct task *t)
{
    struct early_credits early = { .walk = walk_begin(t, WALK_STEP, WALK_LIMIT) };
    struct walk *w = &early.walk;
    TRY(walk_run(t, w, some_early_credits_take));
    return w->failed ? FAIL(t, INTERNAL, "%lld early credits could not be taken", (long long)w->failed) : OK;
}

/* ---- all ---- */

static err registries_take(struct task *t)
{
    const struct settlements_open_row *rows;
    err first = OK;
    size_t n;
    TRY(settlements_open(t, &rows, &n));
    for (size_t i = 0; i < n; i++)
        first = failure_first(t, first, registry_take(t, rows[i].settlement_id));
    return first;
}

static err gauges_set(struct task *t)
{
    const struct settlement_oldest_row *oldest;
    const struct breaks_ages_row *ages;
    TRY(settlement_oldest(t, &oldest));
    TRY(breaks_ages(t, &ages));
    const int64_t by_age[] = { ages->day, ages->three_days, ages->week, ages->older };
    pay_metrics_break_ages(by_age);
    pay_metrics_clearing(oldest->created_at_given ? (t->now.us - oldest->created_at.us) / SECONDS(1).us : 0);
    return OK;
}

err settlements_work(struct task *t)
{
    err first = registries_take(t);
    first = failure_first(t, first, breaks_heal(t));
    first = failure_first(t, first, early_credits_take(t));
    return failure_first(t, first, gauges_set(t));
}
