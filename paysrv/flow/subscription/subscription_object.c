/* Subscriptions and prices as objects of the API. See subscription.h and docs/protocol/pay/subscriptions.md. */
#include "paysrv/flow/subscription/subscription.h"

#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES 16384

SHAPE(price, "Price",
      "id: string, object: 'price', store: string, name: string, amount: integer, currency: string, "
      "interval: 'day' | 'week' | 'month' | 'year', interval_count: integer, notice_days?: integer, notice_above?: "
      "integer, receipt?: { vat: string, tax_system?: string, subject?: string, mode?: string, measure?: string, "
      "supplier?: { name: string, inn: string, phone?: string } }, archived: boolean, "
      "created_at: time")

void price_write(struct json *j, const struct price_find_row *p)
{
    json_str(j, "id", p->price_id.v);
    json_str(j, "object", STR("price"));
    json_str(j, "store", p->store_id.v);
    json_str(j, "name", p->name);
    json_i64(j, "amount", p->amount);
    json_str(j, "currency", p->currency);
    json_str(j, "interval", p->unit);
    json_i64(j, "interval_count", p->unit_count);
    if (p->notice_days_given)
        json_i64(j, "notice_days", p->notice_days);
    if (p->notice_above_given)
        json_i64(j, "notice_above", p->notice_above);
    if (str_given(p->receipt))
        json_raw(j, "receipt", p->receipt);
    json_bool(j, "archived", p->archived_at_given);
    json_time(j, "created_at", p->created_at);
}

SHAPE(subscription, "Subscription",
      "id: string, object: 'subscription', status: 'trialing' | 'active' | 'past_due' | 'paused' | "
      "'unpaid' | 'canceled', status_reason?: 'not_paid' | 'payment_canceled' | 'unsplittable' | 'store_state' | "
      "'method_unavailable' | 'disputed', store: string, price: "
      "string, quantity: integer, saved_card: string, "
      "buyer: string, external_id: string | null, zone: string, period: integer, period_start: time, "
      "period_end: time, periods?: integer, ends_at?: time, balance: integer, cancel_at_period_end: "
      "boolean, cancel_at?: time, cancel_unused?: 'none' | 'refund', when_unpaid: 'keep' | 'cancel', on_dispute: "
      "'continue' | 'pause' | 'cancel', price_change?: { price: string, amount: integer, effective_at: time, "
      "agreed: boolean, without_consent: 'keep_old' | 'end' }, created_at: time, canceled_at?: time")

void subscription_write(struct json *j, const struct subscription_find_row *s)
{
    json_str(j, "id", s->subscription_id.v);
    json_str(j, "object", STR("subscription"));
    json_str(j, "status", s->status);
    if (str_given(s->status_reason))
        json_str(j, "status_reason", s->status_reason);
    json_str(j, "store", s->store_id.v);
    json_str(j, "price", s->price_id.v);
    json_i64(j, "quantity", s->quantity);
    json_str(j, "saved_card", s->saved_card_id.v);
    json_str(j, "buyer", s->buyer);
    json_str_or_null(j, "external_id", s->external_id);
    json_str(j, "zone", s->zone);
    json_i64(j, "period", s->period_n);
    json_time(j, "period_start", s->period_start);
    json_time(j, "period_end", s->period_end);
    if (s->periods_given)
        json_i64(j, "periods", s->periods);
    if (s->ends_at_given)
        json_time(j, "ends_at", s->ends_at);
    json_i64(j, "balance", s->balance);
    json_bool(j, "cancel_at_period_end", s->cancel_at_period_end);
    if (s->cancel_at_given) {
        json_time(j, "cancel_at", s->cancel_at);
        json_str(j, "cancel_unused", s->cancel_refunds ? STR("refund") : STR("none"));
    }
    json_str(j, "when_unpaid", s->keep_unpaid ? STR("keep") : STR("cancel"));
    json_str(j, "on_dispute", s->on_dispute);
    if (s->next_price_at_given) {
        json_object(j, "price_change");
        json_str(j, "price", s->next_price_id);
        json_i64(j, "amount", s->next_price_amount);
        json_time(j, "effective_at", s->next_price_at);
        json_bool(j, "agreed", s->next_price_agreed);
        json_str(j, "without_consent", s->next_price_else);
        json_close(j);
    }
    json_time(j, "created_at", s->created_at);
    if (s->canceled_at_given)
        json_time(j, "canceled_at", s->canceled_at);
}

str subscription_document(struct task *t, const struct subscription_find_row *s)
{
    struct buf b;
    struct json j;
    buf_init(&b, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &b);
    subscription_write(&j, s);
    json_end(&j);
    return buf_str(&b);
}
