/* See receipt.h. */
#include "paysrv/flow/receipt.h"

#include "paysrv/domain/receipt.h"
#include "paysrv/faults.h"
#include "paysrv/store/receipt.sql.h"
#include "shared/text/shape.h"

/* As the event tells it; written by webhook_fan_out. */
SHAPE(
    receipt, "Receipt",
    "id: string, object: 'receipt', kind: 'sale' | 'refund', payment: string, refund: string | null, store: string, "
    "user: string | null, amount: integer, currency: string, customer: { email?: string, phone?: string } | null, "
    "tax_system: string | null, items: { name: string, quantity: string, price: integer, amount: integer, vat: string, "
    "subject?: string, mode?: string, measure?: string, supplier?: { name: string, inn: string, phone?: string } }[] | "
    "null")

err receipt_take(struct task *t, partner_id partner, str subject, const struct json_value *v, int64_t amount_minor,
                 bool is_refund)
{
    int64_t affected;
    str document;
    const struct receipt_verdict verdict = receipt_judge(t->arena, v, amount_minor, is_refund, &document);
    if (!verdict.good)
        return FAIL_PARAM(t, INVALID_PARAMETER, verdict.param, verdict.explain);
    return receipt_keep(t, subject, partner, document, &affected);
}
