/* See books.h. */
#include "paysrv/flow/ledger/books.h"

#include "paysrv/faults.h"
#include "shared/text/money_text.h"

/* Clocks are put forward and back: 366 days may be an hour longer. */
#define DAY_VARIES HOURS(-2)

static bool format_read(str text, enum books_format *ret)
{
    bool is_csv = !str_given(text) || str_eq(text, STR("csv"));
    *ret = is_csv ? BOOKS_CSV : BOOKS_JSONL;
    return is_csv || str_eq(text, STR("jsonl"));
}

err books_open(struct task *t, const struct books_wanted *wanted, struct books *ret)
{
    struct books b = { .wanted = *wanted };
    if (!format_read(wanted->format, &b.format))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("format"), STR("csv or jsonl"));
    TRY(book_period_read(t, wanted->from, wanted->to, wanted->zone, &b.period));
    if (wanted->paper == BOOKS_JOURNAL &&
        instant_before(instant_add(b.period.from, DAYS(JOURNAL_MAX_DAYS)), instant_add(b.period.to, DAY_VARIES)))
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("to"), STR("a journal is of 366 days at most: ask for less"));
    TRY(book_period_places(t, &b.period));
    if (wanted->paper == BOOKS_JOURNAL && !str_given(wanted->partner.v) &&
        b.period.to_entry - b.period.from_entry > JOURNAL_MAX_ENTRIES)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("to"), JOURNAL_TOO_LONG);
    *ret = b;
    return OK;
}

err books_write(struct task *t, const struct books *b, const struct sink *sink)
{
    switch (b->wanted.paper) {
    case BOOKS_JOURNAL:
        return journal_write(t, b, sink);
    case BOOKS_TRIAL_BALANCE:
        return trial_balance_write(t, b, sink);
    }
    return OK;
}

str books_name(struct arena *a, const struct books *b)
{
    return arena_printf(a, "%s-%.*s", b->wanted.paper == BOOKS_JOURNAL ? "journal" : "trial-balance",
                        STR_ARG(book_period_day(a, &b->period, b->period.from)));
}

void books_head(struct buf *out, const struct books *b, const char *object)
{
    struct json j;
    json_begin(&j, out);
    json_str(&j, "object", str_of(object));
    json_str_or_null(&j, "partner", b->wanted.partner.v.n ? b->wanted.partner.v : STR_NONE);
    json_time(&j, "from", b->period.from);
    json_time(&j, "to", b->period.to);
    json_bool(&j, "closed", b->period.is_closed);
    json_end(&j);
    buf_add_char(out, '\n');
}

void books_sides(struct task *t, struct csv *c, int64_t amount_minor, str currency)
{
    str amount = money_decimal(t->arena, books_debit(amount_minor) + books_credit(amount_minor), currency);
    csv_number(c, amount_minor > 0 ? amount : STR(""));
    csv_number(c, amount_minor < 0 ? amount : STR(""));
}
