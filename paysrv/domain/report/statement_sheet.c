/* See statement_sheet.h. */
#include "paysrv/domain/report/statement_sheet.h"

#include "shared/text/locale_text.h"

#define SUM_WIDTH 74000
#define KIND_LEFT (SHEET_LEFT + 58000)
#define TEXT_LEFT (KIND_LEFT + 98000)
#define AMOUNT_RIGHT (SHEET_RIGHT - SUM_WIDTH - PAPER_GAP)
#define TEXT_RIGHT (AMOUNT_RIGHT - SUM_WIDTH - PAPER_GAP)

static str word(const struct statement_paper *paper, enum paper_word w)
{
    return paper->language->words[w];
}

static str day(struct arena *a, const struct statement_paper *paper, str iso)
{
    return locale_day(a, paper->language->tag, iso);
}

str statement_paper_title(struct arena *a, const struct statement_paper *paper)
{
    const str values[] = { paper->currency, day(a, paper, paper->from_day), day(a, paper, paper->to_day) };
    return paper_filled(a, paper->language, PAPER_STATEMENT_TITLE, values, 3);
}

/* ---- the table ---- */

static void head_put(struct sheet *s, const struct statement_paper *paper)
{
    sheet_down(s, PAPER_ROW);
    sheet_put(s, SHEET_LEFT, PAPER_SMALL, sheet_shown(s, word(paper, PAPER_STATEMENT_DATE)));
    sheet_put(s, KIND_LEFT, PAPER_SMALL, sheet_shown(s, word(paper, PAPER_KIND)));
    sheet_put(s, TEXT_LEFT, PAPER_SMALL, sheet_shown(s, word(paper, PAPER_STATEMENT_TEXT)));
    sheet_put_sum(s, AMOUNT_RIGHT, SUM_WIDTH, PAPER_SMALL, sheet_shown(s, word(paper, PAPER_STATEMENT_AMOUNT)));
    sheet_put_sum(s, SHEET_RIGHT, SUM_WIDTH, PAPER_SMALL, sheet_shown(s, word(paper, PAPER_STATEMENT_BALANCE)));
}

/* Room for so many rows, below the head of the table. */
static void rows_need(struct sheet *s, const struct statement_paper *paper, int n)
{
    if (s->y - n * PAPER_ROW >= SHEET_BOTTOM)
        return;
    sheet_page(s);
    head_put(s, paper);
}

static void cell(struct sheet *s, int32_t x, int32_t to_x, str text)
{
    sheet_put(s, x, PAPER_SMALL, sheet_fit(s, sheet_shown(s, text), PAPER_SMALL, to_x - x));
}

static void sum(struct sheet *s, const struct statement_paper *paper, int32_t right, int64_t minor)
{
    sheet_put_sum(s, right, SUM_WIDTH, PAPER_SMALL,
                  sheet_shown(s, locale_decimal(s->arena, paper->language->tag, minor, paper->currency)));
}

static void balance(struct sheet *s, const struct statement_paper *paper, enum paper_word what, str iso, int64_t minor)
{
    rows_need(s, paper, 1);
    sheet_down(s, PAPER_ROW);
    cell(s, SHEET_LEFT, KIND_LEFT, day(s->arena, paper, iso));
    cell(s, KIND_LEFT, TEXT_RIGHT, word(paper, what));
    sum(s, paper, SHEET_RIGHT, minor);
}

static void period(struct sheet *s, const struct statement_paper *paper)
{
    str tag = paper->language->tag, zone = str_given(paper->zone) ? paper->zone : STR("UTC");
    const str days[] = { day(s->arena, paper, paper->from_day), day(s->arena, paper, paper->to_day), zone };
    const str moments[] = { locale_moment(s->arena, tag, paper->from), locale_moment(s->arena, tag, paper->to) };
    paper_detail(s, word(paper, PAPER_PERIOD), paper_filled(s->arena, paper->language, PAPER_DAYS, days, 3), 2);
    paper_detail(s, STR(""), paper_filled(s->arena, paper->language, PAPER_MOMENTS, moments, 2), 2);
}

