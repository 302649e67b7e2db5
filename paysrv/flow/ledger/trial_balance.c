/* See books.h. What a partner sees as clearing is several accounts, of which each entry counts as its sum. */
#include "paysrv/domain/ledger/journal.h"

#include "paysrv/faults.h"
#include "paysrv/flow/ledger/account_sums.h"
#include "paysrv/flow/ledger/books.h"
#include "paysrv/store/journal.sql.h"
#include "shared/base/num.h"
#include "shared/text/money_text.h"

#define PAGE_MAX_BYTES ((size_t)1 << 20)
#define ASIDE_MAX_BYTES ((size_t)8 << 20)

struct page {
    const struct books *books;
    const struct sink *sink;
    struct trial_totals *totals, *clearing; /* of clearing: what its accounts have together */
    partner_id partner;
};

static struct account_span books_span(const struct books *b)
{
    return (struct account_span){ b->period.from_entry, b->period.to_entry, b->at_once };
}

/* ---- lines ---- */

static void csv_head(struct buf *out)
{
    static const char *const names[] = { "partner",        "account", "user",    "currency",      "opening_debit",
                                         "opening_credit", "debits",  "credits", "closing_debit", "closing_credit" };
    struct csv c = { .out = out };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        csv_text(&c, str_of(names[i]));
    csv_line_end(&c);
}

static void csv_write(struct task *t, struct buf *out, str partner, const struct trial_account *a,
                      int64_t closing_minor)
{
    struct csv c = { .out = out };
    csv_text(&c, partner);
    csv_text(&c, a->account);
    csv_text(&c, a->user);
    csv_text(&c, a->currency);
    books_sides(t, &c, a->opening_minor, a->currency);
    csv_number(&c, money_decimal(t->arena, a->debits_minor, a->currency));
    csv_number(&c, money_decimal(t->arena, a->credits_minor, a->currency));
    books_sides(t, &c, closing_minor, a->currency);
    csv_line_end(&c);
}

static void jsonl_sums(struct json *j, const struct trial_sums *s)
{
    json_i64(j, "opening_debit", s->opening_debit_minor);
    json_i64(j, "opening_credit", s->opening_credit_minor);
    json_i64(j, "debits", s->debits_minor);
    json_i64(j, "credits", s->credits_minor);
    json_i64(j, "closing_debit", s->closing_debit_minor);
    json_i64(j, "closing_credit", s->closing_credit_minor);
}

static void jsonl_write(struct buf *out, str partner, const struct trial_account *a, int64_t closing_minor)
{
    const struct trial_sums sums = { .opening_debit_minor = books_debit(a->opening_minor),
                                     .opening_credit_minor = books_credit(a->opening_minor),
                                     .debits_minor = a->debits_minor,
                                     .credits_minor = a->credits_minor,
                                     .closing_debit_minor = books_debit(closing_minor),
                                     .closing_credit_minor = books_credit(closing_minor) };
    struct json j;
    json_begin(&j, out);
    json_str(&j, "object", STR("trial_balance_account"));
    json_str(&j, "partner", partner);
    json_str(&j, "account", a->account);
    json_str_or_null(&j, "user", a->user.n ? a->user : STR_NONE);
    json_str(&j, "currency", a->currency);
    jsonl_sums(&j, &sums);
    json_end(&j);
    buf_add_char(out, '\n');
}

/* An account that had nothing and moved nothing is not in the books of the period. */
static err account_write(struct task *t, struct page *p, const struct trial_account *a, struct buf *out)
{
    int64_t closing_minor;
    if (trial_is_empty(a))
        return OK;
    if (!trial_closing(a, &closing_minor) || !trial_totals_add(p->totals, a))
        return FAIL(t, INTERNAL, "the sums of %.*s do not fit a number", STR_ARG(p->partner.v));
    if (p->books->format == BOOKS_CSV)
        csv_write(t, out, p->partner.v, a, closing_minor);
    else
        jsonl_write(out, p->partner.v, a, closing_minor);
    return OK;
}

/* ---- page by page ---- */

static err row_write(struct task *t, struct page *p, const struct account_page_row *r, const struct account_sum *sum,
                     struct buf *out)
{
    struct trial_account a = { r->kind,           r->user_id,        r->currency, sum->opening_minor,
                               sum->debits_minor, sum->credits_minor };
    if (!p->books->wanted.is_partners)
        return account_write(t, p, &a, out);
    if (journal_is_clearing(r->kind))
        return trial_totals_add(p->clearing, &a) ? OK : FAIL(t, INTERNAL, "the sums of clearing do not fit a number");
    a.account = journal_account_of_partner(r->kind, r->user_id);
    return account_write(t, p, &a, out);
}

static err page_write(struct task *t, void *context, const struct account_page_row *accounts,
                      const struct account_sum *sums, size_t n)
{
    struct page *p = context;
    struct buf out;
    buf_init(&out, t->arena, PAGE_MAX_BYTES);
    for (size_t i = 0; i < n; i++)
        TRY(row_write(t, p, &accounts[i], &sums[i], &out));
    return out.n ? p->sink->put(t, p->sink->context, buf_str(&out)) : OK;
}

/* ---- clearing ---- */

/* Of some entries of the period; an entry lies in one of these windows as a whole. */
struct clearing_window {
    const struct page *page;
    struct trial_totals *moved;
    int64_t after, until;
};

