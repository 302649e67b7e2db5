/*
 * Invoices for the fees of a month (docs/decisions/0111): when a partner's month is over, all that the platform and the
 * partner took of each seller in it is added up once, and is an invoice that stays as it is.
 */
#pragma once

#include "paysrv/store/fee_invoice.rows.h"
#include "shared/base/task.h"

#define FEE_PLATFORM STR("") /* whose tax is said, and whose numbers are counted, beside partners */

/* The job: of those whose month is over, by the clock that the task is under. */
MUST_USE err fee_invoices_run(struct task *t);
/* As it is answered. */
str fee_invoice_json(struct task *t, const struct fee_invoice_find_row *row);
/* The same bytes each time. */
MUST_USE err fee_invoice_pdf(struct task *t, const struct fee_invoice_find_row *row, str *ret);
/* What it is called by: "FEE-17". */
str fee_invoice_number(struct arena *a, const struct fee_invoice_find_row *row);
