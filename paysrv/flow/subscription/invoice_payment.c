/* See invoice_payment.h. */
#include "paysrv/flow/subscription/invoice_payment.h"

#include "paysrv/flow/payment/new_payment.h"
#include "paysrv/flow/payment/receipt.h"
#include "paysrv/flow/subscription/invoice_attempt.h"
#include "shared/ops/process.h"

#define LIFE DAYS(30) /* longer than dunning */

/* What is told to a cash register once it is paid. */
static err receipt_prepare(struct task *t, const struct collection *c)
{
    const struct receipt_sale sale = { .terms = c->buyer->receipt,
                                       .name = c->buyer->price_name,
                                       .email = c->buyer->email,
                                       .quantity = c->subscription->quantity,
                                       .unit_minor = c->subscription->price_amount,
                                       .paid_minor = c->invoice->due };
    if (!str_given(c->buyer->receipt))
        return OK;
    return receipt_of_invoice(t, c->invoice->partner_id, (payment_id){ c->invoice->payment_id }, &sale);
}

err invoice_payment_open(struct task *t, const struct collection *c)
{
    const struct payment_wanted wanted = {
        .partner = c->invoice->partner_id,
        .store = c->subscription->store_id,
        .payment = { c->invoice->payment_id },
        .currency = c->invoice->currency,
        .amount_minor = c->invoice->due,
        .description = c->buyer->price_name,
        .metadata = arena_printf(t->arena, "{\"invoice\":\"%.*s\",\"subscription\":\"%.*s\"}",
                                 STR_ARG(c->invoice->invoice_id.v), STR_ARG(c->subscription->subscription_id.v)),
        .expires_at = instant_add(t->now, LIFE),
        .buyer = c->buyer->buyer,
        .email = c->buyer->email,
        .locale = c->buyer->locale,
        .route = INVOICE_ROUTE,
        .key = c->invoice->payment_id,
    };
    TRY(receipt_prepare(t, c));
    CRASH_POINT("invoice.before_payment");
    return payment_want(t, &wanted);
}
