/* What a payment is confirmed with, as a body of its own or as `confirm` of POST /v1/payments
 * (docs/protocol/pay/payments.md). */
#pragma once

#include "paysrv/domain/acquirer/method.h"
#include "shared/http/endpoint.h"

struct means_in {
    str method, payment_token;
};
extern const struct param means_params[2];

/* Cards come as tokens, and all else sends the buyer to a page. `at` stands before names of fields: "" or "confirm.".
 */
MUST_USE err means_read(struct task *t, const struct means_in *in, const char *at, enum payment_method *ret);
