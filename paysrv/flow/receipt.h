/* Positions of a payment or refund, for fiscal receipts: checked and kept before it is made. See domain/receipt.h. */
#pragma once

#include "paysrv/store/newtypes.h"
#include "shared/base/task.h"
#include "shared/text/json_in.h"

/* subject: the payment or refund that will be. INVALID_PARAMETER names the member. */
MUST_USE err receipt_take(struct task *t, partner_id partner, str subject, const struct json_value *v,
                          int64_t amount_minor, bool is_refund);
