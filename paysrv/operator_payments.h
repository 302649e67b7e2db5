/* Payments as the operator's lists show them. */
#pragma once

#include "paysrv/flow/payment/payment_search.h"
#include "web/operator/pages.h"

/* The rows of these, newest first. */
MUST_USE err operator_payment_rows(struct task *t, str_array payments, const struct operator_payment_row **ret,
                                   size_t *n);
