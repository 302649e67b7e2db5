/* See operator_payments.h. */
#include "paysrv/operator_payments.h"

#include "paysrv/domain/payment/payment.h"
#include "paysrv/operator_page.h"
#include "paysrv/store/operator.sql.h"
#include "paysrv/words.h"
#include "shared/text/money_text.h"

static struct operator_payment_row row_of(struct task *t, const struct operator_payments_row *r)
{
    str status = payment_status_name(payment_status_at(r->status, r->expires_at, t->now));
    return (struct operator_payment_row){
        .id = r->payment_id.v,
        .url = operator_link(t, "payments", r->payment_id.v),
        .time = instant_text(t->arena, r->created_at),
        .time_iso = instant_iso(t->arena, r->created_at),
        .store_name = r->store_name,
        .store_url = operator_link(t, "stores", r->store_id.v),
        .seller_name = r->user_name,
        .partner_name = r->partner_name,
        .description = r->description,
        .external_id = r->external_id,
        .amount = money_text(t->arena, r->amount, r->currency),
        .refunded = r->refunded ? money_text(t->arena, r->refunded, r->currency) : STR_NONE,
        .status = status,
        .status_text = word_of_payment(status),
    };
}

err operator_payment_rows(struct task *t, str_array payments, const struct operator_payment_row **ret, size_t *n)
{
    const struct operator_payments_row *rows;
    TRY(operator_payments(t, payments, &rows, n));
    struct operator_payment_row *items = arena_array(t->arena, struct operator_payment_row, *n + 1);
    for (size_t i = 0; i < *n; i++)
        items[i] = row_of(t, &rows[i]);
    *ret = items;
    return OK;
}
