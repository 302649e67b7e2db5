/*
 * A buyer brings another card for his subscription: by paying the invoice that is open, or else by a payment whose
 * amount is only reserved and released again. He agrees on the checkout as ever; the card that is kept then becomes the
 * subscription's.
 */
#pragma once

#include "paysrv/domain/payment/payment.h"
#include "paysrv/store/payment.rows.h"
#include "paysrv/store/subscription.rows.h"
#include "shared/base/task.h"

/* The payment that he makes for it. return_url: where the checkout leads back to. */
MUST_USE err card_change_begin(struct task *t, const struct subscription_find_row *s, str email, str return_url,
                               payment_id *ret);
/* Whether what is or was reserved by this payment, in its status by now, only checks another card. */
MUST_USE err card_change_checks(struct task *t, const struct payment_find_row *p, enum payment_status status,
                                bool *ret);
/* One round of looking what became of them. */
MUST_USE err card_changes_run(struct task *t, size_t *n_looked);
