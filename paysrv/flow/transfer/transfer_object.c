/* See transfer_object.h and docs/protocol/pay/bank-transfers.md. */
#include "paysrv/flow/transfer/transfer_object.h"

#include "paysrv/domain/party/iban.h"
#include "paysrv/domain/transfer/transfer.h"
#include "paysrv/flow/clock.h"
#include "paysrv/flow/transfer/transfer.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX 8192

void transfer_action_write(struct task *t, struct json *j, const struct transfer_find_row *x)
{
    (void)t;
    json_object(j, "next_action");
    json_str(j, "type", STR("bank_transfer"));
    json_str(j, "iban", x->iban);
    json_str(j, "bic", x->bic);
    json_str(j, "holder_name", x->holder_name);
    json_str(j, "reference", x->reference);
    json_i64(j, "amount", x->amount);
    json_str(j, "currency", x->currency);
    json_time(j, "expires_at", x->pay_by);
    json_close(j);
}

static void account_write(struct task *t, struct json *j, const char *name, str iban)
{
    json_str_or_null(j, name, str_given(iban) && iban.n ? iban_masked(t->arena, iban) : STR_NONE);
}

SHAPE(transfer_credit, "TransferCredit",
      "id: string, object: 'transfer_credit', payment: string, amount: integer, currency: string, payer_name: string | "
      "null, payer_iban: string | null, amount_applied?: integer, late?: boolean, reversed?: boolean, created_at: time")

static void credit_members(struct task *t, struct json *j, const struct credit_shown_as *c)
{
    json_str(j, "id", c->credit);
    json_str(j, "object", STR("transfer_credit"));
    json_str(j, "payment", c->payment);
    json_i64(j, "amount", c->amount_minor);
    json_str(j, "currency", c->currency);
    json_str_or_null(j, "payer_name", c->payer_name);
    account_write(t, j, "payer_iban", c->payer_iban);
}

str credit_document(struct task *t, const struct credit_shown_as *c)
{
    struct buf b;
    struct json j;
    buf_init(&b, t->arena, DOCUMENT_MAX);
    json_begin(&j, &b);
    credit_members(t, &j, c);
    json_time(&j, "created_at", t->now);
    json_end(&j);
    return buf_str(&b);
}

SHAPE(
    transfer_repayment, "TransferRepayment",
    "id: string, object: 'transfer_repayment', payment: string, credit: string, refund: string | null, reason: "
    "'refund' | 'surplus' | 'incomplete' | 'late' | 'resent', amount: integer, currency: string, iban: string | null, "
    "holder_name: string, status: 'confirmed' | 'sent' | 'unknown' | 'paid' | 'rejected' | 'returned' | "
    "'canceled' | 'offset', bank_reason: string | null, created_at: time")

struct repayment_shown {
    str id, payment, credit, refund, reason, currency, iban, holder_name, status, bank_reason;
    int64_t amount_minor;
    instant created_at;
};

static void repayment_members(struct task *t, struct json *j, const struct repayment_shown *r)
{
    json_str(j, "id", r->id);
    json_str(j, "object", STR("transfer_repayment"));
    json_str(j, "payment", r->payment);
    json_str(j, "credit", r->credit);
    json_str_or_null(j, "refund", r->refund);
    json_str(j, "reason", r->reason);
    json_i64(j, "amount", r->amount_minor);
    json_str(j, "currency", r->currency);
    account_write(t, j, "iban", r->iban);
    json_str(j, "holder_name", r->holder_name);
    json_str(j, "status", r->status);
    json_str_or_null(j, "bank_reason", r->bank_reason);
    json_time(j, "created_at", r->created_at);
}

str repayment_document(struct task *t, const struct repayment_find_row *r, str status, str reason)
{
    const struct repayment_shown shown = { r->repayment_id, r->payment_id.v, r->credit_id, r->refund_id,
                                           r->reason,       r->currency,     r->iban,      r->holder_name,
                                           status,          reason,          r->amount,    r->created_at };
    struct buf b;
    struct json j;
    buf_init(&b, t->arena, DOCUMENT_MAX);
    json_begin(&j, &b);
    repayment_members(t, &j, &shown);
    json_end(&j);
    return buf_str(&b);
}

SHAPE(transfer, "Transfer",
      "id: string, object: 'transfer', livemode: boolean, payment: string, status: 'waiting' | 'paid' | 'closed', "
      "amount: integer, amount_received: integer, currency: string, reference: string, iban: string, bic?: string, "
      "holder_name: string, expires_at: time, waits_until: time, credits: TransferCredit[], repayments: "
      "TransferRepayment[], created_at: time")

static void credits_write(struct task *t, struct json *j, const struct transfer_find_row *x,
                          const struct transfer_credits_row *credits, size_t n)
{
    json_array(j, "credits");
    for (size_t i = 0; i < n; i++) {
        const struct transfer_credits_row *c = &credits[i];
        const struct credit_shown_as shown = { c->credit_id,  x->payment_id.v, x->currency,
                                               c->payer_name, c->payer_iban,   c->amount };
        json_object(j, NULL);
        credit_members(t, j, &shown);
        json_i64(j, "amount_applied", c->applied);
        json_bool(j, "late", c->is_late);
        json_bool(j, "reversed", c->is_reversed);
        json_time(j, "created_at", c->created_at);
        json_close(j);
    }
    json_close(j);
}

void transfer_write(struct task *t, struct json *j, const struct transfer_find_row *x,
                    const struct transfer_credits_row *credits, size_t n, const struct repayments_of_payment_row *back,
                    size_t n_back)
{
    json_str(j, "id", x->call_id);
    json_str(j, "object", STR("transfer"));
    json_bool(j, "livemode", clock_is_live(t));
    json_str(j, "payment", x->payment_id.v);
    json_str(j, "status", transfer_state_name(transfer_state_at(x)));
    json_i64(j, "amount", x->amount);
    json_i64(j, "amount_received", x->received);
    json_str(j, "currency", x->currency);
    json_str(j, "reference", x->reference);
    json_str(j, "iban", x->iban);
    json_str(j, "bic", x->bic);
    json_str(j, "holder_name", x->holder_name);
    json_time(j, "expires_at", x->pay_by);
    json_time(j, "waits_until", x->waits_until);
    credits_write(t, j, x, credits, n);
    json_array(j, "repayments");
    for (size_t i = 0; i < n_back; i++) {
        const struct repayments_of_payment_row *r = &back[i];
        const struct repayment_shown shown = { r->repayment_id, x->payment_id.v, r->credit_id, r->refund_id,
                                               r->reason,       r->currency,     r->iban,      r->holder_name,
                                               r->status,       r->bank_reason,  r->amount,    r->created_at };
        json_object(j, NULL);
        repayment_members(t, j, &shown);
        json_close(j);
    }
    json_close(j);
    json_time(j, "created_at", x->created_at);
}