static err window_add(struct task *t, void *context)
{
    struct clearing_window *w = context;
    const struct trial_balance_clearing_row *rows;
    size_t n;
    TRY(trial_balance_clearing(t, w->after, w->until, w->page->partner, journal_clearing_kinds(), &rows, &n));
    for (size_t i = 0; i < n; i++) {
        const struct trial_account moved = { .currency = rows[i].currency,
                                             .debits_minor = rows[i].debits,
                                             .credits_minor = rows[i].credits };
        if (!trial_totals_add(w->moved, &moved))
            return FAIL(t, INTERNAL, "the sums of clearing do not fit a number");
    }
    return OK;
}

/* What moved from one account of clearing to another is no turnover of it: an entry counts as its sum. */
static err clearing_add_up(struct task *t, const struct page *p, struct trial_totals *ret)
{
    const struct account_span span = books_span(p->books);
    struct clearing_window w = { .page = p, .moved = ret, .until = span.from_entry };
    while (w.until < span.to_entry) {
        int64_t left = span.to_entry - w.until, at_once = account_span_at_once(&span);
        w.after = w.until;
        w.until += left < at_once ? left : at_once;
        TRY(task_aside(t, ASIDE_MAX_BYTES, window_add, &w));
    }
    return OK;
}

static void clearing_moved(struct trial_account *a, const struct trial_totals *moved)
{
    for (size_t i = 0; i < moved->n; i++)
        if (str_eq(trial_sums_currency(&moved->items[i]), a->currency)) {
            a->debits_minor = moved->items[i].debits_minor;
            a->credits_minor = moved->items[i].credits_minor;
        }
}

static err clearing_write(struct task *t, void *context)
{
    struct page *p = context;
    struct trial_totals *moved = arena_new(t->arena, struct trial_totals);
    struct buf out;
    TRY(clearing_add_up(t, p, moved));
    buf_init(&out, t->arena, PAGE_MAX_BYTES);
    for (size_t i = 0; i < p->clearing->n; i++) {
        const struct trial_sums *s = &p->clearing->items[i];
        struct trial_account a = { .account = JOURNAL_CLEARING,
                                   .user = STR(""),
                                   .currency = trial_sums_currency(s),
                                   .opening_minor = s->opening_debit_minor - s->opening_credit_minor };
        int64_t closing_minor;
        clearing_moved(&a, moved);
        if (!trial_closing(&a, &closing_minor) || closing_minor != s->closing_debit_minor - s->closing_credit_minor)
            return FAIL(t, INTERNAL, "clearing of %.*s does not add up", STR_ARG(p->partner.v));
        TRY(account_write(t, p, &a, &out));
    }
    return out.n ? p->sink->put(t, p->sink->context, buf_str(&out)) : OK;
}

static err partner_write(struct task *t, struct page *p, partner_id partner)
{
    const struct account_range all = { .partner = partner,
                                       .span = books_span(p->books),
                                       .is_closed = p->books->period.is_closed };
    p->partner = partner;
    TRY(account_pages_read(t, &all, page_write, p));
    return p->books->wanted.is_partners ? task_aside(t, ASIDE_MAX_BYTES, clearing_write, p) : OK;
}

static err all_write(struct task *t, struct page *p)
{
    const struct trial_balance_partner_row *next;
    TRY(trial_balance_partner(t, (partner_id){ STR("") }, &next));
    while (next) {
        TRY(partner_write(t, p, next->partner_id));
        TRY(trial_balance_partner(t, next->partner_id, &next));
    }
    return OK;
}

/* ---- the sums ---- */

static void totals_csv(struct task *t, struct buf *out, const struct trial_sums *s, bool is_closed)
{
    const int64_t amounts[] = { s->opening_debit_minor, s->opening_credit_minor, s->debits_minor,
                                s->credits_minor,       s->closing_debit_minor,  s->closing_credit_minor };
    struct csv c = { .out = out };
    csv_text(&c, STR_NONE);
    csv_text(&c, is_closed ? STR("total") : STR("provisional_total"));
    csv_text(&c, STR_NONE);
    csv_text(&c, trial_sums_currency(s));
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++)
        csv_number(&c, money_decimal(t->arena, amounts[i], trial_sums_currency(s)));
    csv_line_end(&c);
}

static void totals_jsonl(struct buf *out, const struct trial_sums *s)
{
    struct json j;
    json_begin(&j, out);
    json_str(&j, "object", STR("trial_balance_total"));
    json_str(&j, "currency", trial_sums_currency(s));
    jsonl_sums(&j, s);
    json_end(&j);
    buf_add_char(out, '\n');
}

static err totals_write(struct task *t, const struct page *p)
{
    struct buf out;
    if (!trial_totals_are_even(p->totals))
        return FAIL(t, INTERNAL, "debits and credits of a trial balance are not even");
    buf_init(&out, t->arena, PAGE_MAX_BYTES);
    for (size_t i = 0; i < p->totals->n; i++) {
        if (p->books->format == BOOKS_CSV)
            totals_csv(t, &out, &p->totals->items[i], p->books->period.is_closed);
        else
            totals_jsonl(&out, &p->totals->items[i]);
    }
    return out.n ? p->sink->put(t, p->sink->context, buf_str(&out)) : OK;
}

err trial_balance_write(struct task *t, const struct books *b, const struct sink *sink)
{
    struct page *p = arena_new(t->arena, struct page);
    *p = (struct page){ .books = b,
                        .sink = sink,
                        .totals = arena_new(t->arena, struct trial_totals),
                        .clearing = arena_new(t->arena, struct trial_totals) };
    struct buf out;
    buf_init(&out, t->arena, 65536);
    if (b->format == BOOKS_CSV)
        csv_head(&out);
    else
        books_head(&out, b, "trial_balance");
    TRY(sink->put(t, sink->context, buf_str(&out)));
    TRY(b->wanted.partner.v.n ? partner_write(t, p, b->wanted.partner) : all_write(t, p));
    return totals_write(t, p);
}
