/* See account_statement.h; MONEY 6.D28, D29. */
#include "paysrv/flow/ledger/account_statement.h"

#include "paysrv/domain/bank/camt_statement.h"
#include "paysrv/domain/ledger/journal.h"
#include "paysrv/domain/report/statement_sheet.h"
#include "paysrv/faults.h"
#include "paysrv/flow/ledger/account_line.h"
#include "paysrv/flow/ledger/account_sums.h"
#include "paysrv/flow/report/paper_pdf.h"
#include "paysrv/flow/report/paper_words.h"
#include "paysrv/store/payout_statement.sql.h"
#include "paysrv/store/statement.sql.h"
#include "shared/base/buf.h"
#include "shared/base/num.h"
#include "shared/text/csv.h"
#include "shared/text/currency.h"
#include "shared/text/json_out.h"
#include "shared/text/money_text.h"

#define PAGE_LINES 500 /* of 3 KB each, at the most */
#define PAGE_MAX_BYTES ((size_t)4 << 20)
#define ASIDE_MAX_BYTES ((size_t)16 << 20)

bool account_format_parse(str text, enum account_format *ret)
{
    static const struct {
        str name;
        enum account_format format;
    } formats[] = { { STR("csv"), STATEMENT_CSV },
                    { STR("jsonl"), STATEMENT_JSONL },
                    { STR("camt053"), STATEMENT_CAMT053 },
                    { STR("pdf"), STATEMENT_PDF } };
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        if (str_eq(text, formats[i].name)) {
            *ret = formats[i].format;
            return true;
        }
    return false;
}

/* ---- what is in it ---- */

static err sums_read(struct task *t, struct account_statement *s)
{
    const struct account_span span = { s->period.from_entry, s->period.to_entry, 0 };
    struct account_sum sum = { .account = s->account };
    const struct account_closing_keep_row *kept;
    int64_t closing_minor;
    TRY(account_sums_read(t, &span, &sum, 1));
    if (!account_sum_closing(&sum, &closing_minor))
        return FAIL(t, INTERNAL, "the sums of account %lld do not fit a number", (long long)s->account);
    s->opening_minor = sum.side * sum.opening_minor;
    s->closing_minor = sum.side * closing_minor;
    s->came_minor = sum.side > 0 ? sum.debits_minor : sum.credits_minor;
    s->went_minor = sum.side > 0 ? sum.credits_minor : sum.debits_minor;
    s->entries = sum.entries;
    if (!s->period.is_closed)
        return OK;
    TRY(account_closing_keep(t, s->account, s->period.to_entry, s->closing_minor, s->owner, &kept));
    s->owner = kept->owner;
    return OK;
}

err account_statement_open(struct task *t, const struct account_wanted *wanted, struct account_statement *ret)
{
    const struct statement_account_row *account;
    struct account_statement s = { .wanted = *wanted };
    if (!currency_find(wanted->currency))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("currency"), currency_allowed(wanted->currency));
    TRY(book_period_read(t, wanted->from, wanted->to, wanted->zone, &s.period));
    TRY(statement_account(t, wanted->partner, journal_kind_of_account(wanted->kind), wanted->user, wanted->currency,
                          &account));
    if (!account)
        return FAIL(t, NOT_FOUND, "no such account in this currency");
    s.account = account->account_id;
    if (!journal_is_clearing(wanted->kind)) /* which the operator sees apart */
        s.wanted.kind = journal_account_of_partner(wanted->kind, wanted->user);
    s.owner = str_given(account->user_name) ? account->user_name : account->partner_name;
    TRY(book_period_places(t, &s.period));
    TRY(sums_read(t, &s));
    if (s.entries > STATEMENT_MAX_ENTRIES)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("to"), STR("there are more than 1000000 entries: ask for less"));
    if (s.entries > STATEMENT_PDF_MAX_ENTRIES && wanted->format == STATEMENT_PDF)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("format"),
                          STR("a PDF has at most 2000 entries: ask for less, or for csv"));
    *ret = s;
    return OK;
}

/* ---- formats ---- */

struct page {
    const struct account_statement *statement;
    const struct sink *sink;
    int64_t entry, balance_minor, written;
    int32_t line;
    bool is_done;
};

static str last_day(struct arena *a, const struct account_statement *s)
{
    return book_period_day(a, &s->period, (instant){ s->period.to.us - 1 });
}

/* Of a period that is not over, the books have its entries until now: nobody may take that for the balance of its end.
 * What has not begun ends where it begins. */
static instant end_of(const struct task *t, const struct account_statement *s)
{
    bool has_ended = s->period.is_closed || !instant_before(t->now, s->period.to);
    return has_ended ? s->period.to : instant_before(t->now, s->period.from) ? s->period.from : t->now;
}

static str end_day(struct task *t, const struct account_statement *s)
{
    instant end = end_of(t, s);
    return instant_before(s->period.from, end) ? book_period_day(t->arena, &s->period, (instant){ end.us - 1 })
                                               : account_statement_day(t->arena, s);
}

