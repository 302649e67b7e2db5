/*
 * A buyer brings another card for his subscription: by paying the invoice that is open, or else by a payment whose
 * amount is only reserved and released again. He agrees on the checkout as ever; the card that is kept then becomes the
 * subscription's.
 */
#pragma once

#include "paysrv/store/subscription.rows.h"
#include "shared/base/task.h"

/* The payment that he makes for it. return_url: where the checkout leads back to. */
MUST_USE err card_change_begin(struct task *t, const struct subscription_find_row *s, str email, str return_url,
                               payment_id *ret);
/* One round of looking what became of them. */
MUST_USE err card_changes_run(struct task *t, size_t *n_looked);
