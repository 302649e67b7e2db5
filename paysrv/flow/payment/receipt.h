/* Positions of a payment or refund, for fiscal receipts: checked and kept before it is made. See domain/receipt.h. */
#pragma once

#include "paysrv/domain/payment/receipt.h"
#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"
#include "shared/text/json_in.h"

/* subject: the payment or refund that will be. INVALID_PARAMETER names the member. */
MUST_USE err receipt_take(struct task *t, partner_id partner, str subject, const struct json_value *v,
                          int64_t amount_minor, bool is_refund);
/* INVALID_PARAMETER: a refund's positions would be told to nobody, as the payment, or none of its captures, has any. */
MUST_USE err receipt_refund_check(struct task *t, payment_id payment);
/* Before the payment of an invoice is made, by what its price says; again it changes nothing. */
MUST_USE err receipt_of_invoice(struct task *t, partner_id partner, payment_id payment,
                                const struct receipt_sale *sale);
