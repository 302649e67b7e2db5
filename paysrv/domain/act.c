/* See act.h. */
#include "paysrv/domain/act.h"

#include "paysrv/domain/paper.h"
#include "shared/base/civil.h"
#include "shared/base/num.h"
#include "shared/text/money_text.h"

#define SUM_WIDTH 120000
#define WIDTH (SHEET_RIGHT - SHEET_LEFT)
#define SIGNATURES_HEIGHT (6 * PAPER_ROW + 11000)
#define BLANK STR("______________________________") /* to be filled in by hand: reports of old do not name us */

/* ---- small parts ---- */

static void sum_put(struct sheet *s, const struct act *act, int column, int64_t minor)
{
    str text = money_text(s->arena, minor, act->currency);
    sheet_put_sum(s, SHEET_RIGHT - column * (SUM_WIDTH + PAPER_GAP), SUM_WIDTH, PAPER_TEXT, sheet_shown(s, text));
}

/* ---- the parts of an act ---- */

static str days_of(struct arena *a, const struct act *act)
{
    int64_t year, month;
    if (act->month.n != 7 || !num_digits(act->month, 0, 4, &year) || !num_digits(act->month, 5, 2, &month) ||
        month < 1 || month > 12)
        return act->month;
    return arena_printf(a, "%.*s-01 to %.*s-%02d, in the time zone %.*s", STR_ARG(act->month), STR_ARG(act->month),
                        civil_month_days(year, (int)month), STR_ARG(act->zone));
}

str act_title(struct arena *a, const struct act *act)
{
    return act->number
               ? arena_printf(a, "Act no. %lld for %.*s, %.*s", (long long)act->number, STR_ARG(act->month),
                              STR_ARG(act->currency))
               : arena_printf(a, "Provisional report for %.*s, %.*s", STR_ARG(act->month), STR_ARG(act->currency));
}

static void opening(struct sheet *s, const struct act *act)
{
    sheet_down(s, PAPER_TITLE);
    paper_text(s, SHEET_LEFT, PAPER_TITLE, act_title(s->arena, act));
    sheet_down(s, 4000);
    if (str_given(act->agreement_number))
        paper_paragraph(s, SHEET_LEFT,
                        arena_printf(s->arena, "under the cooperation agreement no. %.*s of %.*s",
                                     STR_ARG(act->agreement_number), STR_ARG(act->agreement_date)),
                        2);
    else
        paper_paragraph(s, SHEET_LEFT, STR("No cooperation agreement with this partner has been written down."), 1);
    paper_heading(s, "Parties and period");
    paper_detail(s, "Platform", act->platform.name.n ? act->platform.name : BLANK, 3);
    paper_detail(s, "", act->platform.address, 4);
    paper_detail(s, "Partner", act->partner.name, 3);
    paper_detail(s, "", act->partner.address, 4);
    paper_detail(s, "Partner's id", act->partner_id, 2);
    paper_detail(s, "Period", days_of(s->arena, act), 2);
    paper_detail(
        s, "", arena_printf(s->arena, "from %.*s until %.*s, which is not in it", STR_ARG(act->from), STR_ARG(act->to)),
        2);
    paper_detail(s, "Currency", act->currency, 1);
    paper_detail(s, act->number ? "Date of the act" : "As it stood at", act->date, 1);
}

static void figure(struct sheet *s, const struct act *act, const char *label, int64_t minor)
{
    sheet_down(s, PAPER_ROW);
    paper_text(s, SHEET_LEFT, PAPER_TEXT, str_of(label));
    sum_put(s, act, 0, minor);
}

static void figures(struct sheet *s, const struct act *act)
{
    const struct report *r = &act->figures;
    paper_heading(s, "Figures of the period");
    figure(s, act, "Sales: paid by buyers", r->sales_minor);
    figure(s, act, "Refunds: given back to buyers", r->refunds_minor);
    figure(s, act, "Disputes: taken back by buyers' banks", r->disputes_minor);
    figure(s, act, "Share of the sellers in what is left", r->sellers_share_minor);
    figure(s, act, "Share of the partner", r->partner_share_minor);
    figure(s, act, "Share of the platform", r->platform_share_minor);
    figure(s, act, "Paid out to sellers", r->paid_out_minor);
    figure(s, act, "Payouts that came back", r->returned_minor);
}

static void balance(struct sheet *s, const struct act *act, const char *label, const struct report_party *party)
{
    sheet_down(s, PAPER_ROW);
    paper_text(s, SHEET_LEFT, PAPER_TEXT, str_of(label));
    sum_put(s, act, 1, party->opening_minor);
    sum_put(s, act, 0, party->closing_minor);
}

/* The least number of 64 bits has no opposite; it is shown with its sign instead. */
static str due_to(struct sheet *s, const struct act *act, const char *whom, int64_t minor)
{
    bool is_owed = minor >= 0 || minor == INT64_MIN;
    str sum = money_text(s->arena, is_owed ? minor : -minor, act->currency);
    return is_owed ? arena_printf(s->arena, "the platform owes %s %.*s", whom, STR_ARG(sum))
                   : arena_printf(s->arena, "%s owes the platform %.*s", whom, STR_ARG(sum));
}

