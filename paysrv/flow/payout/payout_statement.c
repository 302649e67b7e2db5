/* See payout_statement.h; MONEY 6.A14, D28. */
#include "paysrv/flow/payout/payout_statement.h"

#include "paysrv/faults.h"
#include "paysrv/flow/ledger/account_line.h"
#include "paysrv/flow/ledger/account_sums.h"
#include "paysrv/flow/ledger/ledger_cut.h"
#include "paysrv/store/payout.sql.h"
#include "paysrv/store/payout_statement.sql.h"
#include "shared/base/num.h"
#include "shared/text/csv.h"
#include "shared/text/money_text.h"

#define LINES 500
#define ASIDE_MAX_BYTES ((size_t)32 << 20)
#define CSV_MAX_BYTES ((size_t)8 << 20)

str statement_place_text(struct arena *a, const struct statement_place *place)
{
    return arena_printf(a, "%lld %lld %lld %lld", (long long)place->entry, (long long)place->line,
                        (long long)place->opening_minor, (long long)place->balance_minor);
}

bool statement_place_parse(str text, struct statement_place *ret)
{
    int64_t numbers[4];
    str rest = text, word;
    for (size_t i = 0; i < 4; i++)
        if (!str_next_word(&rest, &word) || !num_parse(word, &numbers[i]))
            return false;
    *ret = (struct statement_place){ numbers[0], (int32_t)numbers[1], numbers[2], numbers[3] };
    return true;
}

/* A charge draws its number before it waits for the balance that this payout takes, and may be committed after it: the
 * first page waits for it, or it would be in no statement. */
static err span_find(struct task *t, partner_id partner, payout_id payout, str owner, bool is_first,
                     const struct payout_span_row **ret)
{
    const struct payout_find_row *row;
    TRY(payout_find(t, partner, payout, owner, &row));
    if (!row)
        return FAIL(t, NOT_FOUND, "no such payout of this caller");
    TRY(payout_span(t, partner, payout, owner, ret));
    if (!*ret)
        return FAIL_PARAM(t, PAYOUT_STATE, STR("payout"), STR("nothing was held for it yet"));
    if (!is_first)
        return OK;
    TRY(ledger_settle(t, (*ret)->held_at));
    TRY(payout_span(t, partner, payout, owner, ret));
    return *ret ? OK : FAIL(t, INTERNAL, "what was held for %.*s is gone", STR_ARG(payout.v));
}

/* What its seller had after the hold before. */
static err opening_read(struct task *t, const struct payout_span_row *span, int64_t *minor)
{
    const struct account_span before = { span->previous_entry, span->previous_entry, 0 };
    struct account_sum sum = { .account = span->account_id };
    TRY(account_sums_read(t, &before, &sum, 1));
    *minor = sum.side * sum.opening_minor;
    return OK;
}

err payout_statement_read(struct task *t, partner_id partner, payout_id payout, str owner,
                          const struct statement_place *place, size_t limit, struct statement_page *ret)
{
    *ret = (struct statement_page){ .span = NULL };
    TRY(span_find(t, partner, payout, owner, place == NULL, &ret->span));
    const struct payout_span_row *span = ret->span;
    int64_t opening_minor;
    if (place) {
        ret->from = *place;
    } else {
        TRY(opening_read(t, span, &opening_minor));
        ret->from = (struct statement_place){ span->previous_entry, INT16_MAX, opening_minor, opening_minor };
    }
    TRY(account_lines(t, span->account_id, ret->from.entry, ret->from.line, (int64_t)limit + 1, true, span->held_entry,
                      &ret->lines, &ret->n));
    ret->is_last = ret->n <= limit;
    ret->n = ret->is_last ? ret->n : limit;
    ret->to = ret->from;
    for (size_t i = 0; i < ret->n; i++)
        ret->to.balance_minor += ret->lines[i].amount;
    if (ret->n) {
        ret->to.entry = ret->lines[ret->n - 1].entry_id;
        ret->to.line = ret->lines[ret->n - 1].line;
    }
    return OK;
}

int64_t payout_statement_balance(const struct statement_page *page, size_t i)
{
    int64_t balance = page->from.balance_minor;
    for (size_t k = 0; k <= i; k++)
        balance += page->lines[k].amount;
    return balance;
}

/* ---- CSV ---- */

static void head(struct task *t, struct csv *csv, const struct payout_span_row *span, int64_t opening_minor)
{
    account_line_names(csv);
    csv_i64(csv, span->previous_entry);
    csv_text(csv, STR_NONE);
    csv_text(csv, STR_NONE);
    csv_text(csv, STR("opening"));
    csv_text(csv, span->previous_payout);
    account_line_blanks(csv);
    csv_number(csv, money_decimal(t->arena, opening_minor, span->currency));
    csv_text(csv, span->currency);
    csv_text(csv, STR_NONE);
    csv_line_end(csv);
}

void payout_statement_csv(struct task *t, const struct statement_page *page, bool is_first, struct buf *out)
{
    const struct payout_span_row *span = page->span;
    const struct book_period utc = { .zone = NULL };
    struct csv csv = { .out = out };
    int64_t balance = page->from.balance_minor;
    if (is_first)
        head(t, &csv, span, page->from.opening_minor);
    for (size_t i = 0; i < page->n; i++) {
        balance += page->lines[i].amount;
        account_line_write(t, &csv, &utc, &page->lines[i], balance, span->currency);
    }
    const struct account_lines_row payout = { .entry_id = span->held_entry,
                                              .kind = STR("payout"),
                                              .ref = span->payout_id.v,
                                              .amount = -span->amount,
                                              .created_at = span->held_at };
    if (page->is_last)
        account_line_write(t, &csv, &utc, &payout, balance - span->amount, span->currency);
}

struct explaining {
    partner_id partner;
    payout_id payout;
    const struct sink *sink;
    struct statement_place place;
    bool is_begun, is_done;
};

static err page_write(struct task *t, void *context)
{
    struct explaining *x = context;
    struct statement_page page;
    struct buf out;
    TRY(payout_statement_read(t, x->partner, x->payout, STR_NONE, x->is_begun ? &x->place : NULL, LINES, &page));
    buf_init(&out, t->arena, CSV_MAX_BYTES);
    payout_statement_csv(t, &page, !x->is_begun, &out);
    x->place = page.to;
    x->is_begun = true;
    x->is_done = page.is_last;
    return x->sink->put(t, x->sink->context, buf_str(&out));
}

err payout_statement_write(struct task *t, partner_id partner, payout_id payout, const struct sink *sink)
{
    struct explaining x = { .partner = partner, .payout = payout, .sink = sink };
    while (!x.is_done)
        TRY(task_aside(t, ASIDE_MAX_BYTES, page_write, &x));
    return OK;
}
