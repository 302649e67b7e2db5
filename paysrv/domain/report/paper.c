/* See paper.h. */
#include "paysrv/domain/report/paper.h"

#include "shared/base/buf.h"
#include "shared/text/html.h"

#define VALUES_LEFT (SHEET_LEFT + 110000)
#define WIDTH (SHEET_RIGHT - SHEET_LEFT)
#define NUMBER_WIDTH 90000

str paper_filled(struct arena *a, const struct paper_language *l, enum paper_word word, const str *values, size_t n)
{
    str text = l->words[word];
    size_t most = text.n + 1;
    struct buf out;
    for (size_t i = 0; i < n; i++)
        most += values[i].n;
    buf_init(&out, a, most);
    for (int hole; (hole = text_step(&text, &out)) != 0;)
        if ((size_t)hole <= n)
            buf_add(&out, values[hole - 1]);
    return buf_str(&out);
}

void paper_text(struct sheet *s, int32_t x, int32_t size, str text)
{
    sheet_put(s, x, size, sheet_fit(s, sheet_shown(s, text), size, SHEET_RIGHT - x));
}

void paper_heading(struct sheet *s, str text)
{
    if (s->y - 4 * PAPER_ROW < SHEET_BOTTOM)
        sheet_page(s);
    sheet_down(s, PAPER_HEADING + PAPER_GAP);
    paper_text(s, SHEET_LEFT, PAPER_HEADING, text);
    sheet_down(s, 4000);
    sheet_line(s, SHEET_LEFT, SHEET_RIGHT);
}

void paper_paragraph(struct sheet *s, int32_t x, str text, size_t max)
{
    str lines[SHEET_LINES_MAX];
    size_t n = sheet_wrap(s, sheet_shown(s, text), PAPER_TEXT, SHEET_RIGHT - x, lines, max);
    for (size_t i = 0; i < n; i++) {
        sheet_down(s, PAPER_ROW);
        sheet_put(s, x, PAPER_TEXT, lines[i]);
    }
}

void paper_detail(struct sheet *s, str label, str text, size_t max)
{
    size_t before = s->n;
    if (!text.n)
        return;
    paper_paragraph(s, VALUES_LEFT, text, max);
    label = sheet_fit(s, sheet_shown(s, label), PAPER_TEXT, VALUES_LEFT - SHEET_LEFT - PAPER_GAP / 2);
    if (label.n && s->n > before)
        sheet_mark_at(
            s, (struct sheet_mark){ s->marks[before].page, SHEET_LEFT, s->marks[before].y, PAPER_TEXT, 0, label });
}

/* ---- around each page ---- */

static void page_mark(struct sheet *s, int page, int32_t x, int32_t y, str text)
{
    sheet_mark_at(s, (struct sheet_mark){ page, x, y, PAPER_SMALL, 0, text });
}

void paper_frames(struct sheet *s, const struct paper_frame *frame)
{
    const struct paper_language *l = frame->language;
    str head = sheet_fit(s, sheet_shown(s, frame->head), PAPER_SMALL, WIDTH);
    str substitutes = STR_NONE;
    if (s->has_substitutes)
        substitutes = sheet_fit(s, sheet_shown(s, l->words[PAPER_SUBSTITUTES]), PAPER_SMALL, WIDTH - NUMBER_WIDTH);
    for (int page = 1; page <= s->pages; page++) {
        const str places[] = { arena_printf(s->arena, "%d", page), arena_printf(s->arena, "%d", s->pages) };
        str number = sheet_shown(s, paper_filled(s->arena, l, PAPER_PAGE, places, 2));
        page_mark(s, page, SHEET_LEFT, 805000, head);
        if (str_given(frame->note))
            page_mark(s, page, SHEET_LEFT, 791000, sheet_fit(s, sheet_shown(s, frame->note), PAPER_SMALL, WIDTH));
        page_mark(s, page, SHEET_RIGHT - sheet_width(s, number, PAPER_SMALL), 40000, number);
        if (str_given(substitutes))
            page_mark(s, page, SHEET_LEFT, 40000, substitutes);
    }
}
