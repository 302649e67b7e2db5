/* See account_line.h. */
#include "paysrv/flow/ledger/account_line.h"

#include "shared/text/money_text.h"

#define PARTS 6                /* gross to other_sellers */
#define BLANKS (2 + PARTS + 1) /* payment to amount */

int64_t account_line_net(const struct account_lines_row *line)
{
    return line->gross - line->fee;
}

void account_line_names(struct csv *csv)
{
    static const char *const names[] = { "entry",        "date",        "time",          "kind",   "reference",
                                         "payment",      "external_id", "gross",         "fee",    "net",
                                         "platform_fee", "partner_fee", "other_sellers", "amount", "balance",
                                         "currency",     "description" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        csv_text(csv, str_of(names[i]));
    csv_line_end(csv);
}

void account_line_blanks(struct csv *csv)
{
    for (int i = 0; i < BLANKS; i++)
        csv_text(csv, STR_NONE);
}

static void parts(struct task *t, struct csv *csv, const struct account_lines_row *line, str currency)
{
    const int64_t amounts[PARTS] = { line->gross,    line->fee,     account_line_net(line),
                                     line->platform, line->partner, line->others };
    for (size_t i = 0; i < PARTS; i++) {
        if (str_given(line->payment_id))
            csv_number(csv, money_decimal(t->arena, amounts[i], currency));
        else
            csv_text(csv, STR_NONE);
    }
}

void account_line_write(struct task *t, struct csv *csv, const struct book_period *p,
                        const struct account_lines_row *line, int64_t balance_minor, str currency)
{
    csv_i64(csv, line->entry_id);
    csv_text(csv, book_period_day(t->arena, p, line->created_at));
    csv_text(csv, instant_iso(t->arena, line->created_at));
    csv_text(csv, line->kind);
    csv_text(csv, line->ref);
    csv_text(csv, line->payment_id);
    csv_text(csv, line->external_id);
    parts(t, csv, line, currency);
    csv_number(csv, money_decimal(t->arena, line->amount, currency));
    csv_number(csv, money_decimal(t->arena, balance_minor, currency));
    csv_text(csv, currency);
    csv_text(csv, line->description);
    csv_line_end(csv);
}
