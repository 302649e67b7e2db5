/* See paper_pdf.h. */
#include "paysrv/flow/report/paper_pdf.h"

#include "paysrv/app.h"
#include "paysrv/faults.h"
#include "shared/text/pdf.h"

/* Marks stand in no order of pages: what is around them comes last. */
static void draw(struct pdf *pdf, const struct sheet *s)
{
    for (int page = 1; page <= s->pages; page++) {
        pdf_page(pdf);
        for (size_t i = 0; i < s->n; i++) {
            const struct sheet_mark *m = &s->marks[i];
            if (m->page != page)
                continue;
            if (str_given(m->text))
                pdf_text(pdf, m->x, m->y, m->size, m->text);
            else
                pdf_line(pdf, m->x, m->y, m->to_x);
        }
    }
}

err paper_pdf(struct task *t, paper_layout *lay_out, const void *what, const struct paper_title *title, str *ret)
{
    const struct app *app = t->app;
    struct pdf *pdf;
    struct sheet sheet;
    if (!pdf_create(t->arena, app->config.font_file, &pdf))
        return FAIL(t, INTERNAL, "font_file %.*s cannot be embedded", STR_ARG(app->config.font_file));
    sheet_begin(&sheet, t->arena, pdf_advance, pdf);
    lay_out(&sheet, what);
    draw(pdf, &sheet);
    return pdf_write(pdf, title->text, title->language, ret) ? OK : FAIL(t, INTERNAL, "a paper cannot be written");
}
