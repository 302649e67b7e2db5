/* Transfers, their credits and what goes back, as documents; accounts of others only so far as to recognise them. */
#pragma once

#include "paysrv/store/payment.rows.h"
#include "paysrv/store/repayment.rows.h"
#include "paysrv/store/transfer.rows.h"
#include "shared/base/task.h"
#include "shared/text/json_out.h"

/* The next_action of a payment that waits for it. */
void transfer_action_write(struct task *t, struct json *j, const struct transfer_find_row *x);
/* The whole of it into the open object. */
void transfer_write(struct task *t, struct json *j, const struct transfer_find_row *x,
                    const struct transfer_credits_row *credits, size_t n, const struct repayments_of_payment_row *back,
                    size_t n_back);

struct credit_shown_as {
    str credit, payment, currency, payer_name, payer_iban;
    int64_t amount_minor;
};
/* What events about a credit tell. */
str credit_document(struct task *t, const struct credit_shown_as *c);
str repayment_document(struct task *t, const struct repayment_find_row *r, str status, str reason);
