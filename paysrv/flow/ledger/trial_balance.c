/* See books.h. What a partner sees as clearing is several accounts, of which each entry counts as its sum. */
#include "paysrv/domain/ledger/journal.h"

#include "paysrv/faults.h"
#include "paysrv/flow/ledger/books.h"
#include "paysrv/store/journal.sql.h"
#include "shared/base/num.h"
#include "shared/text/money_text.h"

#define PAGE_ACCOUNTS 500
#define NAME_MAX_BYTES 200
#define PAGE_MAX_BYTES ((size_t)1 << 20)
#define ASIDE_MAX_BYTES ((size_t)8 << 20)

/* Where the next page begins; outlives the memory of the one before. */
struct place {
    char bytes[3][NAME_MAX_BYTES];
    str kind, user, currency;
};

struct page {
    const struct books *books;
    const struct sink *sink;
    struct trial_totals *totals, *clearing; /* of clearing: what its accounts have together */
    partner_id partner;
    struct place place;
    bool is_done;
};

static str kept(char *into, str text)
{
    if (text.n)
        memcpy(into, text.p, text.n);
    return (str){ into, text.n };
}

/* false: the names do not fit, and the page after would begin too early. */
static bool place_set(struct place *p, str kind, str user, str currency)
{
    if (kind.n > NAME_MAX_BYTES || user.n > NAME_MAX_BYTES || currency.n > NAME_MAX_BYTES)
        return false;
    p->kind = kept(p->bytes[0], kind);
    p->user = kept(p->bytes[1], user);
    p->currency = kept(p->bytes[2], currency);
    return true;
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

static err row_write(struct task *t, struct page *p, const struct trial_balance_page_row *r, struct buf *out)
{
    struct trial_account a = { r->kind, r->user_id, r->currency, r->opening, r->debits, r->credits };
    if (!p->books->wanted.is_partners)
        return account_write(t, p, &a, out);
    if (journal_is_clearing(r->kind))
        return trial_totals_add(p->clearing, &a) ? OK : FAIL(t, INTERNAL, "the sums of clearing do not fit a number");
    a.account = journal_account_of_partner(r->kind, r->user_id);
    return account_write(t, p, &a, out);
}

/* So that nothing before the end of a period that is over is added up again. */
static err closings_keep(struct task *t, const struct page *p, const struct trial_balance_page_row *rows, size_t n)
{
    int64_t *accounts = arena_array(t->arena, int64_t, n + 1), *balances = arena_array(t->arena, int64_t, n + 1);
    size_t moved = 0;
    int64_t affected;
    for (size_t i = 0; i < n; i++) {
        const struct trial_account a = { .opening_minor = rows[i].opening,
                                         .debits_minor = rows[i].debits,
                                         .credits_minor = rows[i].credits };
        int64_t closing_minor;
        if ((!a.debits_minor && !a.credits_minor) || !trial_closing(&a, &closing_minor))
            continue;
        accounts[moved] = rows[i].account_id;
        balances[moved++] = rows[i].side * closing_minor;
    }
    if (!moved || !p->books->period.is_closed)
        return OK;
    return trial_balance_keep(t, p->books->period.to_entry, (i64_array){ accounts, moved },
                              (i64_array){ balances, moved }, &affected);
}

static err page_write(struct task *t, void *context)
{
    struct page *p = context;
    const struct book_period *period = &p->books->period;
    const struct trial_balance_page_args args = { .partner = p->partner,
                                                  .after_kind = p->place.kind,
                                                  .after_user = p->place.user,
                                                  .after_currency = p->place.currency,
                                                  .limit = PAGE_ACCOUNTS,
                                                  .from = period->from_entry,
                                                  .to = period->to_entry };
    const struct trial_balance_page_row *rows;
    struct buf out;
    size_t n;
    TRY(trial_balance_page(t, &args, &rows, &n));
    buf_init(&out, t->arena, PAGE_MAX_BYTES);
    for (size_t i = 0; i < n; i++)
        TRY(row_write(t, p, &rows[i], &out));
    TRY(closings_keep(t, p, rows, n));
    p->is_done = n < PAGE_ACCOUNTS;
    if (n && !place_set(&p->place, rows[n - 1].kind, rows[n - 1].user_id, rows[n - 1].currency))
        return FAIL(t, INTERNAL, "the name of account %lld is too long", (long long)rows[n - 1].account_id);
    return out.n ? p->sink->put(t, p->sink->context, buf_str(&out)) : OK;
}

static void clearing_moved(struct trial_account *a, const struct trial_balance_clearing_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(rows[i].currency, a->currency)) {
            a->debits_minor = rows[i].debits;
            a->credits_minor = rows[i].credits;
        }
}

/* What moved from one account of clearing to another is no turnover of it: an entry counts as its sum. */
static err clearing_write(struct task *t, void *context)
{
    struct page *p = context;
    const struct book_period *period = &p->books->period;
    const struct trial_balance_clearing_row *rows;
    struct buf out;
    size_t n;
    TRY(trial_balance_clearing(t, period->from_entry, period->to_entry, p->partner, journal_clearing_kinds(), &rows,
                               &n));
    buf_init(&out, t->arena, PAGE_MAX_BYTES);
    for (size_t i = 0; i < p->clearing->n; i++) {
        const struct trial_sums *s = &p->clearing->items[i];
        struct trial_account a = { .account = JOURNAL_CLEARING,
                                   .user = STR(""),
                                   .currency = trial_sums_currency(s),
                                   .opening_minor = s->opening_debit_minor - s->opening_credit_minor };
        int64_t closing_minor;
        clearing_moved(&a, rows, n);
        if (!trial_closing(&a, &closing_minor) || closing_minor != s->closing_debit_minor - s->closing_credit_minor)
            return FAIL(t, INTERNAL, "clearing of %.*s does not add up", STR_ARG(p->partner.v));
        TRY(account_write(t, p, &a, &out));
    }
    return out.n ? p->sink->put(t, p->sink->context, buf_str(&out)) : OK;
}

static err partner_write(struct task *t, struct page *p, partner_id partner)
{
    p->partner = partner;
    p->is_done = false;
    p->place.kind = p->place.user = p->place.currency = STR("");
    while (!p->is_done)
        TRY(task_aside(t, ASIDE_MAX_BYTES, page_write, p));
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

static void totals_csv(struct task *t, struct buf *out, const struct trial_sums *s)
{
    const int64_t amounts[] = { s->opening_debit_minor, s->opening_credit_minor, s->debits_minor,
                                s->credits_minor,       s->closing_debit_minor,  s->closing_credit_minor };
    struct csv c = { .out = out };
    csv_text(&c, STR_NONE);
    csv_text(&c, STR("total"));
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
            totals_csv(t, &out, &p->totals->items[i]);
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
