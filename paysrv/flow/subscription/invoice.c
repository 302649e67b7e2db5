/* Invoices as objects. See invoice.h; their collection is in invoice_collect.c. */
#include "paysrv/flow/subscription/invoice.h"

#include "paysrv/app.h"
#include "paysrv/domain/money.h"
#include "paysrv/faults.h"
#include "paysrv/flow/acquirer/connector.h"
#include "paysrv/flow/env.h"
#include "shared/base/num.h"
#include "shared/ops/worker.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES 16384

static str lines_text(struct task *t, const struct invoice_line *lines, size_t n)
{
    struct buf b;
    struct json j;
    buf_init(&b, t->arena, DOCUMENT_MAX_BYTES);
    buf_add_char(&b, '[');
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_add_char(&b, ',');
        json_begin(&j, &b);
        json_str(&j, "type", lines[i].type);
        json_str(&j, "price", lines[i].price);
        json_i64(&j, "quantity", lines[i].quantity);
        json_i64(&j, "amount", lines[i].amount_minor);
        json_time(&j, "from", lines[i].from);
        json_time(&j, "to", lines[i].to);
        json_end(&j);
    }
    buf_add_char(&b, ']');
    return buf_str(&b);
}

struct charge_grain invoice_grain(struct task *t, str currency)
{
    const struct connector *cards = connector_for(t, METHOD_CARD);
    int64_t ours = money_limit_of(&((const struct app *)t->app)->limits, currency).low_minor;
    struct charge_grain grain =
        cards && cards->charge_grain ? cards->charge_grain(currency) : (struct charge_grain){ 1, 1 };
    if (grain.least_minor < ours)
        grain.least_minor = ours;
    return grain;
}

err invoice_settle(struct task *t, const struct subscription_find_row *s, int64_t lines_minor, struct settlement *ret)
{
    const struct charge_grain grain = invoice_grain(t, s->currency);
    if (settlement_of(lines_minor, s->balance, &grain, ret) && ret->due_minor <= MONEY_MAX_MINOR)
        return OK;
    return FAIL_PARAM(t, INVALID_PARAMETER, STR("quantity"), STR("makes an invoice that is too large"));
}

err invoice_draft(struct task *t, const struct subscription_find_row *s, const struct invoice_line *lines, size_t n,
                  struct invoice_list_row *ret, int64_t *balance_minor)
{
    const struct pay_env *env = ((const struct app *)t->app)->env;
    struct settlement sum;
    int64_t total = 0;
    bool fits = true;
    for (size_t i = 0; i < n; i++)
        fits = fits && num_add(total, lines[i].amount_minor, &total);
    if (!fits)
        return FAIL_PARAM(t, INVALID_PARAMETER, STR("quantity"), STR("makes an invoice that is too large"));
    TRY(invoice_settle(t, s, total, &sum));
    bool is_due = sum.due_minor > 0;
    *balance_minor = sum.balance_minor;
    *ret = (struct invoice_list_row){
        .invoice_id = { env->new_id(t->arena, "inv_") },
        .partner_id = s->partner_id,
        .subscription_id = s->subscription_id,
        .currency = s->currency,
        .total = total,
        .applied = total - sum.due_minor,
        .due = sum.due_minor,
        .lines = lines_text(t, lines, n),
        .status = is_due ? STR("open") : STR("paid"),
        .payment_id = is_due ? env->new_id(t->arena, "pay_") : STR_NONE,
        .attempt = 1,
        .created_at = t->now,
        .finished_at = t->now,
        .finished_at_given = !is_due,
    };
    return OK;
}

SHAPE(invoice, "Invoice",
      "id: string, object: 'invoice', status: 'open' | 'paid' | 'void' | 'uncollectible', "
      "status_reason?: 'not_paid' | 'payment_canceled' | 'unsplittable' | 'subscription_canceled' | 'store_state' | "
      "'method_unavailable' | 'forgiven', "
      "subscription: string, kind: string, period: integer, period_start: time, period_end: time, "
      "currency: string, lines: { type: string, price?: string, quantity: integer, amount: integer, "
      "from: time, to: time }[], total: integer, balance_applied: integer, amount_due: integer, "
      "payment: string | null, attempts_declined: integer, given_up_at?: time, next_attempt_at?: "
      "time, created_at: time, finished_at?: time, dispute?: 'open' | 'won' | 'lost'")

void invoice_write(struct json *j, const struct invoice_list_row *i)
{
    json_str(j, "id", i->invoice_id.v);
    json_str(j, "object", STR("invoice"));
    json_str(j, "status", i->status);
    if (str_given(i->status_reason))
        json_str(j, "status_reason", i->status_reason);
    json_str(j, "subscription", i->subscription_id.v);
    json_str(j, "kind", i->kind);
    json_i64(j, "period", i->period_n);
    json_time(j, "period_start", i->period_start);
    json_time(j, "period_end", i->period_end);
    json_str(j, "currency", i->currency);
    json_raw(j, "lines", i->lines);
    json_i64(j, "total", i->total);
    json_i64(j, "balance_applied", i->applied);
    json_i64(j, "amount_due", i->due);
    json_str_or_null(j, "payment", i->payment_id);
    json_i64(j, "attempts_declined", i->attempt - 1);
    if (i->retry_at_given && str_eq(i->status, STR("open")) && !i->is_held)
        json_time(j, i->waits_for_buyer ? "given_up_at" : "next_attempt_at", i->retry_at);
    json_time(j, "created_at", i->created_at);
    if (i->finished_at_given)
        json_time(j, "finished_at", i->finished_at);
    if (str_given(i->dispute))
        json_str(j, "dispute", i->dispute);
}

str invoice_document(struct task *t, const struct invoice_list_row *i)
{
    struct buf b;
    struct json j;
    buf_init(&b, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &b);
    invoice_write(&j, i);
    json_end(&j);
    return buf_str(&b);
}
