/*
 * Invoices of subscriptions and their collection (MONEY 6.C 23): each has one payment, which is charged at most once by
 * attempts with the keys "invoice:1", "invoice:2"; a decline leads to what domain/subscription.h says.
 */
#pragma once

#include "paysrv/domain/subscription/proration.h"
#include "paysrv/store/invoice.rows.h"
#include "paysrv/store/subscription.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

struct invoice_line {
    str type; /* "period", "unused" (less than nothing), "rest" */
    str price;
    int64_t quantity, amount_minor;
    instant from, to;
};

/* What a card can be charged here. */
struct charge_grain invoice_grain(struct task *t, str currency);
/* What lines come to with the subscription's balance. Less than a payment may be here is charged with a later invoice.
 * INVALID_PARAMETER naming `quantity`: more than one may be. */
MUST_USE err invoice_settle(struct task *t, const struct subscription_find_row *s, int64_t lines_minor,
                            struct settlement *ret);
/* An invoice as it will be, without kind and period; *balance_minor is the subscription's afterwards. */
MUST_USE err invoice_draft(struct task *t, const struct subscription_find_row *s, const struct invoice_line *lines,
                           size_t n, struct invoice_list_row *ret, int64_t *balance_minor);
void invoice_write(struct json *j, const struct invoice_list_row *i);
str invoice_document(struct task *t, const struct invoice_list_row *i);

/* One round of collecting what is open. */
MUST_USE err invoices_collect(struct task *t, size_t *n_looked);
/* Something may have happened to this payment. */
MUST_USE err invoice_look_soon(struct task *t, payment_id payment);
