/* See books.h. The entries of one partner lie between those of others, so they are looked for in windows that grow
 * while little is found, and their lines are read page by page. */
#include "paysrv/domain/ledger/journal.h"

#include "paysrv/domain/ledger/window.h"
#include "paysrv/faults.h"
#include "paysrv/flow/ledger/books.h"
#include "paysrv/store/journal.sql.h"
#include "shared/base/num.h"

#define WINDOW_ENTRIES 16384 /* found by one statement, which asks each account of the partner */
#define PAGE_ENTRIES 500     /* whose lines are read by one statement */
#define PAGE_MAX_BYTES ((size_t)8 << 20)
#define WINDOW_MAX_BYTES ((size_t)1 << 20)
#define ASIDE_MAX_BYTES ((size_t)32 << 20)

struct page {
    const struct books *books;
    const struct sink *sink;
    struct trial_totals *totals;
    int64_t after, window, written;
    i64_array entries; /* of the page, in the memory of its window */
};

/* The rows of one entry. */
struct booked {
    const struct journal_lines_row *first;
    struct journal_line *lines;
    size_t n;
};

static void csv_head(struct buf *out)
{
    static const char *const names[] = { "entry",    "date",    "time", "partner", "kind",   "reference",
                                         "reverses", "account", "user", "debit",   "credit", "currency" };
    struct csv c = { .out = out };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        csv_text(&c, str_of(names[i]));
    csv_line_end(&c);
}

static void csv_write(struct task *t, struct buf *out, const struct books *b, const struct booked *e)
{
    const struct journal_lines_row *r = e->first;
    str day = book_period_day(t->arena, &b->period, r->created_at), time = instant_iso(t->arena, r->created_at);
    struct csv c = { .out = out };
    for (size_t i = 0; i < e->n; i++) {
        csv_i64(&c, r->entry_id);
        csv_text(&c, day);
        csv_text(&c, time);
        csv_text(&c, r->partner_id.v);
        csv_text(&c, r->kind);
        csv_text(&c, r->ref);
        csv_number(&c, r->reverses_given ? arena_printf(t->arena, "%lld", (long long)r->reverses) : STR(""));
        csv_text(&c, e->lines[i].account);
        csv_text(&c, e->lines[i].user);
        books_sides(t, &c, e->lines[i].amount_minor, e->lines[i].currency);
        csv_text(&c, e->lines[i].currency);
        csv_line_end(&c);
    }
}

static void jsonl_write(struct task *t, struct buf *out, const struct books *b, const struct booked *e)
{
    const struct journal_lines_row *r = e->first;
    struct json j;
    json_begin(&j, out);
    json_str(&j, "object", STR("journal_entry"));
    json_i64(&j, "entry", r->entry_id);
    json_str(&j, "date", book_period_day(t->arena, &b->period, r->created_at));
    json_time(&j, "created_at", r->created_at);
    json_str(&j, "partner", r->partner_id.v);
    json_str(&j, "kind", r->kind);
    json_str(&j, "reference", r->ref);
    if (r->reverses_given)
        json_i64(&j, "reverses", r->reverses);
    else
        json_null(&j, "reverses");
    json_array(&j, "postings");
    for (size_t i = 0; i < e->n; i++) {
        json_object(&j, NULL);
        json_str(&j, "account", e->lines[i].account);
        json_str_or_null(&j, "user", e->lines[i].user.n ? e->lines[i].user : STR_NONE);
        json_i64(&j, "debit", books_debit(e->lines[i].amount_minor));
        json_i64(&j, "credit", books_credit(e->lines[i].amount_minor));
        json_str(&j, "currency", e->lines[i].currency);
        json_close(&j);
    }
    json_close(&j);
    json_end(&j);
    buf_add_char(out, '\n');
}

static err totals_add(struct task *t, struct page *p, const struct booked *e)
{
    for (size_t i = 0; i < e->n; i++) {
        const struct trial_account moved = { .currency = e->lines[i].currency,
                                             .debits_minor = books_debit(e->lines[i].amount_minor),
                                             .credits_minor = books_credit(e->lines[i].amount_minor) };
        if (!trial_totals_add(p->totals, &moved))
            return FAIL(t, INTERNAL, "the sums of a journal do not fit a number");
    }
    return OK;
}