static void balances(struct sheet *s, const struct act *act)
{
    const struct report *r = &act->figures;
    paper_heading(s, "Balances");
    sheet_down(s, PAPER_ROW);
    sheet_put_sum(s, SHEET_RIGHT - SUM_WIDTH - PAPER_GAP, SUM_WIDTH, PAPER_SMALL, STR("at the beginning"));
    sheet_put_sum(s, SHEET_RIGHT, SUM_WIDTH, PAPER_SMALL, STR("at the end"));
    balance(s, act, "Partner", &r->partner);
    balance(s, act, "Sellers, together", &r->sellers);
    balance(s, act, "Payouts to sellers on the way", &r->in_transit);
    str partner = due_to(s, act, "the partner", r->partner.closing_minor);
    str sellers = due_to(s, act, "the partner's sellers", r->sellers.closing_minor);
    sheet_down(s, 4000);
    paper_paragraph(
        s, SHEET_LEFT,
        arena_printf(s->arena, "At the end of the period %.*s, and %.*s.", STR_ARG(partner), STR_ARG(sellers)), 3);
}

/* ---- entries ---- */

#define COLUMNS 6

static const struct {
    const char *name;
    int32_t right, width;
} columns[COLUMNS] = {
    { "count", 205000, 40000 },   { "gross", 273000, 62000 },    { "sellers", 340000, 62000 },
    { "partner", 407000, 62000 }, { "platform", 473000, 62000 }, { "on the way", SHEET_RIGHT, 62000 },
};

static void entries_head(struct sheet *s)
{
    sheet_down(s, PAPER_ROW);
    sheet_put(s, SHEET_LEFT, PAPER_SMALL, STR("kind of entry"));
    for (size_t i = 0; i < COLUMNS; i++)
        sheet_put_sum(s, columns[i].right, columns[i].width, PAPER_SMALL, str_of(columns[i].name));
}

static void entry(struct sheet *s, const struct act *act, const struct report_row *row)
{
    const int64_t sums[] = { row->acquirer_minor, row->sellers_minor, row->partner_minor, row->platform_minor,
                             row->in_transit_minor };
    if (s->y - PAPER_ROW < SHEET_BOTTOM) {
        sheet_page(s);
        entries_head(s);
    }
    sheet_down(s, PAPER_ROW);
    sheet_put(s, SHEET_LEFT, PAPER_SMALL,
              sheet_fit(s, sheet_shown(s, row->entry), PAPER_SMALL, columns[0].right - columns[0].width - SHEET_LEFT));
    sheet_put_sum(s, columns[0].right, columns[0].width, PAPER_SMALL,
                  arena_printf(s->arena, "%lld", (long long)row->entries));
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        sheet_put_sum(s, columns[i + 1].right, columns[i + 1].width, PAPER_SMALL,
                      money_decimal(s->arena, sums[i], act->currency));
}

static void entries(struct sheet *s, const struct act *act)
{
    if (!act->figures.n)
        return;
    paper_heading(s, "Entries of the ledger, by kind");
    entries_head(s);
    for (size_t i = 0; i < act->figures.n; i++)
        entry(s, act, &act->figures.rows[i]);
}

/* ---- signatures, and what is on every page ---- */

static void signature(struct sheet *s, int32_t x, int32_t to_x, const char *whom, str name)
{
    int32_t y = s->y;
    sheet_put(s, x, PAPER_SMALL, sheet_shown(s, str_of(whom)));
    s->y -= PAPER_ROW;
    sheet_put(s, x, PAPER_SMALL, sheet_fit(s, sheet_shown(s, name), PAPER_SMALL, to_x - x));
    s->y -= 3 * PAPER_ROW;
    sheet_line(s, x, to_x);
    s->y -= 11000;
    sheet_put(s, x, PAPER_SMALL, STR("date, name, signature"));
    s->y = y;
}

static void signatures(struct sheet *s, const struct act *act)
{
    int32_t middle = SHEET_LEFT + WIDTH / 2;
    if (!act->number)
        return;
    if (s->y - SIGNATURES_HEIGHT < SHEET_BOTTOM)
        sheet_page(s);
    sheet_down(s, 2 * PAPER_ROW);
    signature(s, SHEET_LEFT, middle - PAPER_GAP, "For the platform", act->platform.name);
    signature(s, middle + PAPER_GAP, SHEET_RIGHT, "For the partner", act->partner.name);
}

static void frames(struct sheet *s, const struct act *act)
{
    const struct paper_frame frame = {
        .head =
            arena_printf(s->arena, "%.*s \u2013 %.*s", STR_ARG(act_title(s->arena, act)), STR_ARG(act->partner.name)),
        .note =
            act->number ? STR_NONE : STR("PROVISIONAL: the month is not over, figures may change, and this is no act."),
        .elsewhere = STR("the JSON and CSV of the report have it"),
    };
    paper_frames(s, &frame);
}

void act_lay_out(struct sheet *s, const struct act *act)
{
    opening(s, act);
    figures(s, act);
    balances(s, act);
    entries(s, act);
    signatures(s, act);
    frames(s, act);
}
