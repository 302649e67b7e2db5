/* The act of a month as a PDF document: a kept report gives the same bytes each time (docs/decisions/0056). */
#pragma once

#include "paysrv/flow/report/partner_report.h"
#include "web/text.h"

/* In English it is what is signed; in another language it says that it is a translation (0086). */
MUST_USE err partner_report_pdf(struct task *t, const struct report_paper *paper, enum language language, str *ret);