static err entry_write(struct task *t, struct page *p, struct booked *e, struct buf *out)
{
    const struct books *b = p->books;
    if (b->wanted.is_partners && !journal_lines_of_partner(e->lines, &e->n))
        return FAIL(t, INTERNAL, "entry %lld does not fit a number", (long long)e->first->entry_id);
    if (!e->n)
        return OK;
    if (++p->written > JOURNAL_MAX_ENTRIES)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("to"), JOURNAL_TOO_LONG);
    TRY(totals_add(t, p, e));
    if (b->format == BOOKS_CSV)
        csv_write(t, out, b, e);
    else
        jsonl_write(t, out, b, e);
    return OK;
}

/* The lines of the first entry of these rows. */
static struct booked booked_read(struct task *t, const struct journal_lines_row *rows, size_t n)
{
    struct booked e = { .first = rows };
    while (e.n < n && rows[e.n].entry_id == rows[0].entry_id)
        e.n++;
    e.lines = arena_array(t->arena, struct journal_line, e.n);
    for (size_t i = 0; i < e.n; i++)
        e.lines[i] = (struct journal_line){ rows[i].account, rows[i].user_id, rows[i].currency, rows[i].amount };
    return e;
}

static err page_write(struct task *t, void *context)
{
    struct page *p = context;
    const struct journal_lines_row *rows;
    struct buf out;
    size_t n, lines;
    TRY(journal_lines(t, p->entries, &rows, &n));
    buf_init(&out, t->arena, PAGE_MAX_BYTES);
    for (size_t at = 0; at < n; at += lines) {
        struct booked e = booked_read(t, rows + at, n - at);
        lines = e.n;
        TRY(entry_write(t, p, &e, &out));
    }
    return out.n ? p->sink->put(t, p->sink->context, buf_str(&out)) : OK;
}

static err entries_find(struct task *t, const struct page *p, int64_t until, i64_array *ret)
{
    partner_id partner = p->books->wanted.partner;
    const struct journal_entries_row *row;
    if (partner.v.n)
        TRY(journal_entries(t, p->after, until, partner, WINDOW_ENTRIES, &row));
    else
        TRY(journal_entries_of_all(t, p->after, until, WINDOW_ENTRIES, &row));
    *ret = row->entries;
    return OK;
}

/* A full one may have more entries than were wanted: what is after the last of them is looked for again. */
static err window_write(struct task *t, void *context)
{
    struct page *p = context;
    int64_t end = p->books->period.to_entry, until = end - p->after < p->window ? end : p->after + p->window;
    i64_array found;
    TRY(entries_find(t, p, until, &found));
    for (size_t at = 0; at < found.n; at += p->entries.n) {
        p->entries = (i64_array){ found.items + at, found.n - at < PAGE_ENTRIES ? found.n - at : PAGE_ENTRIES };
        TRY(task_aside(t, ASIDE_MAX_BYTES, page_write, p));
    }
    p->after = found.n == WINDOW_ENTRIES ? found.items[found.n - 1] : until;
    p->window = window_next(p->window, (int64_t)found.n, WINDOW_ENTRIES);
    return OK;
}

static void totals_write(struct buf *out, const struct trial_totals *totals)
{
    for (size_t i = 0; i < totals->n; i++) {
        struct json j;
        json_begin(&j, out);
        json_str(&j, "object", STR("journal_total"));
        json_str(&j, "currency", trial_sums_currency(&totals->items[i]));
        json_i64(&j, "debits", totals->items[i].debits_minor);
        json_i64(&j, "credits", totals->items[i].credits_minor);
        json_end(&j);
        buf_add_char(out, '\n');
    }
}

err journal_write(struct task *t, const struct books *b, const struct sink *sink)
{
    struct page p = { .books = b,
                      .sink = sink,
                      .totals = arena_new(t->arena, struct trial_totals),
                      .after = b->period.from_entry,
                      .window = WINDOW_ENTRIES };
    struct buf out;
    buf_init(&out, t->arena, 65536);
    if (b->format == BOOKS_CSV)
        csv_head(&out);
    else
        books_head(&out, b, "journal");
    TRY(sink->put(t, sink->context, buf_str(&out)));
    while (p.after < b->period.to_entry)
        TRY(task_aside(t, WINDOW_MAX_BYTES, window_write, &p));
    if (!trial_totals_are_even(p.totals))
        return FAIL(t, INTERNAL, "debits and credits of a journal are not even");
    if (b->format == BOOKS_CSV || !p.totals->n)
        return OK;
    buf_init(&out, t->arena, 65536);
    totals_write(&out, p.totals);
    return sink->put(t, sink->context, buf_str(&out));
}
