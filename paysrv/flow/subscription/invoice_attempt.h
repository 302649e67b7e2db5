/*
 * The attempts to charge an invoice by itself: each has its key, and what was said of a card with one of them is known
 * for as long as the invoice is open (docs/decisions/0085).
 */
#pragma once

#include "paysrv/store/invoice.rows.h"
#include "shared/base/task.h"

#define INVOICE_ROUTE STR("invoice")

str invoice_attempt_key(struct task *t, const struct invoice_list_row *i);
/* Its key says which card it is of: made again with another, which came meanwhile, it is known as not of that. */
digest invoice_attempt_digest(struct task *t, str key, saved_card_id card);
/* A decline of an earlier attempt with this card that allows no other with it: *decline_code, STR_NONE is none. The
 * card may be back after another one. */
MUST_USE err invoice_refusal_find(struct task *t, const struct invoice_list_row *i, saved_card_id card,
                                  str *decline_code);
