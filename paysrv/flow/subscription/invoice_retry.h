/* Charging an open invoice again because somebody asks for it: what the card's issuer has forbidden is not tried. */
#pragma once

#include "paysrv/flow/once.h"
#include "paysrv/store/invoice.rows.h"
#include "shared/base/task.h"

/* INVOICE_STATE says why not. It is charged by the job; the days on which it is tried by itself stay. */
MUST_USE err invoice_retry_now(struct task *t, const struct invoice_list_row *i);
/* In the transaction that ends a block of ours: what waited for its buyer because of that alone is charged. */
MUST_USE err invoices_unblocked(struct task *t, saved_card_id card);
/* invoice_retry_now once under a key; answers with the invoice, also with one that was paid meanwhile. */
MUST_USE err invoice_retry_once(struct task *t, const struct invoice_list_row *i, const struct once *once,
                                struct answer *ret);
