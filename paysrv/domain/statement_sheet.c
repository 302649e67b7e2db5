/* See statement_sheet.h. */
#include "paysrv/domain/statement_sheet.h"

#include "paysrv/domain/paper.h"
#include "shared/text/money_text.h"

#define SUM_WIDTH 74000
#define KIND_LEFT (SHEET_LEFT + 58000)
#define TEXT_LEFT (KIND_LEFT + 82000)
#define AMOUNT_RIGHT (SHEET_RIGHT - SUM_WIDTH - PAPER_GAP)
#define TEXT_RIGHT (AMOUNT_RIGHT - SUM_WIDTH - PAPER_GAP)

str statement_paper_title(struct arena *a, const struct statement_paper *paper)
{
    return arena_printf(a, "Statement of account, %.*s, %.*s to %.*s", STR_ARG(paper->currency), STR_ARG(paper->from),
                        STR_ARG(paper->to));
}

/* ---- the table ---- */

static void head_put(struct sheet *s)
{
    sheet_down(s, PAPER_ROW);
    sheet_put(s, SHEET_LEFT, PAPER_SMALL, STR("date (UTC)"));
    sheet_put(s, KIND_LEFT, PAPER_SMALL, STR("kind"));
    sheet_put(s, TEXT_LEFT, PAPER_SMALL, STR("reference and text"));
    sheet_put_sum(s, AMOUNT_RIGHT, SUM_WIDTH, PAPER_SMALL, STR("amount"));
    sheet_put_sum(s, SHEET_RIGHT, SUM_WIDTH, PAPER_SMALL, STR("balance"));
}

/* Room for so many rows, below the head of the table. */
static void rows_need(struct sheet *s, int n)
{
    if (s->y - n * PAPER_ROW >= SHEET_BOTTOM)
        return;
    sheet_page(s);
    head_put(s);
}

static void cell(struct sheet *s, int32_t x, int32_t to_x, str text)
{
    sheet_put(s, x, PAPER_SMALL, sheet_fit(s, sheet_shown(s, text), PAPER_SMALL, to_x - x));
}

static void sum(struct sheet *s, const struct statement_paper *paper, int32_t right, int64_t minor)
{
    sheet_put_sum(s, right, SUM_WIDTH, PAPER_SMALL, sheet_shown(s, money_decimal(s->arena, minor, paper->currency)));
}

static void balance(struct sheet *s, const struct statement_paper *paper, const char *what, str day, int64_t minor)
{
    rows_need(s, 1);
    sheet_down(s, PAPER_ROW);
    cell(s, SHEET_LEFT, KIND_LEFT, day);
    cell(s, KIND_LEFT, TEXT_RIGHT, str_of(what));
    sum(s, paper, SHEET_RIGHT, minor);
}

void statement_paper_begin(struct sheet *s, const struct statement_paper *paper)
{
    sheet_down(s, PAPER_TITLE);
    paper_text(s, SHEET_LEFT, PAPER_TITLE, statement_paper_title(s->arena, paper));
    paper_heading(s, "Account and period");
    paper_detail(s, "Owner", paper->owner, 3);
    paper_detail(s, "Account",
                 arena_printf(s->arena, "%.*s, %.*s", STR_ARG(paper->account), STR_ARG(paper->account_id)), 2);
    paper_detail(s, "Currency", paper->currency, 1);
    paper_detail(
        s, "Period",
        arena_printf(s->arena, "from %.*s until %.*s, which is not in it", STR_ARG(paper->from), STR_ARG(paper->to)),
        2);
    if (!paper->is_closed)
        paper_detail(s, "As it stood at", paper->as_of, 1);
    paper_heading(s, "Entries");
    head_put(s);
    balance(s, paper, "opening balance", paper->from, paper->opening_minor);
}

void statement_paper_line(struct sheet *s, const struct statement_paper *paper, const struct statement_paper_line *line)
{
    str text = str_given(line->text) && line->text.n
                   ? arena_printf(s->arena, "%.*s  %.*s", STR_ARG(line->reference), STR_ARG(line->text))
                   : line->reference;
    rows_need(s, 1);
    sheet_down(s, PAPER_ROW);
    cell(s, SHEET_LEFT, KIND_LEFT, line->day);
    cell(s, KIND_LEFT, TEXT_LEFT, line->kind);
    cell(s, TEXT_LEFT, TEXT_RIGHT, text);
    sum(s, paper, AMOUNT_RIGHT, line->amount_minor);
    sum(s, paper, SHEET_RIGHT, line->balance_minor);
}

static void total(struct sheet *s, const struct statement_paper *paper, const char *what, int64_t minor)
{
    rows_need(s, 1);
    sheet_down(s, PAPER_ROW);
    cell(s, KIND_LEFT, TEXT_RIGHT, str_of(what));
    sum(s, paper, AMOUNT_RIGHT, minor);
}

void statement_paper_end(struct sheet *s, const struct statement_paper *paper)
{
    const struct paper_frame frame = {
        .head = arena_printf(s->arena, "%.*s \u2013 %.*s", STR_ARG(statement_paper_title(s->arena, paper)),
                             STR_ARG(paper->owner)),
        .note = paper->is_closed ? STR_NONE : STR("PROVISIONAL: the period is not over, entries may follow."),
        .elsewhere = STR("the CSV of the statement has it"),
    };
    rows_need(s, 3); /* opening, came, went and closing are read together */
    total(s, paper, "came, in all", paper->came_minor);
    total(s, paper, "went, in all", paper->went_minor);
    balance(s, paper, "closing balance", paper->to, paper->closing_minor);
    paper_frames(s, &frame);
}