static void csv_balance(struct task *t, struct csv *c, const struct account_statement *s, bool is_opening)
{
    int64_t minor = is_opening ? s->opening_minor : s->closing_minor;
    csv_text(c, STR_NONE);
    csv_text(c, is_opening ? account_statement_day(t->arena, s) : end_day(t, s));
    csv_text(c, instant_iso(t->arena, is_opening ? s->period.from : end_of(t, s)));
    csv_text(c, is_opening ? STR("opening") : s->period.is_closed ? STR("closing") : STR("provisional"));
    csv_text(c, STR_NONE);
    account_line_blanks(c);
    csv_number(c, money_decimal(t->arena, minor, s->wanted.currency));
    csv_text(c, s->wanted.currency);
    csv_text(c, s->owner);
    csv_line_end(c);
}

static void csv_head(struct task *t, struct buf *out, const struct account_statement *s)
{
    struct csv c = { .out = out };
    account_line_names(&c);
    csv_balance(t, &c, s, true);
}

static void jsonl_summary(struct buf *out, const struct account_statement *s)
{
    struct json j;
    json_begin(&j, out);
    json_str(&j, "object", STR("account_statement"));
    json_str(&j, "account", s->wanted.kind);
    json_str_or_null(&j, "user", s->wanted.user.n ? s->wanted.user : STR_NONE);
    json_str(&j, "currency", s->wanted.currency);
    json_time(&j, "from", s->period.from);
    json_time(&j, "to", s->period.to);
    json_bool(&j, "closed", s->period.is_closed);
    json_i64(&j, "opening", s->opening_minor);
    json_i64(&j, "came", s->came_minor);
    json_i64(&j, "went", s->went_minor);
    json_i64(&j, "closing", s->closing_minor);
    json_i64(&j, "entries", s->entries);
    json_end(&j);
    buf_add_char(out, '\n');
}

static void jsonl_line(struct task *t, struct buf *out, const struct account_statement *s,
                       const struct account_lines_row *line, int64_t balance_minor)
{
    struct json j;
    json_begin(&j, out);
    json_i64(&j, "entry", line->entry_id);
    json_str(&j, "date", book_period_day(t->arena, &s->period, line->created_at));
    json_str(&j, "kind", line->kind);
    json_str(&j, "reference", line->ref);
    json_str_or_null(&j, "payment", line->payment_id);
    json_str_or_null(&j, "external_id", line->external_id);
    json_str_or_null(&j, "description", line->description);
    json_i64(&j, "amount", line->amount);
    json_i64(&j, "balance", balance_minor);
    json_time(&j, "created_at", line->created_at);
    json_end(&j);
    buf_add_char(out, '\n');
}

static struct camt_statement camt_of(struct task *t, const struct account_statement *s)
{
    return (struct camt_statement){
        .id = arena_printf(t->arena, "%lld-%lld-%lld", (long long)s->account, (long long)s->period.from_entry,
                           (long long)s->period.to_entry),
        .account = s->wanted.user.n ? s->wanted.user : s->wanted.kind,
        .owner = s->owner,
        .currency = s->wanted.currency,
        .from = s->period.from,
        .to = end_of(t, s),
        .made = t->now,
        .first_day = account_statement_day(t->arena, s),
        .last_day = end_day(t, s),
        .is_closed = s->period.is_closed,
        .opening_minor = s->opening_minor,
        .closing_minor = s->closing_minor,
        .came_minor = s->came_minor,
        .went_minor = s->went_minor,
        .entries = s->entries,
    };
}

static void head_write(struct task *t, struct buf *out, const struct account_statement *s)
{
    const struct camt_statement camt = camt_of(t, s);
    switch (s->wanted.format) {
    case STATEMENT_CSV:
        csv_head(t, out, s);
        return;
    case STATEMENT_JSONL:
        jsonl_summary(out, s);
        return;
    case STATEMENT_CAMT053:
        camt_statement_head(t->arena, &camt, out);
        return;
    case STATEMENT_PDF:
        return;
    }
}

static void line_write(struct task *t, struct buf *out, const struct account_statement *s,
                       const struct account_lines_row *line, int64_t balance_minor)
{
    const struct camt_statement camt = { .currency = s->wanted.currency };
    const struct camt_entry entry = { .entry = line->entry_id,
                                      .kind = line->kind,
                                      .reference = line->ref,
                                      .text = line->description,
                                      .amount_minor = line->amount,
                                      .day = book_period_day(t->arena, &s->period, line->created_at),
                                      .at = line->created_at };
    struct csv c = { .out = out };
    switch (s->wanted.format) {
    case STATEMENT_CSV:
        account_line_write(t, &c, &s->period, line, balance_minor, s->wanted.currency);
        return;
    case STATEMENT_JSONL:
        jsonl_line(t, out, s, line, balance_minor);
        return;
    case STATEMENT_CAMT053:
        camt_statement_entry(t->arena, &camt, &entry, out);
        return;
    case STATEMENT_PDF:
        return;
    }
}

