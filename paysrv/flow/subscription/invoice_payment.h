/* The payment of an invoice, as the job makes it. */
#pragma once

#include "paysrv/flow/subscription/invoice_end.h"

/* Under its own id as the key: made again after an end of the process, it is the same. */
MUST_USE err invoice_payment_open(struct task *t, const struct collection *c);
