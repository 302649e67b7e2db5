/* See receipt.h. */
#include "paysrv/flow/payment/receipt.h"

#include "paysrv/domain/payment/receipt.h"
#include "paysrv/faults.h"
#include "paysrv/store/receipt.sql.h"
#include "shared/text/shape.h"

/* As the event tells it, and the list of a payment: written by receipt_told. */
SHAPE(
    receipt, "Receipt",
    "id: string, object: 'receipt', kind: 'sale' | 'refund', payment: string, capture?: string, refund: string | null, "
    "store: string, "
    "user: string | null, amount: integer, currency: string, " RECEIPT_CUSTOMER_TYPE " | null, "
    "tax_system: string | null, " RECEIPT_ITEMS_TYPE " | null")

err receipt_take(struct task *t, partner_id partner, str subject, const struct json_value *v, int64_t amount_minor,
                 bool is_refund)
{
    int64_t affected;
    str document;
    const struct receipt_verdict verdict = receipt_judge(t->arena, v, amount_minor, is_refund, &document);
    if (!verdict.good)
        return FAIL_PARAM(t, INVALID_PARAMETER, verdict.param, verdict.explain);
    return receipt_keep(t, subject, partner, document, str_starts(subject, STR("pay_")), &affected);
}

err receipt_refund_check(struct task *t, payment_id payment)
{
    const struct receipt_is_kept_row *row;
    TRY(receipt_is_kept(t, payment, &row));
    return row->is_kept ? OK
                        : FAIL_PARAM(t, INVALID_PARAMETER, STR("receipt"),
                                     STR("the payment has no positions of its own, so nothing would be told"));
}

err receipt_of_invoice(struct task *t, partner_id partner, payment_id payment, const struct receipt_sale *sale)
{
    int64_t affected;
    return receipt_keep(t, payment.v, partner, receipt_of_sale(t->arena, sale), true, &affected);
}
