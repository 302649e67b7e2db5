/* See fee_invoice.h. In English, as what counts of papers is (docs/decisions/0056, 0111). */
#include "paysrv/domain/report/fee_invoice.h"

#include "shared/base/num.h"
#include "shared/text/locale_text.h"

#define BP 10000
#define SUM_WIDTH 120000
#define COUNT_WIDTH 60000

/* Without a product that may not fit: of the whole multiples of what a hundred comes to with its tax, and of the rest.
 */
static int64_t tax_inside(int64_t gross_minor, int32_t rate_bp)
{
    int64_t with_tax = BP + rate_bp, whole = gross_minor / with_tax, rest = gross_minor % with_tax;
    int64_t half = rest < 0 ? -with_tax : with_tax;
    return whole * rate_bp + (2 * rest * rate_bp + half) / (2 * with_tax);
}

bool fee_sums_of(const struct fee_line *lines, size_t n, int32_t rate_bp, struct fee_sums *ret)
{
    struct fee_sums s = { 0, 0, 0 };
    for (size_t i = 0; i < n; i++)
        if (!num_add(s.gross_minor, lines[i].amount_minor, &s.gross_minor))
            return false;
    s.tax_minor = tax_inside(s.gross_minor, rate_bp);
    s.net_minor = s.gross_minor - s.tax_minor;
    *ret = s;
    return true;
}

static const struct {
    str code, text;
} reasons[] = {
    { STR("exempt"), STR("No tax is charged: exempt") },
    { STR("reverse_charge"), STR("No tax is charged: reverse charge, the recipient owes it") },
    { STR("outside_scope"), STR("No tax is charged: outside the scope of the tax") },
    { STR("not_stated"), STR("No tax is stated") },
}, kinds[] = {
    { STR("sale"), STR("Fees of sales") },
    { STR("refund"), STR("Fees of refunds: given back, or charged") },
    { STR("dispute"), STR("Fees of disputed sales, given back") },
    { STR("dispute_won"), STR("Fees of disputes that were won") },
    { STR("dispute_fee"), STR("The acquirer's fees for disputes") },
    { STR("payout"), STR("Fees of payouts") },
    { STR("payout_returned"), STR("Fees of payouts that came back, given back") },
};

#define LENGTH(array) (sizeof(array) / sizeof(array)[0])

bool fee_untaxed_is_known(str reason)
{
    for (size_t i = 0; i + 1 < LENGTH(reasons); i++)
        if (str_eq(reasons[i].code, reason))
            return true;
    return false;
}

static str reason_text(str code)
{
    for (size_t i = 0; i < LENGTH(reasons); i++)
        if (str_eq(reasons[i].code, code))
            return reasons[i].text;
    return code;
}

static str kind_text(str code)
{
    for (size_t i = 0; i < LENGTH(kinds); i++)
        if (str_eq(kinds[i].code, code))
            return kinds[i].text;
    return code;
}

str fee_invoice_title(struct arena *a, const struct fee_invoice *i)
{
    return arena_printf(a, "%s %.*s, fees of %.*s, %.*s", i->sums.gross_minor < 0 ? "Credit note" : "Invoice",
                        STR_ARG(i->number), STR_ARG(i->month), STR_ARG(i->currency));
}

static void party(struct sheet *s, str label, const struct fee_party *p)
{
    paper_detail(s, label, p->name, 3);
    paper_detail(s, STR(""), p->address, 4);
    if (str_given(p->tax_id))
        paper_detail(s, STR(""), arena_printf(s->arena, "Tax id %.*s", STR_ARG(p->tax_id)), 2);
}

static void opening(struct sheet *s, const struct fee_invoice *i)
{
    sheet_down(s, PAPER_TITLE);
    paper_text(s, SHEET_LEFT, PAPER_TITLE, fee_invoice_title(s->arena, i));
    sheet_down(s, PAPER_ROW);
    party(s, STR("Issued by"), &i->issuer);
    party(s, STR("To"), &i->recipient);
    paper_detail(s, STR("Date"), i->date, 1);
    paper_detail(s, STR("Period"),
                 arena_printf(s->arena, "%.*s, in the time zone %.*s", STR_ARG(i->month), STR_ARG(i->zone)), 2);
    paper_detail(s, STR(""),
                 arena_printf(s->arena, "from %.*s until %.*s",
                              STR_ARG(locale_moment(s->arena, i->language->tag, i->from)),
                              STR_ARG(locale_moment(s->arena, i->language->tag, i->to))),
                 2);
    paper_detail(s, STR("Currency"), i->currency, 1);
}

static void row(struct sheet *s, const struct fee_invoice *i, str label, str count, int64_t minor)
{
    sheet_down(s, PAPER_ROW);
    sheet_put(s, SHEET_LEFT, PAPER_TEXT,
              sheet_fit(s, sheet_shown(s, label), PAPER_TEXT,
                        SHEET_RIGHT - SHEET_LEFT - SUM_WIDTH - COUNT_WIDTH - 2 * PAPER_GAP));
    sheet_put_sum(s, SHEET_RIGHT - SUM_WIDTH - PAPER_GAP, COUNT_WIDTH, PAPER_TEXT, sheet_shown(s, count));
    sheet_put_sum(s, SHEET_RIGHT, SUM_WIDTH, PAPER_TEXT,
                  sheet_shown(s, locale_money(s->arena, i->language->tag, minor, i->currency)));
}

static void lines(struct sheet *s, const struct fee_invoice *i)
{
    paper_heading(s, STR("Fees"));
    for (size_t l = 0; l < i->n; l++)
        row(s, i, kind_text(i->lines[l].kind), arena_printf(s->arena, "%lld", (long long)i->lines[l].count),
            i->lines[l].amount_minor);
}

static void sums(struct sheet *s, const struct fee_invoice *i)
{
    bool is_taxed = !str_given(i->untaxed);
    paper_heading(s, STR("Sum"));
    if (is_taxed) {
        row(s, i, STR("Net"), STR(""), i->sums.net_minor);
        row(s, i, arena_printf(s->arena, "Tax, %d.%02d %%", (int)(i->rate_bp / 100), (int)(i->rate_bp % 100)), STR(""),
            i->sums.tax_minor);
    }
    row(s, i, STR("Total"), STR(""), i->sums.gross_minor);
    sheet_down(s, 4000);
    if (!is_taxed)
        paper_paragraph(s, SHEET_LEFT, arena_printf(s->arena, "%.*s.", STR_ARG(reason_text(i->untaxed))), 2);
    paper_paragraph(
        s, SHEET_LEFT,
        STR("The fees were taken from the balance, or given back to it, as they fell due: nothing is to be paid."), 2);
}

void fee_invoice_lay_out(struct sheet *s, const struct fee_invoice *i)
{
    opening(s, i);
    lines(s, i);
    sums(s, i);
    paper_frames(
        s, &(struct paper_frame){ .language = i->language,
                                  .head = fee_invoice_title(s->arena, i),
                                  .note = i->is_test ? STR("TEST: nothing was sold, this is no invoice") : STR_NONE });
}
