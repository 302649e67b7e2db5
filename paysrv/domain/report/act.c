/* See act.h. */
#include "paysrv/domain/report/act.h"

#include "paysrv/domain/report/paper.h"
#include "shared/base/civil.h"
#include "shared/base/num.h"
#include "shared/text/locale_text.h"

#define DAY_S 86400
#define SUM_WIDTH 120000
#define WIDTH (SHEET_RIGHT - SHEET_LEFT)
#define SIGNATURES_HEIGHT (6 * PAPER_ROW + 11000)
#define SIGNED_BY STR("date, name, signature")
#define BLANK STR("______________________________") /* to be filled in by hand: reports of old do not name us */

/* ---- small parts ---- */

static str word(const struct act *act, enum paper_word w)
{
    return act->language->words[w];
}

static str filled(struct sheet *s, const struct act *act, enum paper_word w, const str *values, size_t n)
{
    return paper_filled(s->arena, act->language, w, values, n);
}

static str day(struct arena *a, const struct act *act, str iso)
{
    return locale_day(a, act->language->tag, iso);
}

static str moment(struct arena *a, const struct act *act, instant at)
{
    return locale_moment(a, act->language->tag, at);
}

static void sum_put(struct sheet *s, const struct act *act, int column, int64_t minor)
{
    str text = locale_money(s->arena, act->language->tag, minor, act->currency);
    sheet_put_sum(s, SHEET_RIGHT - column * (SUM_WIDTH + PAPER_GAP), SUM_WIDTH, PAPER_TEXT, sheet_shown(s, text));
}

/* ---- the parts of an act ---- */

static bool first_of(const struct act *act, struct civil_date *ret)
{
    int64_t year, month;
    if (act->month.n != 7 || !num_digits(act->month, 0, 4, &year) || !num_digits(act->month, 5, 2, &month) ||
        month < 1 || month > 12)
        return false;
    *ret = (struct civil_date){ .year = year, .month = (int)month, .day = 1 };
    return true;
}

/* The first and the last day of the month. */
static void days_of(struct arena *a, const struct act *act, str days[2])
{
    struct civil_date first;
    days[0] = days[1] = act->month;
    if (!first_of(act, &first))
        return;
    days[0] = day(a, act, arena_printf(a, "%.*s-01", STR_ARG(act->month)));
    days[1] = day(a, act, arena_printf(a, "%.*s-%02d", STR_ARG(act->month), civil_month_days(first.year, first.month)));
}

/* It is not when a month beside it was reported in another zone (docs/decisions/0086). */
static bool is_month_of_utc(const struct act *act)
{
    struct civil_date first;
    return str_eq(act->zone, STR("UTC")) && first_of(act, &first) &&
           act->from.us == instant_of_seconds(civil_days(first) * DAY_S).us &&
           act->to.us == instant_of_seconds(civil_days(civil_months_later(first, 1)) * DAY_S).us;
}

str act_title(struct arena *a, const struct act *act)
{
    str days[2];
    days_of(a, act, days);
    const str values[] = { arena_printf(a, "%lld", (long long)act->number), days[0], days[1], act->currency };
    return act->number ? paper_filled(a, act->language, PAPER_ACT_TITLE, values, 4)
                       : paper_filled(a, act->language, PAPER_ACT_OPEN_TITLE, values + 1, 3);
}

static void agreement(struct sheet *s, const struct act *act)
{
    const str values[] = { act->agreement_number, day(s->arena, act, act->agreement_date) };
    if (str_given(act->agreement_number))
        paper_paragraph(s, SHEET_LEFT, filled(s, act, PAPER_ACT_UNDER, values, 2), 2);
    else
        paper_paragraph(s, SHEET_LEFT, word(act, PAPER_ACT_NO_AGREEMENT), 2);
}

static void opening(struct sheet *s, const struct act *act)
{
    str days[3];
    days_of(s->arena, act, days);
    days[2] = act->zone;
    const str moments[] = { moment(s->arena, act, act->from), moment(s->arena, act, act->to) };
    sheet_down(s, PAPER_TITLE);
    paper_text(s, SHEET_LEFT, PAPER_TITLE, act_title(s->arena, act));
    sheet_down(s, 4000);
    agreement(s, act);
    paper_heading(s, word(act, PAPER_ACT_PARTIES));
    paper_detail(s, word(act, PAPER_PLATFORM), act->platform.name.n ? act->platform.name : BLANK, 3);
    paper_detail(s, STR(""), act->platform.address, 4);
    paper_detail(s, word(act, PAPER_PARTNER), act->partner.name, 3);
    paper_detail(s, STR(""), act->partner.address, 4);
    paper_detail(s, word(act, PAPER_ACT_PARTNER_ID), act->partner_id, 2);
    paper_detail(s, word(act, PAPER_PERIOD), filled(s, act, PAPER_DAYS, days, 3), 2);
    if (!is_month_of_utc(act))
        paper_detail(s, STR(""), filled(s, act, PAPER_MOMENTS, moments, 2), 2);
    paper_detail(s, word(act, PAPER_CURRENCY), act->currency, 1);
    paper_detail(s, word(act, act->number ? PAPER_ACT_DATE : PAPER_AS_OF), moment(s->arena, act, act->at), 1);
}

