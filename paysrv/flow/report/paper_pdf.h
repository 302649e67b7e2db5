/* A paper (domain/paper.h) as a PDF: laid out, and drawn by libharu. The same content gives the same bytes (0056). */
#pragma once

#include "paysrv/domain/report/sheet.h"
#include "shared/base/task.h"

typedef void paper_layout(struct sheet *s, const void *what);
struct paper_title {
    str text, language; /* a tag of BCP 47 */
};
MUST_USE err paper_pdf(struct task *t, paper_layout *lay_out, const void *what, const struct paper_title *title,
                       str *ret);