void statement_paper_begin(struct sheet *s, const struct statement_paper *paper)
{
    sheet_down(s, PAPER_TITLE);
    paper_text(s, SHEET_LEFT, PAPER_TITLE, statement_paper_title(s->arena, paper));
    paper_heading(s, word(paper, PAPER_STATEMENT_OF));
    paper_detail(s, word(paper, PAPER_STATEMENT_OWNER), paper->owner, 3);
    paper_detail(s, word(paper, PAPER_STATEMENT_ACCOUNT),
                 arena_printf(s->arena, "%.*s, %.*s", STR_ARG(paper->account), STR_ARG(paper->account_id)), 2);
    paper_detail(s, word(paper, PAPER_CURRENCY), paper->currency, 1);
    period(s, paper);
    if (!paper->is_closed)
        paper_detail(s, word(paper, PAPER_AS_OF), locale_moment(s->arena, paper->language->tag, paper->as_of), 1);
    paper_heading(s, word(paper, PAPER_STATEMENT_ENTRIES));
    head_put(s, paper);
    balance(s, paper, PAPER_STATEMENT_OPENING, paper->from_day, paper->opening_minor);
}

/* What it was for is what people look for; the reference is below it, whole. A kind that is cut may be two kinds. */
void statement_paper_line(struct sheet *s, const struct statement_paper *paper, const struct statement_paper_line *line)
{
    bool has_text = str_given(line->text) && line->text.n;
    str kind[2];
    size_t n = sheet_wrap(s, sheet_shown(s, line->kind), PAPER_SMALL, TEXT_LEFT - KIND_LEFT - PAPER_GAP / 2, kind, 2);
    rows_need(s, paper, has_text || n > 1 ? 2 : 1);
    sheet_down(s, PAPER_ROW);
    cell(s, SHEET_LEFT, KIND_LEFT, day(s->arena, paper, line->day));
    if (n)
        sheet_put(s, KIND_LEFT, PAPER_SMALL, kind[0]);
    cell(s, TEXT_LEFT, TEXT_RIGHT, has_text ? line->text : line->reference);
    sum(s, paper, AMOUNT_RIGHT, line->amount_minor);
    sum(s, paper, SHEET_RIGHT, line->balance_minor);
    if (!has_text && n < 2)
        return;
    sheet_down(s, PAPER_ROW);
    if (n > 1)
        sheet_put(s, KIND_LEFT, PAPER_SMALL, kind[1]);
    if (has_text)
        cell(s, TEXT_LEFT, SHEET_RIGHT, line->reference);
}

static void total(struct sheet *s, const struct statement_paper *paper, enum paper_word what, int64_t minor)
{
    rows_need(s, paper, 1);
    sheet_down(s, PAPER_ROW);
    cell(s, KIND_LEFT, TEXT_RIGHT, word(paper, what));
    sum(s, paper, AMOUNT_RIGHT, minor);
}

void statement_paper_end(struct sheet *s, const struct statement_paper *paper)
{
    const struct paper_frame frame = {
        .language = paper->language,
        .head = arena_printf(s->arena, "%.*s \u2013 %.*s", STR_ARG(statement_paper_title(s->arena, paper)),
                             STR_ARG(paper->owner)),
        .note = paper->is_closed ? STR_NONE : word(paper, PAPER_STATEMENT_PROVISIONAL),
    };
    rows_need(s, paper, 3); /* opening, came, went and closing are read together */
    total(s, paper, PAPER_STATEMENT_CAME, paper->came_minor);
    total(s, paper, PAPER_STATEMENT_WENT, paper->went_minor);
    balance(s, paper, PAPER_STATEMENT_CLOSING, paper->to_day, paper->closing_minor);
    paper_frames(s, &frame);
}