static void figure(struct sheet *s, const struct act *act, enum paper_word label, int64_t minor)
{
    sheet_down(s, PAPER_ROW);
    sheet_put(s, SHEET_LEFT, PAPER_TEXT,
              sheet_fit(s, sheet_shown(s, word(act, label)), PAPER_TEXT, WIDTH - SUM_WIDTH - PAPER_GAP));
    sum_put(s, act, 0, minor);
}

static void figures(struct sheet *s, const struct act *act)
{
    const struct report *r = &act->figures;
    paper_heading(s, word(act, PAPER_ACT_FIGURES));
    figure(s, act, PAPER_ACT_SALES, r->sales_minor);
    figure(s, act, PAPER_ACT_REFUNDS, r->refunds_minor);
    figure(s, act, PAPER_ACT_DISPUTES, r->disputes_minor);
    figure(s, act, PAPER_ACT_SELLERS_SHARE, r->sellers_share_minor);
    figure(s, act, PAPER_ACT_PARTNER_SHARE, r->partner_share_minor);
    figure(s, act, PAPER_ACT_PLATFORM_SHARE, r->platform_share_minor);
    figure(s, act, PAPER_ACT_PAID_OUT, r->paid_out_minor);
    figure(s, act, PAPER_ACT_RETURNED, r->returned_minor);
}

static void balance(struct sheet *s, const struct act *act, enum paper_word label, const struct report_party *party)
{
    sheet_down(s, PAPER_ROW);
    sheet_put(s, SHEET_LEFT, PAPER_TEXT,
              sheet_fit(s, sheet_shown(s, word(act, label)), PAPER_TEXT, WIDTH - 2 * (SUM_WIDTH + PAPER_GAP)));
    sum_put(s, act, 1, party->opening_minor);
    sum_put(s, act, 0, party->closing_minor);
}

/* The least number of 64 bits has no opposite; it is shown with its sign instead. */
static void due_to(struct sheet *s, const struct act *act, enum paper_word owed, enum paper_word owing, int64_t minor)
{
    bool is_owed = minor >= 0 || minor == INT64_MIN;
    str sum = locale_money(s->arena, act->language->tag, is_owed ? minor : -minor, act->currency);
    paper_paragraph(s, SHEET_LEFT, filled(s, act, is_owed ? owed : owing, &sum, 1), 2);
}

static void balances(struct sheet *s, const struct act *act)
{
    const struct report *r = &act->figures;
    paper_heading(s, word(act, PAPER_ACT_BALANCES));
    sheet_down(s, PAPER_ROW);
    sheet_put_sum(s, SHEET_RIGHT - SUM_WIDTH - PAPER_GAP, SUM_WIDTH, PAPER_SMALL,
                  sheet_shown(s, word(act, PAPER_ACT_AT_BEGIN)));
    sheet_put_sum(s, SHEET_RIGHT, SUM_WIDTH, PAPER_SMALL, sheet_shown(s, word(act, PAPER_ACT_AT_END)));
    balance(s, act, PAPER_PARTNER, &r->partner);
    balance(s, act, PAPER_ACT_SELLERS_TOGETHER, &r->sellers);
    balance(s, act, PAPER_ACT_PAYOUTS_ON_THE_WAY, &r->in_transit);
    sheet_down(s, 4000);
    due_to(s, act, PAPER_ACT_OWES_PARTNER, PAPER_ACT_PARTNER_OWES, r->partner.closing_minor);
    due_to(s, act, PAPER_ACT_OWES_SELLERS, PAPER_ACT_SELLERS_OWE, r->sellers.closing_minor);
}

/* ---- entries ---- */

#define COLUMNS 6

