/* See payout_list_object.h and docs/protocol/pay/payouts.md. */
#include "paysrv/flow/payout/payout_list_object.h"

#include "paysrv/domain/payout/payout.h"
#include "paysrv/flow/message/speech.h"
#include "paysrv/flow/payout/payout_object.h"
#include "shared/base/num.h"
#include "shared/text/shape.h"

#define DOCUMENT_MAX_BYTES ((size_t)256 << 10)

static int64_t *total_of(struct payout_totals *totals, str currency)
{
    for (size_t i = 0; i < totals->n; i++)
        if (str_eq(totals->items[i].currency, currency))
            return &totals->items[i].amount_minor;
    if (totals->n == PAYOUT_CURRENCIES)
        return NULL;
    totals->items[totals->n].currency = currency;
    return &totals->items[totals->n++].amount_minor;
}

bool payout_list_totals(const struct payout_list *l, struct payout_totals *ret)
{
    *ret = (struct payout_totals){ .n = 0 };
    for (size_t i = 0; i < l->n; i++) {
        int64_t *total = total_of(ret, l->payouts[i].currency);
        if (!total || !num_add(*total, l->payouts[i].amount, total))
            return false;
    }
    return true;
}

str payout_list_totals_text(struct task *t, enum language lang, const struct payout_list *l)
{
    struct payout_totals totals;
    str text = STR("");
    if (!payout_list_totals(l, &totals))
        return text;
    for (size_t i = 0; i < totals.n; i++) {
        str one = money_in(t, lang, totals.items[i].amount_minor, totals.items[i].currency);
        text = i ? arena_printf(t->arena, "%.*s, %.*s", STR_ARG(text), STR_ARG(one)) : one;
    }
    return text;
}

static void totals_write(struct json *j, const struct payout_list *l)
{
    struct payout_totals totals;
    json_array(j, "totals");
    for (size_t i = 0; payout_list_totals(l, &totals) && i < totals.n; i++) {
        json_object(j, NULL);
        json_str(j, "currency", totals.items[i].currency);
        json_i64(j, "amount", totals.items[i].amount_minor);
        json_close(j);
    }
    json_close(j);
}

static void payouts_write(struct json *j, struct task *t, const struct payout_list *l)
{
    json_array(j, "payouts");
    for (size_t i = 0; i < l->n; i++) {
        json_object(j, NULL);
        payout_write(j, t, &l->payouts[i]);
        json_close(j);
    }
    json_close(j);
}

SHAPE(payout_list, "PayoutList",
      "id: string, object: 'payout_list', status: 'awaiting_code' | 'confirmed' | 'canceled' | "
      "'expired', label: string, user: string, count: integer, totals: { currency: string, amount: "
      "integer }[], created_at: time, expires_at?: time, attempts_left?: integer, confirmed_at: time "
      "| null, reason: string | null, payouts?: Payout[]")

str payout_list_document(struct task *t, const struct payout_list *l, bool with_payouts)
{
    struct buf out;
    struct json j;
    const struct payout_list_find_row *row = &l->row;
    bool waits = str_eq(row->status, payout_state_name(PAYOUT_AWAITING_CODE));
    bool expired = waits && !instant_before(t->now, row->expires_at);
    buf_init(&out, t->arena, DOCUMENT_MAX_BYTES);
    json_begin(&j, &out);
    json_str(&j, "id", row->list_id);
    json_str(&j, "object", STR("payout_list"));
    json_str(&j, "status", expired ? payout_state_name(PAYOUT_EXPIRED) : row->status);
    json_str(&j, "label", row->label);
    json_str(&j, "user", row->user_id.v);
    json_i64(&j, "count", row->payouts);
    totals_write(&j, l);
    json_time(&j, "created_at", row->created_at);
    if (waits && !expired) {
        json_time(&j, "expires_at", row->expires_at);
        json_i64(&j, "attempts_left", row->attempts_left_given ? row->attempts_left : 0);
    }
    if (row->confirmed_at_given)
        json_time(&j, "confirmed_at", row->confirmed_at);
    else
        json_null(&j, "confirmed_at");
    json_str_or_null(&j, "reason", row->reason);
    if (with_payouts)
        payouts_write(&j, t, l);
    json_end(&j);
    return buf_str(&out);
}