static void end_write(struct task *t, struct buf *out, const struct account_statement *s)
{
    struct csv c = { .out = out };
    switch (s->wanted.format) {
    case STATEMENT_CSV:
        csv_balance(t, &c, s, false);
        return;
    case STATEMENT_JSONL:
        return;
    case STATEMENT_CAMT053:
        camt_statement_end(out);
        return;
    case STATEMENT_PDF:
        return;
    }
}

/* ---- page by page ---- */

static err page_write(struct task *t, void *context)
{
    struct page *p = context;
    const struct account_statement *s = p->statement;
    const struct account_lines_row *lines;
    struct buf out;
    size_t n;
    TRY(account_lines(t, s->account, p->entry, p->line, PAGE_LINES, s->wanted.format == STATEMENT_CSV,
                      s->period.to_entry + 1, &lines, &n));
    buf_init(&out, t->arena, PAGE_MAX_BYTES);
    for (size_t i = 0; i < n; i++) {
        p->balance_minor += lines[i].amount;
        line_write(t, &out, s, &lines[i], p->balance_minor);
        p->entry = lines[i].entry_id;
        p->line = lines[i].line;
    }
    p->written += (int64_t)n;
    p->is_done = n < PAGE_LINES;
    return n ? p->sink->put(t, p->sink->context, buf_str(&out)) : OK;
}

/* ---- on paper, as a whole ---- */

struct on_paper {
    struct statement_paper paper;
    const struct account_statement *statement;
    const struct account_lines_row *lines;
    size_t n;
    int64_t balance_minor;
};

str account_statement_day(struct arena *a, const struct account_statement *s)
{
    return book_period_day(a, &s->period, s->period.from);
}

static void lay_out(struct sheet *sheet, const void *what)
{
    const struct on_paper *p = what;
    int64_t balance_minor = p->statement->opening_minor;
    statement_paper_begin(sheet, &p->paper);
    for (size_t i = 0; i < p->n; i++) {
        balance_minor += p->lines[i].amount;
        const struct statement_paper_line line = {
            .day = book_period_day(sheet->arena, &p->statement->period, p->lines[i].created_at),
            .kind = paper_entry_word(p->statement->wanted.language, p->lines[i].kind),
            .reference = p->lines[i].ref,
            .text = p->lines[i].description,
            .amount_minor = p->lines[i].amount,
            .balance_minor = balance_minor
        };
        statement_paper_line(sheet, &p->paper, &line);
    }
    statement_paper_end(sheet, &p->paper);
}

static err paper_write(struct task *t, const struct account_statement *s, const struct sink *sink)
{
    struct on_paper p = { .statement = s, .balance_minor = s->opening_minor };
    str pdf;
    TRY(account_lines(t, s->account, s->period.from_entry, INT16_MAX, STATEMENT_PDF_MAX_ENTRIES + 1, false,
                      s->period.to_entry + 1, &p.lines, &p.n));
    for (size_t i = 0; i < p.n; i++)
        p.balance_minor += p.lines[i].amount;
    if (p.balance_minor != s->closing_minor || (int64_t)p.n != s->entries)
        return FAIL(t, INTERNAL, "the statement of account %lld does not add up", (long long)s->account);
    p.paper = (struct statement_paper){ .language = paper_language_of(t->arena, s->wanted.language),
                                        .owner = s->owner,
                                        .account = paper_account_word(s->wanted.language, s->wanted.kind),
                                        .account_id = s->wanted.user.n ? s->wanted.user : s->wanted.partner.v,
                                        .currency = s->wanted.currency,
                                        .from_day = book_period_day(t->arena, &s->period, s->period.from),
                                        .to_day = last_day(t->arena, s),
                                        .zone = s->wanted.zone,
                                        .from = s->period.from,
                                        .to = s->period.to,
                                        .is_closed = s->period.is_closed,
                                        .as_of = t->now,
                                        .opening_minor = s->opening_minor,
                                        .came_minor = s->came_minor,
                                        .went_minor = s->went_minor,
                                        .closing_minor = s->closing_minor,
                                        .entries = s->entries };
    const struct paper_title title = { statement_paper_title(t->arena, &p.paper), p.paper.language->tag };
    TRY(paper_pdf(t, lay_out, &p, &title, &pdf));
    return sink->put(t, sink->context, pdf);
}

err account_statement_write(struct task *t, const struct account_statement *s, const struct sink *sink)
{
    struct page p = { .statement = s,
                      .sink = sink,
                      .entry = s->period.from_entry,
                      .line = INT16_MAX,
                      .balance_minor = s->opening_minor };
    struct buf out;
    if (s->wanted.format == STATEMENT_PDF)
        return paper_write(t, s, sink);
    buf_init(&out, t->arena, 65536);
    head_write(t, &out, s);
    TRY(sink->put(t, sink->context, buf_str(&out)));
    while (!p.is_done)
        TRY(task_aside(t, ASIDE_MAX_BYTES, page_write, &p));
    if (p.balance_minor != s->closing_minor || p.written != s->entries)
        return FAIL(t, INTERNAL, "the statement of account %lld does not add up", (long long)s->account);
    buf_init(&out, t->arena, 65536);
    end_write(t, &out, s);
    return out.n ? sink->put(t, sink->context, buf_str(&out)) : OK;
}