static const struct {
    enum paper_word name;
    int32_t right, width;
} columns[COLUMNS] = {
    { PAPER_ACT_COUNT, 230000, 36000 },   { PAPER_ACT_GROSS, 293000, 59000 },
    { PAPER_ACT_SELLERS, 355000, 59000 }, { PAPER_PARTNER, 417000, 59000 },
    { PAPER_PLATFORM, 479000, 59000 },    { PAPER_ACT_ON_THE_WAY, SHEET_RIGHT, 57000 },
};

static void entries_head(struct sheet *s, const struct act *act)
{
    sheet_down(s, PAPER_ROW);
    sheet_put(s, SHEET_LEFT, PAPER_SMALL, sheet_shown(s, word(act, PAPER_KIND)));
    for (size_t i = 0; i < COLUMNS; i++)
        sheet_put_sum(s, columns[i].right, columns[i].width, PAPER_SMALL, sheet_shown(s, word(act, columns[i].name)));
}

static void entry(struct sheet *s, const struct act *act, const struct report_row *row)
{
    const int64_t sums[] = { row->gross_minor, row->sellers_minor, row->partner_minor, row->platform_minor,
                             row->in_transit_minor };
    str kind[2];
    size_t n = sheet_wrap(s, sheet_shown(s, row->entry), PAPER_SMALL, columns[0].right - columns[0].width - SHEET_LEFT,
                          kind, 2);
    if (s->y - (int32_t)n * PAPER_ROW < SHEET_BOTTOM) {
        sheet_page(s);
        entries_head(s, act);
    }
    sheet_down(s, PAPER_ROW);
    if (n)
        sheet_put(s, SHEET_LEFT, PAPER_SMALL, kind[0]);
    sheet_put_sum(s, columns[0].right, columns[0].width, PAPER_SMALL,
                  arena_printf(s->arena, "%lld", (long long)row->entries));
    for (size_t i = 0; i < sizeof sums / sizeof sums[0]; i++)
        sheet_put_sum(s, columns[i + 1].right, columns[i + 1].width, PAPER_SMALL,
                      sheet_shown(s, locale_decimal(s->arena, act->language->tag, sums[i], act->currency)));
    if (n > 1) {
        sheet_down(s, PAPER_ROW);
        sheet_put(s, SHEET_LEFT, PAPER_SMALL, kind[1]);
    }
}

static void entries(struct sheet *s, const struct act *act)
{
    if (!act->figures.n)
        return;
    paper_heading(s, word(act, PAPER_ACT_ENTRIES));
    entries_head(s, act);
    for (size_t i = 0; i < act->figures.n; i++)
        entry(s, act, &act->figures.rows[i]);
}

/* ---- signatures, and what is on every page ---- */

static void signed_put(struct sheet *s, int32_t x, int32_t to_x, str text)
{
    sheet_put(s, x, PAPER_SMALL, sheet_fit(s, sheet_shown(s, text), PAPER_SMALL, to_x - x));
}

static void signature(struct sheet *s, int32_t x, int32_t to_x, const str texts[3])
{
    int32_t y = s->y;
    signed_put(s, x, to_x, texts[0]);
    s->y -= PAPER_ROW;
    signed_put(s, x, to_x, texts[1]);
    s->y -= 3 * PAPER_ROW;
    sheet_line(s, x, to_x);
    s->y -= 11000;
    signed_put(s, x, to_x, texts[2]);
    s->y = y;
}

/* A translation is to be read, and is not what is signed (0086). */
static void signatures(struct sheet *s, const struct act *act)
{
    int32_t middle = SHEET_LEFT + WIDTH / 2;
    const str ours[] = { STR("For the platform"), act->platform.name, SIGNED_BY };
    const str theirs[] = { STR("For the partner"), act->partner.name, SIGNED_BY };
    if (!act->number || !act->language->is_english)
        return;
    if (s->y - SIGNATURES_HEIGHT < SHEET_BOTTOM)
        sheet_page(s);
    sheet_down(s, 2 * PAPER_ROW);
    signature(s, SHEET_LEFT, middle - PAPER_GAP, ours);
    signature(s, middle + PAPER_GAP, SHEET_RIGHT, theirs);
}

static str note_of(const struct act *act)
{
    if (!act->number)
        return word(act, PAPER_ACT_PROVISIONAL);
    return act->language->is_english ? STR_NONE : word(act, PAPER_TRANSLATION);
}

static void frames(struct sheet *s, const struct act *act)
{
    const struct paper_frame frame = {
        .language = act->language,
        .head =
            arena_printf(s->arena, "%.*s \u2013 %.*s", STR_ARG(act_title(s->arena, act)), STR_ARG(act->partner.name)),
        .note = note_of(act),
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
